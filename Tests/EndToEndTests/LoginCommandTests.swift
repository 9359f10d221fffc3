// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// Signing in from another machine's command line.
@Suite struct LoginCommandTests {
    @Test func `sign-in keeps a token that commands use until it is forgotten`() async throws {
        try await DemoServer.serving { server in
            let login = ["login", server.url, "--user", "root", "--password-stdin", "--name", "demo"]
            let done = try await server.client(login, home: "ann", input: DemoServer.password + "\n")
            #expect(done.status == 0 && done.messages.contains("as "), "\(done.messages)")
            let who = try await server.client(["whoami"], home: "ann")
            #expect(who.status == 0 && who.output.contains("of root"), "\(who.messages)")
            let status = try await server.client(["status", "-e", "production", "-o", "json"], home: "ann")
            #expect(status.status == 0, "\(status.messages)")
            let contexts = try await server.client(["context"], home: "ann")
            #expect(contexts.output.contains("demo") && contexts.output.contains(server.url))
            let files = FileManager.default
            let folder = server.directory + "/ann/palisade"
            for file in [folder + "/config.json", folder + "/tokens/demo"] {
                let attributes = try files.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
                let text = try String(contentsOfFile: file, encoding: .utf8)
                #expect(!text.contains(DemoServer.password))
            }
            #expect(try await server.client(["context", "use", "nowhere"], home: "ann").status == 5)
            #expect(try await server.client(["logout"], home: "ann").status == 0)
            #expect(!files.fileExists(atPath: folder + "/tokens/demo"))
            let after = try await server.client(["whoami", "--server", server.url], home: "ann")
            #expect(after.status == 4)
        }
    }

    @Test func `without or with a wrong sign-in a command ends with 4 and says what to do`() async throws {
        try await DemoServer.serving { server in
            let home = "stranger"
            for command in [
                ["status", "-e", "production"], ["flows"], ["user", "list"], ["whoami"], ["audit", "list"],
            ] {
                let outcome = try await server.client(command + ["--server", server.url], home: home)
                #expect(outcome.status == 4 && outcome.messages.contains("palisade login"), "\(command)")
                #expect(outcome.output.isEmpty)
            }
            let answers = try await ["root", "nobody"].asyncMap { name in
                let login = ["login", server.url, "--user", name, "--password-stdin"]
                return try await server.client(login, home: home, input: "wrong password 123\n")
            }
            #expect(answers[0].status == 4 && answers[0].messages == answers[1].messages, "\(answers)")
            let empty = ["login", server.url, "--user", "root", "--password-stdin"]
            #expect(try await server.client(empty, home: home, input: "").status == 2)
            let clear = try await server.client(["login", "http://palisade.example.com", "--user", "x"], home: home)
            #expect(clear.status == 2 && clear.messages.contains("in the clear"))
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
