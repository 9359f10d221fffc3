// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Foundation
import Testing

/// Users, roles, groups, tokens and the audit log by command line, against a real server.
@Suite struct AccessCommandTests {
    private static func value<Value: Decodable>(_ outcome: Program.Outcome) throws -> Value {
        try #require(outcome.status == 0, "\(outcome.messages)")
        return try JSONDecoder().decode(Value.self, from: Data(outcome.output.utf8))
    }

    @Test func `the demonstration is written once and shows three environments`() async throws {
        try await DemoServer.serving { server in
            let again = try await server.run(["demo-data"])
            #expect(again.status == 6 && again.messages.contains("is there already"))
            let list = try await server.run(["env", "list", "-o", "json"])
            #expect(list.status == 0, "\(list.messages)")
            for name in ["production", "staging", "edge-7"] { #expect(list.output.contains("\"\(name)\"")) }
            let recorded = ["--since", "2026-11-22T13:00:00Z", "--until", "2026-11-22T14:02:30Z"]
            let asked = ["flows", "-e", "production", "-o", "json"] + recorded
            let flows: FlowPage = try Self.value(try await server.run(asked))
            #expect(flows.items.count > 3 && flows.environment == "production")
            let which = try await server.run(["status"])
            #expect(which.status == 2 && which.messages.contains("--env"), "\(which.messages)")
            let nowhere = try await server.run(["status", "-e", "nowhere"])
            #expect(nowhere.status == 5 && nowhere.messages.contains("production"))
        }
    }

    @Test func `users, groups and roles are made, changed and removed`() async throws {
        try await DemoServer.serving { server in
            let create = ["user", "create", "author1", "--grant", "author@environment/production", "-o", "json"]
            let user: UserReport = try Self.value(try await server.run(create))
            #expect(user.grants == [GrantReport(role: .author, scope: "environment/production")])
            #expect(try await server.run(create).status == 6)
            let edit = ["user", "edit", "author1", "--grant", "viewer@everywhere", "--disable-access", "-o", "json"]
            let changed: UserReport = try Self.value(try await server.run(edit))
            #expect(changed.isDisabled && changed.grants.map(\.role) == [.viewer])
            let group = [
                "group", "create", "platform/edge", "--environment", "edge-7", "--member", "author1=operator", "-o",
                "json",
            ]
            _ = try await server.run(["group", "create", "platform"])
            let made: GroupReport = try Self.value(try await server.run(group))
            #expect(made.environments == ["edge-7"] && made.members.map(\.user) == ["author1"])
            let groups = try await server.run(["group", "list"])
            #expect(groups.output.contains("author1=operator"))
            let roles = try await server.run(["role", "list"])
            #expect(roles.output.contains("server.administer") && roles.output.contains("AUDITOR"))
            let unsure = try await server.run(["user", "delete", "author1", "--no-input"])
            #expect(unsure.status == 2 && unsure.messages.contains("--confirm author1"))
            #expect(try await server.run(["user", "delete", "author1", "--confirm", "author1"]).status == 0)
            #expect(try await server.run(["group", "delete", "platform/edge", "-y"]).status == 0)
            let gone = try await server.run(["user", "delete", "author1", "-y"])
            #expect(gone.status == 5)
            for wrong in ["admn@everywhere", "admin@nowhere", "admin@environment/", "admin@group/Ä"] {
                #expect(try await server.run(["user", "create", "x", "--grant", wrong]).status == 2, "\(wrong)")
            }
        }
    }

    @Test func `a token is shown once, works over the network, and ends when it is revoked`() async throws {
        try await DemoServer.serving { server in
            let create = [
                "token", "create", "--name", "ci", "--scope", "environment/production", "--role", "Author", "-o",
                "json", "--user", "root",
            ]
            let created: TokenCreated = try Self.value(try await server.run(create))
            #expect(created.token.name == "ci" && created.token.user == "root")
            #expect(created.token.grants == [GrantReport(role: .author, scope: "environment/production")])
            let list = try await server.run(["token", "list"])
            #expect(list.output.contains("ci") && !list.output.contains(created.value))
            let file = server.directory + "/token"
            try Data((created.value + "\n").utf8).write(to: URL(fileURLWithPath: file))
            let asked = ["whoami", "--server", server.url, "--token-file", file]
            let who = try await server.client(asked, home: "ci")
            #expect(who.status == 0 && who.output.contains("token ci of root"), "\(who.messages)")
            let denied = ["user", "list", "--server", server.url, "--token-file", file]
            let users = try await server.client(denied + ["-o", "json"], home: "ci")
            #expect(!users.output.contains("victim"))
            let forbidden = ["user", "create", "eve", "--server", server.url, "--token-file", file]
            #expect(try await server.client(forbidden, home: "ci").status == 4)
            let less = GrantReport(role: .viewer, scope: "namespace/production/shop")
            let edit = ["token", "edit", "ci", "--rename", "small", "--role", "Viewer", "--scope", less.scope]
            let changed: TokenReport = try Self.value(try await server.run(edit + ["--days", "7", "-o", "json"]))
            #expect(changed.grants == [less])
            let small = try await server.client(asked, home: "ci")
            #expect(small.output.contains("token small of root"), "\(small.messages)")
            #expect(try await server.run(["token", "edit", "small", "--role", "Admin"]).status == 2)
            #expect(try await server.run(["token", "edit", "small"]).status == 2)
            #expect(try await server.run(["token", "edit", "small", "--rename", "ci"]).status == 0)
            #expect(try await server.run(["token", "delete", "ci"]).status == 0)
            #expect(try await server.client(asked, home: "ci").status == 4)
            #expect(try await server.run(["token", "delete", "ci"]).status == 5)
        }
    }

    @Test func `a token for Git opens nothing of the API, and says so`() async throws {
        try await DemoServer.serving { server in
            let create = ["token", "create", "--name", "ci", "--scope", "git", "--role", "Author", "-o", "json"]
            let outcome = try await server.run(create + ["--user", "root"])
            let created: TokenCreated = try Self.value(outcome)
            #expect(created.token.grants == [GrantReport(role: .author, scope: "git")])
            #expect(outcome.messages.contains("the Git repository of policies alone"), "\(outcome.messages)")
            #expect(try await server.run(["token", "list"]).output.contains("Author@git"))
            let file = server.directory + "/token"
            try Data((created.value + "\n").utf8).write(to: URL(fileURLWithPath: file))
            for command in [["whoami"], ["flows"], ["policy", "list"], ["user", "create", "eve"]] {
                let asked = command + ["--server", server.url, "--token-file", file]
                let answer = try await server.client(asked, home: "ci")
                #expect(answer.status == 4 && answer.output.isEmpty, "\(command): \(answer.output)")
                #expect(answer.messages.contains("for the Git repository of policies only"), "\(answer.messages)")
            }
            let person = try await server.run(["user", "create", "author1", "--grant", "author@git"])
            #expect(person.status != 0 && person.messages.contains("Only tokens have the scope git"))
        }
    }

    @Test func `what was done is in the audit log, which can be exported and verified`() async throws {
        try await DemoServer.serving { server in
            _ = try await server.run(["user", "create", "author1"])
            _ = try await server.run(["user", "create", "author1"])
            let list: AuditList = try Self.value(
                try await server.run(["audit", "list", "--action", "user.create", "-o", "json"])
            )
            #expect(list.items.map(\.outcome.rawValue) == ["failure", "success", "success"])
            #expect(list.items.allSatisfy { $0.actor == "owner" && $0.client?.hasPrefix("palisade-cli") == true })
            let export = try await server.run(["audit", "export"])
            let lines = export.output.split(separator: "\n")
            #expect(export.status == 0 && lines.count >= 4)
            for line in lines { _ = try JSONDecoder().decode(AuditItem.self, from: Data(line.utf8)) }
            let verified = try await server.run(["audit", "verify"])
            #expect(verified.status == 0 && !verified.output.isEmpty, "\(verified.messages)")
        }
    }
}
