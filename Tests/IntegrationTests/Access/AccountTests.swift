// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Testing

@Suite struct AccountTests {
    @Test func `one's own password needs the one before, and ends every session but a new one`() async throws {
        let lab = try await AccessLab.settled()
        let other = try await lab.session("ann")
        let signedIn = try await lab.session("ann")
        let ann = signedIn.session.principal
        let next = "another long password"
        for current in [nil, "wrong", next] {
            let change = PasswordChange(current: current, new: next)
            #expect(
                await AccessLab.code {
                    _ = try await lab.access.setPassword(of: "ann", change, by: ann, from: AccessLab.origin)
                } == .notPermitted
            )
        }
        let change = PasswordChange(current: AccessLab.password, new: next)
        let new = try #require(
            try await lab.access.setPassword(of: "ann", change, by: ann, from: AccessLab.origin)
        )
        #expect(await lab.access.session(other.secret) == nil)
        #expect(await lab.access.session(signedIn.secret) == nil)
        #expect(await lab.access.session(new.secret) != nil)
        guard case .refused = try await lab.signIn("ann") else { throw AccessLab.NotSignedIn() }
        _ = try await lab.session("ann", next)
        #expect(try await !lab.access.auditLog(AuditQuery(), by: .owner).items.contains { "\($0)".contains(next) })
    }

    @Test func `guesses at one's own password are slowed like those at sign-in`() async throws {
        let lab = try await AccessLab.settled()
        let ann = try await lab.principal("ann")
        for _ in 0..<5 {
            let guess = PasswordChange(current: "guess", new: "another long password")
            _ = await AccessLab.code { _ = try await lab.access.setPassword(of: "ann", guess, by: ann, from: .init()) }
        }
        let right = PasswordChange(current: AccessLab.password, new: "another long password")
        #expect(
            await AccessLab.code { _ = try await lab.access.setPassword(of: "ann", right, by: ann, from: .init()) }
                == .notPermitted
        )
        guard case .locked = try await lab.signIn("ann") else { throw AccessLab.NotSignedIn() }
    }

    @Test func `a user without password waits for one`() async throws {
        let lab = try await AccessLab.settled()
        _ = try await lab.access.createUser(UserDraft(name: "eve"), by: .owner, from: AccessLab.origin)
        guard case .refused = try await lab.signIn("eve", "") else { throw AccessLab.NotSignedIn() }
        let change = PasswordChange(new: AccessLab.password)
        #expect(try await lab.access.setPassword(of: "eve", change, by: .owner, from: AccessLab.origin) == nil)
        _ = try await lab.session("eve")
    }

    @Test func `groups nest, and give their members their environments and those inside`() async throws {
        let lab = try await AccessLab.settled()
        let access = lab.access
        let origin = AccessLab.origin
        let inner = GroupDraft(path: "platform/edge", environments: ["edge-7", "edge-7"])
        #expect(await AccessLab.code { _ = try await access.createGroup(inner, by: .owner, from: origin) } == .notFound)
        let outer = GroupDraft(path: "platform", members: [.init(user: "ann", role: .operator)])
        _ = try await access.createGroup(outer, by: .owner, from: origin)
        let made = try await access.createGroup(inner, by: .owner, from: origin)
        #expect(made.environments == ["edge-7"])
        #expect(access.environments(ofGroup: "platform") == ["edge-7"])
        let ann = try await lab.principal("ann")
        #expect(ann.access.allows(.deploy, in: .environment("edge-7")))
        #expect(access.groups(by: ann).items.map(\.path) == ["platform"])
        #expect(await AccessLab.code { _ = try access.group("platform/edge", by: ann) } == .notPermitted)
        #expect(
            await AccessLab.code { try await access.deleteGroup("platform", by: .owner, from: origin) } == .conflict
        )
        for members in [
            [GroupReport.Member(user: "nobody", role: .viewer)], Array(repeating: outer.members[0], count: 2),
        ] {
            #expect(
                await AccessLab.code {
                    _ = try await access.editGroup("platform", GroupEdit(members: members), by: .owner, from: origin)
                } == .badRequest
            )
        }
    }

    @Test func `roles on a group go with it, and do not come back with another of its path`() async throws {
        let lab = try await AccessLab.settled()
        let access = lab.access
        let origin = AccessLab.origin
        let draft = GroupDraft(path: "g", environments: ["edge-7"])
        _ = try await access.createGroup(draft, by: .owner, from: origin)
        let grants = [GrantReport(role: .operator, scope: "group/g")]
        _ = try await access.editUser("ann", UserEdit(grants: grants), by: .owner, from: origin)
        #expect(try await lab.principal("ann").access.allows(.deploy, in: .environment("edge-7")))
        try await access.deleteGroup("g", by: .owner, from: origin)
        _ = try await access.createGroup(draft, by: .owner, from: origin)
        #expect(try await !lab.principal("ann").access.allows(.viewTraffic, in: .environment("edge-7")))
        #expect(
            await AccessLab.code {
                let edit = UserEdit(grants: [GrantReport(role: .viewer, scope: "group/none")])
                _ = try await access.editUser("ann", edit, by: .owner, from: origin)
            } == .badRequest
        )
    }

    @Test func `who may not read the audit log sees their own entries, also of their tokens, and no others'`()
        async throws
    {
        let lab = try await AccessLab.settled()
        let ann = try await lab.principal("ann")
        let draft = TokenDraft(name: "ci", grants: [GrantReport(role: .viewer, scope: "environment/production")])
        let created = try await lab.access.createToken(draft, by: ann, from: AccessLab.origin)
        let token = try #require(await lab.access.principal(token: created.value))
        let entry = AuditEntry(time: 0, actor: "somebody else", action: "flows.export", object: "flows")
        try await lab.access.record(entry, by: token, from: AccessLab.origin)
        var query = AuditQuery()
        query.person = "root"
        let own = try await lab.access.auditLog(query, by: ann)
        #expect(own.ownOnly)
        #expect(own.items.map(\.action) == ["flows.export", "token.create", "session.create"])
        #expect(own.items.first?.actor == "token ci of ann")
        query.actor = "root"
        #expect(try await lab.access.auditLog(query, by: ann).items.isEmpty)
        // The name's next holder has nothing to do with this one.
        try await lab.access.deleteUser("ann", by: .owner, from: AccessLab.origin)
        lab.pass(1)
        let next = UserDraft(name: "ann", password: AccessLab.password)
        _ = try await lab.access.createUser(next, by: .owner, from: AccessLab.origin)
        let other = try await lab.principal("ann")
        #expect(try await lab.access.auditLog(AuditQuery(), by: other).items.map(\.action) == ["session.create"])
    }

    @Test func `an export is everything that matches, in order, and is itself recorded`() async throws {
        let lab = try await AccessLab.settled()
        for index in 0..<2500 {
            lab.pass(1)
            let entry = AuditEntry(time: 0, actor: "", action: "policy.save", object: "policy/\(index)")
            try await lab.access.record(entry, by: .owner, from: AccessLab.origin)
        }
        lab.pass(1)
        var query = AuditQuery()
        query.action = "policy."
        var objects: [String] = []
        for try await page in try await lab.access.exportAudit(query, by: .owner, from: AccessLab.origin) {
            #expect(page.count <= AuditQuery.largestLimit)
            objects += page.map(\.object)
        }
        #expect(objects == (0..<2500).map { "policy/\($0)" })
        #expect(try await lab.log(1) == ["audit.export success"])
        let report = try await lab.access.verifyAudit(by: .owner, from: AccessLab.origin)
        #expect(report.sentence == "Verified 2,504 entries, first 15 Jan 2027, no gaps.")
        #expect(report.isWhole)
    }

    @Test func `nothing secret is in the file, the lists or the log`() async throws {
        let lab = try await AccessLab.settled()
        let signedIn = try await lab.session("ann")
        let draft = TokenDraft(name: "ci", grants: [GrantReport(role: .viewer, scope: "environment/production")])
        let token = try await lab.access.createToken(draft, by: signedIn.session.principal, from: AccessLab.origin)
        let files = try lab.files()
        for secret in [signedIn.secret, signedIn.session.csrf, token.value, AccessLab.password] {
            #expect(!files.contains(secret))
        }
    }
}
