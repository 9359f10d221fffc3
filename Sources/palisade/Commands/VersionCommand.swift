// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane

/// `palisade version`.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show the versions of this program and of the running process.",
        discussion: "Examples:\n  palisade version\n  palisade version -o json"
    )

    @OptionGroup var options: GlobalOptions

    private struct Versions: Encodable {
        var apiVersion = ControlPlane.apiVersion
        var kind = "Versions"
        var client: String
        @OrNull var server: String?
    }

    mutating func run() async throws {
        try options.require([.table, .json, .yaml])
        var server: String?
        do {
            let report: VersionReport = try await options.server().get("/version")
            server = report.version
        } catch let failure as CommandFailure where failure.status == .unreachable || failure.status == .notPermitted {
            // Without a running process there is only our own version to show.
        }
        let versions = Versions(client: ProgramVersion.current, server: server)
        switch options.output {
        case .json: Console.line(try JSONText.pretty(versions))
        case .yaml: Console.line(try YAMLText.document(versions))
        default:
            Console.line("client  \(ProgramVersion.current)")
            Console.line("server  \(server.map { Escaping.terminal($0) } ?? "<not running>")")
        }
        if let server, server != ProgramVersion.current {
            options.say("warning: client and server differ; restart the server with this version.")
        }
    }
}
