// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import Foundation
import NIOHTTP1

/// `palisade login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in to a server and keep a token for it.",
        discussion: """
            The password is asked for, or read from standard input; it is not kept.

            Examples:
              palisade login https://palisade.example.com --user author1
              palisade login https://palisade.example.com --with-token < token
            """
    )

    @Argument(help: "The server: https://host.")
    var url: String

    @Option(help: "The user name; asked for when left out.")
    var user: String?

    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    @Flag(help: "Read a token from standard input instead of asking for a password.")
    var withToken = false

    @Option(help: ArgumentHelp("What to call it; default: the host.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Certificates to trust instead of the system's, PEM.", valueName: "file"))
    var caFile: String?

    @Option(help: "Days until the token expires, 1 to 365.")
    var days = 90

    @Option(help: "How long to wait for an answer: 30s, 2m.")
    var timeout: String = "30s"

    private struct Credentials: Encodable {
        var name: String
        var password: String
        var tokenName: String
        var days: Int
    }

    private struct Caller: Decodable {
        var name: String
    }

    mutating func run() async throws {
        let server = try ServerAddress.checked(url)
        let host = URL(string: server)?.host() ?? "server"
        let name = name ?? host
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }), !name.isEmpty,
            !name.hasPrefix(".")
        else {
            throw CommandFailure(.usage, "\"\(Escaping.terminal(name))\" is not a name: use letters, digits and -._")
        }
        let token = try await withToken ? readToken() : signIn(server)
        let address = ServerAddress(place: .url(server), token: token, certificateAuthority: caFile)
        let caller: Caller = try await APIClient(address, timeoutSeconds: seconds).get("/me")
        var configuration = try ClientConfiguration.load()
        try configuration.use(
            .init(name: name, server: server, certificateAuthority: caFile, user: caller.name),
            token: token
        )
        Console.message("Signed in to \(server) as \(Escaping.terminal(caller.name)). Next: palisade status")
    }

    private var seconds: Int64 { TimeExpression.seconds(timeout) ?? 30 }

    private func readToken() throws -> String {
        guard let token = readLine(strippingNewline: true)?.trimmingCharacters(in: .whitespaces), !token.isEmpty else {
            throw CommandFailure(.usage, "There is no token on standard input.")
        }
        return token
    }

    private func signIn(_ server: String) async throws -> String {
        var user = user
        if user == nil, Console.isTerminal(0) {
            Console.message("User name:")
            user = readLine(strippingNewline: true)
        }
        guard let user, !user.isEmpty else { throw CommandFailure(.usage, "Name the user with --user.") }
        let password = try SecretInput.password("Password for \(user)", fromStandardInput: passwordStdin)
        let machine = ProcessInfo.processInfo.hostName.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        let credentials = Credentials(
            name: user,
            password: password,
            tokenName: "cli-\(machine.prefix(40))",
            days: days
        )
        let client = try APIClient(
            ServerAddress(place: .url(server), certificateAuthority: caFile),
            timeoutSeconds: seconds
        )
        let created: TokenCreated = try await client.send(.POST, "/sign-in", body: credentials)
        return created.value
    }
}

/// `palisade logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the token of the current context, or of the one named.",
        discussion: "The token stays valid until it expires; revoke it with: palisade token delete NAME"
    )

    @Argument(help: "The context; default: the current one.")
    var name: String?

    mutating func run() async throws {
        var configuration = try ClientConfiguration.load()
        guard let name = name ?? configuration.current else {
            throw CommandFailure(.notFound, "You are not signed in anywhere.")
        }
        try configuration.remove(name)
        Console.message("Forgot the token of \(Escaping.terminal(name)).")
    }
}

/// `palisade whoami`.
struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Say who the server takes you for."
    )

    @OptionGroup var options: GlobalOptions

    private struct Caller: Codable {
        struct Part: Codable {
            var environment: String
            var namespace: String?
            var permissions: [String]
        }

        var apiVersion: String
        var kind: String
        var callerKind: String
        var name: String
        var permissions: [String]
        var parts: [Part]
    }

    mutating func run() async throws {
        try options.require([.table, .json, .yaml])
        let caller: Caller = try await options.server().get("/me")
        switch options.output {
        case .json: return Console.line(try JSONText.pretty(caller))
        case .yaml: return Console.line(try YAMLText.document(caller))
        default: break
        }
        Console.line(Escaping.terminal("\(caller.name) (\(caller.callerKind))"))
        if !caller.permissions.isEmpty { Console.line("everywhere  \(caller.permissions.joined(separator: ", "))") }
        for part in caller.parts {
            let place = part.namespace.map { "\(part.environment)/\($0)" } ?? part.environment
            Console.line(Escaping.terminal("\(place)  \(part.permissions.joined(separator: ", "))"))
        }
    }
}
