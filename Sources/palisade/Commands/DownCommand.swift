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
        let report: TakeDownReport = try await options.server().post("down")
        switch options.output {
        case .json: return Console.line(try JSONText.pretty(report))
        case .yaml: return Console.line(try YAMLText.document(report))
        default: break
        }
        for item in report.removed { Console.line("removed \(Escaping.terminal(item))") }
        let name = Escaping.terminal(report.environment)
        options.say("environment/\(name) is down; nothing is enforced. Start it again with: palisade up")
    }
}
