// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import TestSupport
import Testing

/// Names that come from containers must not steer the terminal or forge lines.
@Suite(.serialized) struct HostileTextTests {
    static let now = Int64(Date().timeIntervalSince1970) * 1_000_000
    /// Clears the screen, begins a line, turns the reading direction, rings, and opens a sequence in one byte.
    static let name = "ev\u{1b}[2Jil\nALLOWED\r\u{202e}\u{7}\u{9b}31m"

    private static func flow() -> Flow {
        var flow = FlowSamples.denied(time: now - 2_000_000)
        flow.source.workload = name
        flow.source.name = name
        flow.source.labels = ["app=\(name)"]
        flow.decision.isolatedBy = ["data/\(name)"]
        return flow
    }

    private static func isHarmless(_ text: String) -> Bool {
        !text.unicodeScalars.contains { scalar in
            guard scalar != "\n" else { return false }
            let category = scalar.properties.generalCategory
            return category == .control || category == .format
        }
    }

    @Test(arguments: ["table", "wide", "json", "jsonl", "yaml", "csv", "md"])
    func `names of flows reach no output as they are`(_ format: String) async throws {
        try await RunningServer.serving(flows: [Self.flow()]) { server in
            for grouping in ["conn", "raw"] {
                let outcome = try await Program.run([
                    "flows", "-o", format, "--group", grouping, "--data", server.directory,
                ])
                #expect(outcome.status == 0)
                #expect(Self.isHarmless(outcome.output + outcome.messages), "\(outcome.output.debugDescription)")
                #expect(!outcome.output.split(separator: "\n").contains { $0.hasPrefix("ALLOWED") })
                #expect(outcome.output.contains("il"))
            }
        }
    }

    @Test func `JSON gives back the name that was`() async throws {
        let outcome = try await RunningServer.serving(flows: [Self.flow()]) {
            try await Program.run(["flows", "-o", "jsonl", "--data", $0.directory])
        }
        let item = try JSONDecoder().decode(FlowItem.self, from: Data(outcome.output.utf8))
        #expect(item.source.workload == Self.name)
    }

    @Test func `arguments are not repeated as they are`() async throws {
        try await RunningServer.serving { server in
            for arguments in [
                ["explain", "shop/web", "b", "--port", Self.name], ["flows", Self.name],
                ["flows", "--sort", Self.name],
                ["status", "-e", Self.name], ["env", "mode", "set", "audit", "--scope", "a//\(Self.name)"],
                ["policy", "get", Self.name], ["policy", "lint", "/nonexistent/\(Self.name)"], ["help", Self.name],
                ["flows", "--\(Self.name)"],
            ] {
                let data = ["policy", "help"].contains(arguments[0]) ? [] : ["--data", server.directory]
                let outcome = try await Program.run(arguments + data)
                #expect(
                    Self.isHarmless(outcome.output + outcome.messages),
                    "\(arguments): \(outcome.messages.debugDescription)"
                )
            }
        }
    }
}
