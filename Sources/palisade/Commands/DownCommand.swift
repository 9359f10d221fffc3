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
        try options.require([.table, .json])
        let report: TakeDownReport = try await options.client.post("down")
        guard options.output == .table else { return Console.line(try JSONText.pretty(report)) }
        for item in report.removed { Console.line("removed \(Escaping.terminal(item))") }
        let name = Escaping.terminal(report.environment)
        options.say("environment/\(name) is down; nothing is enforced. Start it again with: palisade up")
    }
}
