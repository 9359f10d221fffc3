// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane

/// `palisade down`.
struct DownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Remove our rules from the kernel and stop the running process.",
        discussion: "Example:\n  palisade down"
    )

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .json, .yaml])
        let report = try await takeDown()
        switch options.output {
        case .json: return Console.line(try JSONText.pretty(report))
        case .yaml: return Console.line(try YAMLText.document(report))
        default: break
        }
        for item in report.removed { Console.line("removed \(Escaping.terminal(item))") }
        let name = Escaping.terminal(report.environment)
        options.say("environment/\(name) is down; nothing is enforced. Start it again with: palisade up")
    }

    /// Rules outlive the process that made them; when it is gone they are removed from here.
    private func takeDown() async throws -> TakeDownReport {
        do {
            return try await options.server().post("down")
        } catch let failure as CommandFailure where failure.status == .unreachable {
            guard let removed = try await Composition.removeRules() else { throw failure }
            return TakeDownReport(environment: "this host", removed: removed)
        }
    }
}
