// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Testing

@Suite struct AccessTests {
    @Test func aRoleOnANamespaceOpensNothingElse() {
        let access = Access([Grant(.author, on: .namespace(environment: "production", namespace: "shop"))]) { _ in [] }
        #expect(access.allows(.proposeChanges, in: .namespace(environment: "production", namespace: "shop")))
        #expect(!access.allows(.viewTraffic, in: .namespace(environment: "production", namespace: "data")))
        #expect(!access.allows(.viewTraffic, in: .environment("production")))
        #expect(!access.allows(.viewTraffic, in: .namespace(environment: "staging", namespace: "shop")))
        #expect(access.view(of: "production") == .only(["shop"]))
        #expect(access.view(of: "staging").isEmpty)
    }

    @Test func aTokenNeverDoesMoreThanItsOwner() {
        let owner = Access([Grant(.viewer, on: .environment("production"))]) { _ in [] }
        let token = Access([Grant(.admin, on: .everywhere)]) { _ in [] }
        let both = owner.intersection(token)
        #expect(both == token.intersection(owner))
        #expect(both.allows(.viewTraffic, in: .environment("production")))
        #expect(!both.allows(.proposeChanges, in: .environment("production")))
        #expect(!both.allows(.viewTraffic, in: .environment("staging")))
        #expect(!both.allows(.administer, in: .server))
    }

    @Test func anAuditorChangesNothing() {
        let changing: Set<Permission> = [.proposeChanges, .approveChanges, .deploy, .triageAlerts, .administer]
        #expect(Role.auditor.permissions.isDisjoint(with: changing))
        #expect(Role.viewer.permissions.isDisjoint(with: changing))
    }

    @Test func aGroupGrantsItsEnvironmentsOnly() {
        let access = Access([Grant(.operator, on: .group("platform"))]) {
            $0 == "platform" ? ["edge-7", "edge-8"] : []
        }
        #expect(access.allows(.deploy, in: .environment("edge-8")))
        #expect(!access.allows(.deploy, in: .environment("production")))
        #expect(!access.allows(.deploy, in: .server))
    }
}
