// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Testing

@testable import WebConsole

/// What the roles are meant to allow, written down once more: the tests of the routes must not ask the code that they test.
enum Rights {
    static let permissions: [Role: Set<Permission>] = [
        .viewer: [.viewTraffic],
        .author: [.viewTraffic, .proposeChanges, .triageAlerts],
        .approver: [.viewTraffic, .proposeChanges, .approveChanges, .triageAlerts],
        .operator: [.viewTraffic, .proposeChanges, .deploy, .triageAlerts],
        .admin: Set(Permission.allCases),
        .auditor: [.viewTraffic, .readAuditLog],
    ]

    /// Where a role is granted in these tests; all of it concerns `production`.
    enum Reach: String, CaseIterable, Sendable {
        case everywhere
        case group = "group/platform"
        case environment = "environment/production"
        case namespace = "namespace/production/shop"
        /// Another environment than the one that is asked.
        case elsewhere = "environment/staging"
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var role: Role?
        var reach: Reach

        var testDescription: String { role.map { "\($0.title) on \(reach.rawValue)" } ?? "no role" }
        var permissions: Set<Permission> { role.flatMap { Rights.permissions[$0] } ?? [] }
        var seesProduction: Bool { role != nil && reach != .elsewhere }
    }

    static let cases: [Case] =
        [Case(role: nil, reach: .everywhere)]
        + Role.allCases.flatMap { role in Reach.allCases.map { Case(role: role, reach: $0) } }

    /// What is answered to a request that is right in itself; `nil` is success.
    static func refusal(_ needs: APIRoute.Needs, hasEnvironment: Bool, _ who: Case) -> Int? {
        if hasEnvironment, !who.seesProduction { return 404 }
        let isAllowed =
            switch needs {
            case .nothing, .signIn: true
            case .server(let permission): who.reach == .everywhere && who.permissions.contains(permission)
            case .environment(let permission):
                [.everywhere, .group, .environment].contains(who.reach) && who.permissions.contains(permission)
            case .namespaces(let permission): who.permissions.contains(permission)
            }
        return isAllowed ? nil : 403
    }
}
