// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Testing

@Suite struct PermissionTests {
    /// Everything that needs an administrator, as the principal.
    static func administration(_ lab: AccessLab, _ who: Principal) -> [(String, @Sendable () async throws -> Void)] {
        let access = lab.access
        let origin = AccessLab.origin
        return [
            ("create user", { _ = try await access.createUser(UserDraft(name: "eve"), by: who, from: origin) }),
            ("edit root", { _ = try await access.editUser("root", UserEdit(displayName: "x"), by: who, from: origin) }),
            (
                "edit nobody",
                { _ = try await access.editUser("nobody", UserEdit(displayName: "x"), by: who, from: origin) }
            ),
            (
                "own roles",
                {
                    let edit = UserEdit(grants: [GrantReport(role: .admin, scope: "everywhere")])
                    _ = try await access.editUser("ann", edit, by: who, from: origin)
                }
            ),
            ("delete root", { try await access.deleteUser("root", by: who, from: origin) }),
            ("delete nobody", { try await access.deleteUser("nobody", by: who, from: origin) }),
            (
                "password of root",
                {
                    let change = PasswordChange(current: AccessLab.password, new: "another long password")
                    _ = try await access.setPassword(of: "root", change, by: who, from: origin)
                }
            ),
            ("sessions of root", { _ = try access.sessions(of: "root", by: who) }),
            ("end sessions of root", { try await access.endSessions(of: "root", by: who, from: origin) }),
            ("see root", { _ = try access.user("root", by: who) }),
            ("see nobody", { _ = try access.user("nobody", by: who) }),
            ("create group", { _ = try await access.createGroup(GroupDraft(path: "g"), by: who, from: origin) }),
            ("edit group", { _ = try await access.editGroup("g", GroupEdit(), by: who, from: origin) }),
            ("delete group", { try await access.deleteGroup("g", by: who, from: origin) }),
            ("tokens of root", { _ = try access.tokens(of: "root", by: who) }),
            ("edit token", { _ = try await access.editToken("0", TokenEdit(days: 1), by: who, from: origin) }),
            ("delete token", { try await access.deleteToken("0", by: who, from: origin) }),
            (
                "token for root",
                {
                    let draft = TokenDraft(
                        name: "t",
                        user: "root",
                        grants: [GrantReport(role: .admin, scope: "everywhere")]
                    )
                    _ = try await access.createToken(draft, by: who, from: origin)
                }
            ),
            ("verify", { _ = try await access.verifyAudit(by: who, from: origin) }),
        ]
    }

    @Test(arguments: Role.allCases.filter { $0 != .admin })
    func `only administrators administer, whatever else somebody is, and refusals are recorded`(
        _ role: Role
    ) async throws {
        let lab = try await AccessLab.settled()
        let grant = GrantReport(role: role, scope: "everywhere")
        _ = try await lab.access.editUser("ann", UserEdit(grants: [grant]), by: .owner, from: AccessLab.origin)
        let ann = try await lab.principal("ann")
        let seen: Set = ["sessions of root", "see root", "see nobody", "tokens of root", "verify"]
        for (name, operation) in Self.administration(lab, ann) {
            if role == .auditor, seen.contains(name) { continue }
            #expect(await AccessLab.code(operation) == .notPermitted, "\(role) may \(name)")
        }
        let denied = try await lab.log().count { $0.hasSuffix(" denied") }
        #expect(denied >= 13)
        #expect(lab.access.users(by: .owner).items.count == 2)
        #expect(lab.access.groups(by: .owner).items.isEmpty)
    }

    @Test func `an administrator by token administers, without own password and tokens`() async throws {
        let lab = try await AccessLab.settled()
        let root = try await lab.principal("root")
        let draft = TokenDraft(name: "ci", grants: [GrantReport(role: .admin, scope: "everywhere")])
        let created = try await lab.access.createToken(draft, by: root, from: AccessLab.origin)
        let token = try #require(try await lab.access.principal(token: created.value))
        #expect(token.name == "token ci of root")
        _ = try await lab.access.createUser(UserDraft(name: "eve"), by: token, from: AccessLab.origin)
        var second = draft
        second.name = "more"
        #expect(
            await AccessLab.code { _ = try await lab.access.createToken(second, by: token, from: .init()) }
                == .notPermitted
        )
        #expect(
            try await lab.access.auditLog(AuditQuery(limit: 2), by: .owner).items.map(\.actor) == [
                token.name, token.name,
            ]
        )
    }

    @Test func `a token for Git does no more than its owner does somewhere, and people have none`() async throws {
        let lab = try await AccessLab.settled()
        let author = [GrantReport(role: .author, scope: "namespace/production/shop")]
        _ = try await lab.access.editUser("ann", UserEdit(grants: author), by: .owner, from: AccessLab.origin)
        let ann = try await lab.principal("ann")
        for (role, code) in [(Role.approver, ServiceError.Code.badRequest), (.admin, .badRequest), (.author, nil)] {
            let draft = TokenDraft(name: "git-\(role.rawValue)", grants: [GrantReport(role: role, scope: "git")])
            let refusal = await AccessLab.code {
                _ = try await lab.access.createToken(draft, by: ann, from: AccessLab.origin)
            }
            #expect(refusal == code, "\(role)")
        }
        // Beside another scope the token works, and Git gives nothing of the API.
        let both = [GrantReport(role: .author, scope: "git"), GrantReport(role: .viewer, scope: author[0].scope)]
        let draft = TokenDraft(name: "both", grants: both)
        let created = try await lab.access.createToken(draft, by: ann, from: AccessLab.origin)
        let token = try #require(try await lab.access.principal(token: created.value))
        let place = Place.namespace(environment: "production", namespace: "shop")
        #expect(token.access.permissions(in: place) == Role.viewer.permissions)
        let edit = UserEdit(grants: [GrantReport(role: .author, scope: "git")])
        #expect(
            await AccessLab.code { _ = try await lab.access.editUser("ann", edit, by: .owner, from: .init()) }
                == .badRequest
        )
    }

    @Test func `a token is renamed, renewed and given other roles, within what its owner may do`() async throws {
        let lab = try await AccessLab.settled()
        let author = [GrantReport(role: .author, scope: "environment/production")]
        _ = try await lab.access.editUser("ann", UserEdit(grants: author), by: .owner, from: AccessLab.origin)
        let ann = try await lab.principal("ann")
        let created = try await lab.access.createToken(TokenDraft(name: "ci", grants: author), by: ann, from: .init())
        _ = try await lab.access.createToken(TokenDraft(name: "cd", grants: author), by: ann, from: .init())
        let id = created.token.id
        func edit(_ edit: TokenEdit, by who: Principal = ann) async -> ServiceError.Code? {
            await AccessLab.code { _ = try await lab.access.editToken(id, edit, by: who, from: AccessLab.origin) }
        }
        #expect(await edit(TokenEdit(name: "cd")) == .conflict)
        #expect(await edit(TokenEdit(name: "ci", days: 30)) == nil)
        for wrong in [TokenEdit(name: "a b"), TokenEdit(grants: []), TokenEdit(days: 0), TokenEdit(days: 366)] {
            #expect(await edit(wrong) == .badRequest, "\(wrong)")
        }
        for more in [GrantReport(role: .admin, scope: "everywhere"), GrantReport(role: .operator, scope: "git")] {
            #expect(await edit(TokenEdit(grants: [more])) == .badRequest, "\(more)")
        }
        let token = try #require(try await lab.access.principal(token: created.value))
        #expect(await edit(TokenEdit(days: 365), by: token) == .notPermitted)
        #expect(await edit(TokenEdit(name: "mine"), by: try await lab.principal("root")) == nil)
        let less = GrantReport(role: .viewer, scope: "namespace/production/shop")
        #expect(await edit(TokenEdit(name: "small", grants: [less])) == nil)
        let changed = try #require(try await lab.access.principal(token: created.value))
        #expect(changed.name == "token small of ann")
        #expect(!changed.access.allows(.viewTraffic, in: .environment("production")))
        // A role that is lost keeps nobody from renaming what is left.
        _ = try await lab.access.editUser("ann", UserEdit(grants: []), by: .owner, from: AccessLab.origin)
        #expect(await edit(TokenEdit(name: "smaller"), by: try await lab.principal("ann")) == nil)
        let entry = try #require(
            try await lab.access.auditLog(AuditQuery(limit: 1), by: .owner).items.first { $0.action == "token.edit" }
        )
        #expect(entry.changes.map(\.field) == ["name"] && entry.object == "token/small")
    }

    @Test func `the last administrator stays, by every way of going`() async throws {
        let lab = try await AccessLab.settled()
        let access = lab.access
        let origin = AccessLab.origin
        let ways: [@Sendable () async throws -> Void] = [
            { try await access.deleteUser("root", by: .owner, from: origin) },
            { _ = try await access.editUser("root", UserEdit(isDisabled: true), by: .owner, from: origin) },
            { _ = try await access.editUser("root", UserEdit(grants: []), by: .owner, from: origin) },
        ]
        for way in ways { #expect(await AccessLab.code(way) == .conflict) }
        #expect(lab.access.isSetUp)
        let admin = [GrantReport(role: .admin, scope: "everywhere")]
        _ = try await access.editUser("ann", UserEdit(grants: admin), by: .owner, from: origin)
        // Both at once: one of them has to stay.
        let done = await withTaskGroup(of: Bool.self) { group in
            for name in ["ann", "root"] {
                group.addTask {
                    await AccessLab.code {
                        _ = try await access.editUser(name, UserEdit(grants: []), by: .owner, from: origin)
                    } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        #expect(lab.access.isSetUp)
    }

    @Test func `what changes about somebody holds from the next request on, for sessions and tokens`() async throws {
        let lab = try await AccessLab.settled()
        let signedIn = try await lab.session("ann")
        let draft = TokenDraft(name: "ci", grants: [GrantReport(role: .viewer, scope: "environment/production")])
        let token = try await lab.access.createToken(draft, by: signedIn.session.principal, from: AccessLab.origin)
        let place = Place.environment("production")
        #expect(try await lab.access.principal(token: token.value)?.access.allows(.viewTraffic, in: place) == true)
        let edit = UserEdit(grants: [GrantReport(role: .author, scope: "environment/staging")])
        _ = try await lab.access.editUser("ann", edit, by: .owner, from: AccessLab.origin)
        #expect(try await lab.access.principal(token: token.value)?.access.allows(.viewTraffic, in: place) == false)
        let current = try #require(await lab.access.session(signedIn.secret))
        #expect(!current.principal.access.allows(.viewTraffic, in: place))
        #expect(current.isRotationDue)
        // Requests that come together get one new secret between them.
        let answers = try await withThrowingTaskGroup(of: SignedIn?.self) { group in
            for _ in 0..<4 { group.addTask { try await lab.access.rotate(signedIn.secret, from: AccessLab.origin) } }
            return try await group.reduce(into: [SignedIn?]()) { $0.append($1) }
        }
        #expect(answers.count { $0 != nil } == 1)
        let rotated = try #require(answers.compactMap { $0 }.first)
        #expect(await lab.access.session(rotated.secret)?.isRotationDue == false)
        #expect(await lab.access.session(signedIn.secret) != nil)
        lab.pass(31)
        #expect(await lab.access.session(signedIn.secret) == nil)
        #expect(await lab.access.session(rotated.secret) != nil)
        _ = try await lab.access.editUser("ann", UserEdit(isDisabled: true), by: .owner, from: AccessLab.origin)
        #expect(await lab.access.session(rotated.secret) == nil)
        #expect(try await lab.access.principal(token: token.value) == nil)
        _ = try await lab.access.editUser("ann", UserEdit(isDisabled: false), by: .owner, from: AccessLab.origin)
        #expect(await lab.access.session(rotated.secret) == nil)
        #expect(try await lab.access.principal(token: token.value) != nil)
        try await lab.access.deleteUser("ann", by: .owner, from: AccessLab.origin)
        #expect(try await lab.access.principal(token: token.value) == nil)
    }

    @Test func `a request that began before its user was deleted changes nothing any more`() async throws {
        let lab = try await AccessLab.settled()
        let admin = [GrantReport(role: .admin, scope: "everywhere")]
        _ = try await lab.access.editUser("ann", UserEdit(grants: admin), by: .owner, from: AccessLab.origin)
        let ann = try await lab.principal("ann")
        try await lab.access.deleteUser("ann", by: .owner, from: AccessLab.origin)
        #expect(
            await AccessLab.code { _ = try await lab.access.createUser(UserDraft(name: "eve"), by: ann, from: .init()) }
                == .notPermitted
        )
    }

    @Test func `a token has a role, an end, a name of its own, and not more than its owner`() async throws {
        let lab = try await AccessLab.settled()
        let ann = try await lab.principal("ann")
        let viewer = [GrantReport(role: .viewer, scope: "namespace/production/shop")]
        let good = TokenDraft(name: "ci", grants: viewer)
        var drafts: [TokenDraft] = []
        drafts.append(TokenDraft(name: "ci", grants: []))
        drafts.append(TokenDraft(name: "ci", grants: [GrantReport(role: .author, scope: "environment/production")]))
        drafts.append(TokenDraft(name: "ci", grants: [GrantReport(role: .viewer, scope: "everywhere")]))
        drafts.append(TokenDraft(name: "ci", grants: [GrantReport(role: .viewer, scope: "nowhere")]))
        drafts.append(TokenDraft(name: "c i", grants: viewer))
        for days in [0, -1, 366, .max] { drafts.append(TokenDraft(name: "ci", grants: viewer, days: days)) }
        for draft in drafts {
            let code = await AccessLab.code { _ = try await lab.access.createToken(draft, by: ann, from: .init()) }
            #expect(code == .badRequest, "\(draft)")
        }
        let created = try await lab.access.createToken(good, by: ann, from: AccessLab.origin)
        #expect(
            await AccessLab.code { _ = try await lab.access.createToken(good, by: ann, from: .init()) } == .conflict
        )
        #expect(created.value.hasPrefix("pal_"))
        let listed = try lab.access.tokens(by: ann).items
        #expect(listed.map(\.name) == ["ci"])
        #expect(!"\(listed)".contains(created.value))
        lab.pass(89 * 86_400)
        #expect(try await lab.access.principal(token: created.value) != nil)
        #expect(try lab.access.tokens(by: ann).items.first?.lastUsed != nil)
        lab.pass(2 * 86_400)
        #expect(try await lab.access.principal(token: created.value) == nil)
        try await lab.access.deleteToken(created.token.id, by: ann, from: AccessLab.origin)
        #expect(try lab.access.tokens(by: .owner).items.isEmpty)
    }
}
