// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Testing

@Suite struct SignInTests {
    @Test func `the setup link makes one administrator, once`() async throws {
        var lab = try await AccessLab()
        let link = try #require(lab.access.setupLink())
        #expect(!lab.access.isSetUp)
        var request = SetupRequest(link: link, name: "root", password: "short")
        #expect(await AccessLab.code { _ = try await lab.access.setup(request, from: AccessLab.origin) } == .badRequest)
        request.password = AccessLab.password
        let wrong = SetupRequest(link: link + "x", name: "root", password: AccessLab.password)
        #expect(await AccessLab.code { _ = try await lab.access.setup(wrong, from: AccessLab.origin) } == .notPermitted)
        let signedIn = try await lab.access.setup(request, from: AccessLab.origin)
        #expect(signedIn.session.principal.access.allows(.administer, in: .server))
        #expect(lab.access.setupLink() == nil)
        request.name = "second"
        #expect(
            await AccessLab.code { _ = try await lab.access.setup(request, from: AccessLab.origin) } == .notPermitted
        )
        lab = try await lab.restarted()
        #expect(lab.access.setupLink() == nil)
        // What comes when there is nothing to guess any more leaves no trace.
        #expect(
            try await lab.log() == [
                "setup.complete success", "setup.complete denied", "setup.complete failure", "setup.link success",
            ]
        )
    }

    @Test func `two who use the setup link at once do not both become administrators`() async throws {
        let lab = try await AccessLab()
        let link = try #require(lab.access.setupLink())
        let made = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<4 {
                group.addTask {
                    let request = SetupRequest(link: link, name: "root\(index)", password: AccessLab.password)
                    return await AccessLab.code { _ = try await lab.access.setup(request, from: .init()) } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
        #expect(lab.access.users(by: .owner).items.count == 1)
    }

    @Test func `a restart before setup makes a new link and closes the old one`() async throws {
        var lab = try await AccessLab()
        let old = try #require(lab.access.setupLink())
        lab = try await lab.restarted()
        #expect(!lab.access.isSetupLink(old))
        #expect(lab.access.isSetupLink(try #require(lab.access.setupLink())))
    }

    @Test func `unknown name, wrong password and disabled account are one answer`() async throws {
        let lab = try await AccessLab.settled()
        _ = try await lab.access.editUser("ann", UserEdit(isDisabled: true), by: .owner, from: AccessLab.origin)
        for (name, password) in [("nobody", AccessLab.password), ("root", "wrong"), ("ann", AccessLab.password)] {
            guard case .refused = try await lab.signIn(name, password) else {
                Issue.record("\(name) was not refused")
                continue
            }
        }
        let items = try await lab.access.auditLog(.init(limit: 3), by: .owner).items
        #expect(items.map(\.object) == ["user/ann", "user/root", "user/(unknown)"])
        #expect(items.allSatisfy { $0.outcome == .failure && $0.actor == "anonymous" && $0.address == "192.0.2.1" })
    }

    @Test(arguments: ["root", "nobody"])
    func `five failures lock a name, known or not, and say until when`(_ name: String) async throws {
        let lab = try await AccessLab.settled()
        for index in 0..<4 { _ = try await lab.signIn(name, "wrong", address: "198.51.100.\(index)") }
        guard case .locked(let until) = try await lab.signIn(name, "wrong", address: "198.51.100.5") else {
            Issue.record("not locked")
            return
        }
        guard case .locked(let again) = try await lab.signIn(name, address: "198.51.100.6") else {
            Issue.record("let in while locked")
            return
        }
        #expect(until == again)
        let before = try await lab.log().count
        for _ in 0..<10 { _ = try await lab.signIn(name, address: "198.51.100.6") }
        #expect(try await lab.log().count == before)
        lab.pass(31)
        switch try await lab.signIn(name, address: "198.51.100.7") {
        case .signedIn: #expect(name == "root")
        case .locked: #expect(name == "nobody")
        case .refused, .busy: Issue.record("neither in nor locked")
        }
    }

    @Test func `a sign-in ends the session it replaces, and gives a secret of its own`() async throws {
        let lab = try await AccessLab.settled()
        let first = try await lab.session("ann")
        guard case .signedIn(let second) = try await lab.signIn("ann", replacing: first.secret) else {
            throw AccessLab.NotSignedIn()
        }
        #expect(first.secret != second.secret)
        #expect(first.session.csrf != second.session.csrf)
        #expect(await lab.access.session(first.secret) == nil)
        #expect(await lab.access.session(second.secret)?.principal.name == "ann")
        #expect(second.session.accepts(csrf: second.session.csrf))
        #expect(!second.session.accepts(csrf: first.session.csrf))
        #expect(await lab.access.session("pas_made-up") == nil)
    }

    @Test func `a session ends idle after an hour, and after twelve in use`() async throws {
        let lab = try await AccessLab.settled()
        let idle = try await lab.session("ann")
        let used = try await lab.session("ann")
        for _ in 0..<15 {
            lab.pass(47 * 60)
            _ = await lab.access.session(used.secret)
        }
        #expect(await lab.access.session(idle.secret) == nil)
        #expect(await lab.access.session(used.secret) != nil)
        lab.pass(16 * 60)
        #expect(await lab.access.session(used.secret) == nil)
    }

    @Test func `sessions survive a restart, and end with sign-out`() async throws {
        var lab = try await AccessLab.settled()
        let signedIn = try await lab.session("ann")
        lab = try await lab.restarted()
        #expect(await lab.access.session(signedIn.secret) != nil)
        try await lab.access.signOut(signedIn.secret, from: AccessLab.origin)
        #expect(await lab.access.session(signedIn.secret) == nil)
        #expect(try await lab.log(1) == ["session.end success"])
    }

    @Test func `one user has a bounded number of sessions`() async throws {
        let lab = try await AccessLab.settled()
        let first = try await lab.session("ann")
        for _ in 0..<Session.mostPerUser {
            lab.pass(1)
            _ = try await lab.session("ann")
        }
        #expect(await lab.access.session(first.secret) == nil)
        let ann = try lab.access.user("ann", by: .owner)
        #expect(ann.sessionCount == Session.mostPerUser)
    }

    @Test func `whom an issuer vouches for gets the rights of their groups, and never somebody else's account`()
        async throws
    {
        let lab = try await AccessLab.settled()
        var bob = ExternalIdentity(
            issuer: "https://issuer.example",
            subject: "s1",
            name: "Bob",
            displayName: "Bob B.",
            grants: [Grant(.operator, on: .environment("staging"))]
        )
        let first = try await lab.access.signIn(bob, from: AccessLab.origin)
        #expect(first.session.principal.access.allows(.deploy, in: .environment("staging")))
        bob.grants = [Grant(.viewer, on: .environment("staging"))]
        let second = try await lab.access.signIn(bob, from: AccessLab.origin)
        #expect(!second.session.principal.access.allows(.deploy, in: .environment("staging")))
        let old = await lab.access.session(first.secret)
        #expect(old?.principal.access.allows(.deploy, in: .environment("staging")) == false)
        let root = ExternalIdentity(
            issuer: "https://issuer.example",
            subject: "s2",
            name: "root",
            displayName: "Root",
            grants: bob.grants
        )
        #expect(await AccessLab.code { _ = try await lab.access.signIn(root, from: .init()) } == .conflict)
        var stranger = root
        stranger.name = "stranger"
        stranger.grants = []
        #expect(await AccessLab.code { _ = try await lab.access.signIn(stranger, from: .init()) } == .notPermitted)
        #expect(
            await AccessLab.code {
                _ = try await lab.access.setPassword(
                    of: "bob",
                    PasswordChange(new: AccessLab.password + "!"),
                    by: .owner,
                    from: .init()
                )
            } == .conflict
        )
        _ = try await lab.access.editUser("bob", UserEdit(isDisabled: true), by: .owner, from: .init())
        #expect(await AccessLab.code { _ = try await lab.access.signIn(bob, from: .init()) } == .notPermitted)
    }
}
