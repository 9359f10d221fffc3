// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Testing

@Suite struct DirectoryTests {
    static func directory(_ changes: [IdentityChange]) -> Directory {
        var directory = Directory()
        for change in changes { directory.apply(change) }
        return directory
    }

    static func user(_ id: String, _ grants: [Grant] = []) -> User {
        User(id: id, name: "name-\(id)", displayName: id, signInMethod: .password, grants: grants, created: 0)
    }

    @Test func `a group opens the environments of the groups inside it, and not of one that only begins alike`() {
        let directory = Self.directory([
            .saveUser(Self.user("1")),
            .saveGroup(Group(path: "platform", members: [.init(user: "1", role: .operator)], created: 0)),
            .saveGroup(Group(path: "platform/edge", environments: ["edge-7"], created: 0)),
            .saveGroup(Group(path: "platform-two", environments: ["other"], created: 0)),
        ])
        #expect(directory.environments(ofGroup: "platform") == ["edge-7"])
        let access = directory.access(ofUser: "1")
        #expect(access.allows(.deploy, in: .environment("edge-7")))
        #expect(!access.allows(.viewTraffic, in: .environment("other")))
        #expect(directory.environments(ofGroup: "gone").isEmpty)
    }

    @Test func `nothing of a user outlives them`() {
        var directory = Self.directory([
            .saveUser(Self.user("1")), .saveUser(Self.user("2")),
            .saveGroup(
                Group(
                    path: "g",
                    members: [.init(user: "1", role: .viewer), .init(user: "2", role: .viewer)],
                    created: 0
                )
            ),
            .saveToken(AccessToken(id: "t", name: "t", owner: "1", grants: [], digest: "d", created: 0, expires: 9)),
            .saveSession(Session(id: "s", user: "1", created: 0, lastSeen: 0, expires: 9)),
        ])
        directory.apply(.removeUser("1"))
        #expect(directory.token(digest: "d") == nil)
        #expect(directory.sessions.isEmpty)
        #expect(directory.groups["g"]?.members.map(\.user) == ["2"])
        #expect(directory.user(named: "name-1") == nil)
        #expect(directory.access(ofUser: "1") == .none)
    }

    @Test func `a renamed user is found by the new name only`() {
        var user = Self.user("1")
        var directory = Self.directory([.saveUser(user)])
        user.name = "new"
        directory.apply(.saveUser(user))
        #expect(directory.user(named: "new")?.id == "1")
        #expect(directory.user(named: "name-1") == nil)
    }

    @Test func `who is disabled or cannot sign in is no administrator`() {
        let admin = Grant(.admin, on: .everywhere)
        var disabled = Self.user("1", [admin])
        disabled.isDisabled = true
        var without = Self.user("2", [admin])
        without.signInMethod = .none
        let local = Self.user("3", [Grant(.admin, on: .environment("production"))])
        let directory = Self.directory([.saveUser(disabled), .saveUser(without), .saveUser(local)])
        #expect(directory.administrators.isEmpty)
        #expect(directory.access(ofUser: "1") == .none)
    }

    @Test func `a token does what it was given and its owner may still do`() {
        let token = AccessToken(
            id: "t",
            name: "ci",
            owner: "1",
            grants: [Grant(.author, on: .everywhere)],
            digest: "d",
            created: 0,
            expires: 9
        )
        let owner = Self.user("1", [Grant(.viewer, on: .environment("production"))])
        let directory = Self.directory([.saveUser(owner), .saveToken(token)])
        let access = directory.access(of: token)
        #expect(access.allows(.viewTraffic, in: .environment("production")))
        #expect(!access.allows(.proposeChanges, in: .environment("production")))
        #expect(access.isContained(in: directory.access(ofUser: "1")))
        #expect(!directory.access(token.grants).isContained(in: directory.access(ofUser: "1")))
    }

    @Test func `a session ends when it is idle, and at its end`() {
        let session = Session(id: "s", user: "1", created: 0, lastSeen: 100, expires: 200)
        #expect(session.isValid(at: 199))
        #expect(!session.isValid(at: 200))
        let long = Session(id: "s", user: "1", created: 0, lastSeen: 100, expires: .max)
        #expect(long.isValid(at: 99 + Session.longestIdle))
        #expect(!long.isValid(at: 100 + Session.longestIdle))
    }
}
