// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import TestSupport
import Testing

/// What the global flags make of an answer.
@Suite(.serialized) struct OutputTests {
    static let now = Int64(Date().timeIntervalSince1970) * 1_000_000
    static let flows =
        (0..<5).map { FlowSamples.denied(time: now - 10_000_000 + Int64($0)) }
        + [FlowSamples.allowed(time: now - 5_000_000), FlowSamples.wouldDrop(time: now - 4_000_000)]

    @Test func `rows are ordered by a column and columns are chosen`() async throws {
        try await RunningServer.serving(flows: Self.flows) { server in
            let arguments = ["flows", "--data", server.directory, "--columns", "count,verdict", "--sort"]
            let up = try await Program.run(arguments + ["count"])
            #expect(up.output == "COUNT  VERDICT\n1      WOULD-DROP\n1      ALLOWED\n5      DROPPED\n")
            let down = try await Program.run(arguments + ["COUNT:desc", "--no-headers"])
            #expect(down.output == "5  DROPPED\n1  WOULD-DROP\n1  ALLOWED\n")
            let wrong = try await Program.run(arguments + ["vredict"])
            #expect(wrong.status == 2 && wrong.messages.contains("Did you mean VERDICT?"), "\(wrong.messages)")
        }
    }

    @Test func `YAML says what JSON says`() async throws {
        try await RunningServer.serving(flows: Self.flows) { server in
            let arguments = ["flows", "verdict:dropped", "--data", server.directory, "-o"]
            let yaml = try await Program.run(arguments + ["yaml"])
            let lines = yaml.output.split(separator: "\n").map(String.init)
            for line in ["apiVersion: palisade/v1", "kind: FlowList", "  port: 5432", "  icmpType: null", "losses: []"]
            {
                #expect(lines.contains(line), "\(yaml.output)")
            }
            #expect(lines.contains("    - data/db-deny") && lines.contains("  verdict: DROPPED"))
            #expect(lines.contains { $0.hasPrefix("  lastSeen: \"20") })
            let status = try await Program.run(["status", "--data", server.directory, "-o", "yaml"])
            #expect(status.status == 0 && status.output.contains("environment: this-host\n"))
        }
    }

    @Test func `verdicts are coloured on terminals only, and not where that is unwanted`() async throws {
        try await RunningServer.serving(flows: Self.flows) { server in
            let arguments = ["flows", "--data", server.directory]
            let red = "\u{1b}[31mDROPPED\u{1b}[0m"
            #expect(try await !Program.run(arguments).output.contains("\u{1b}"))
            #expect(try await Program.run(arguments + ["--color", "always"]).output.contains(red))
            #expect(try await Program.onTerminal(arguments).output.contains(red))
            for variables in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
                let plain = try await Program.onTerminal(arguments, variables: variables)
                #expect(plain.output.contains("DROPPED") && !plain.output.contains("\u{1b}[3"))
            }
            #expect(try await !Program.onTerminal(arguments + ["--color", "never"]).output.contains("\u{1b}[3"))
        }
    }

    @Test func `the environment that is named must be the one that answers`() async throws {
        try await RunningServer.serving { server in
            let arguments = ["status", "--data", server.directory]
            #expect(try await Program.run(["-e", "this-host"] + arguments).status == 0)
            let other = try await Program.run(arguments + ["--env", "this-hsot"])
            #expect(other.status == 5 && other.output.isEmpty)
            #expect(other.messages.contains("Did you mean this-host?"), "\(other.messages)")
            let far = try await Program.run(arguments, variables: ["PALISADE_ENV": "production"])
            #expect(far.status == 5 && far.messages.contains("There is: this-host."))
        }
    }

    @Test func `policies are listed by full name, by namespace and name, or by name in one namespace`() async throws {
        try await RunningServer.serving { server in
            func firstLines(_ flags: [String]) async throws -> [String] {
                let outcome = try await Program.run(["policy", "list", "--data", server.directory] + flags)
                #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
                return outcome.output.split(separator: "\n").map(String.init)
            }
            let plain = try await firstLines([])
            #expect(plain[0].hasPrefix("NAME ") && plain[0].hasSuffix("AGE") && plain[1].hasPrefix("data/db-deny  "))
            let all = try await firstLines(["-A"])
            #expect(all[0].hasPrefix("NAMESPACE  NAME ") && all[1].hasPrefix("data       db-deny  "))
            let one = try await firstLines(["-n", "data"])
            #expect(one[0].hasPrefix("NAME ") && one[1].hasPrefix("db-deny  "))
            let none = try await Program.run(["policy", "list", "-n", "shop", "--data", server.directory])
            #expect(none.status == 0 && none.output.isEmpty)
            #expect(none.messages == "No policies in namespace shop (environment this-host).\n")
            let slip = try await Program.run(["policy", "list", "-n", "dtaa", "--data", server.directory])
            #expect(slip.status == 0 && slip.messages.hasSuffix("Did you mean data?\n"))
        }
    }

    @Test(arguments: ["filters", "time", "output", "exit-codes", "environment"])
    func `help explains each topic`(_ topic: String) async throws {
        let outcome = try await Program.run(["help", topic])
        #expect(outcome.status == 0 && outcome.messages.isEmpty)
        #expect(!outcome.output.contains("USAGE") && outcome.output.count > 100)
    }

    @Test func `a comparison shows the time before, and a dash where nothing is known of it`() async throws {
        let before = (0..<10).map { FlowSamples.denied(time: Self.now - 900_000_000 + Int64($0)) }
        let arguments = ["stats", "totals", "--since", "10m", "--compare", "--data"]
        let known = try await RunningServer.serving(
            FakeEnvironment(oldestCount: Self.now - 3_600_000_000),
            flows: Self.flows + before
        ) { try await Program.run(arguments + [$0.directory]) }
        let rows = known.output.split(separator: "\n").map(String.init)
        #expect(rows.first?.split(separator: " ") == ["NOW", "PREVIOUS-10M", "CHANGE"])
        #expect(
            rows.contains { $0.split(separator: " ") == ["packets-total", "7", "10", "-30", "%"] },
            "\(known.output)"
        )
        let unknown = try await RunningServer.serving(flows: Self.flows) {
            try await Program.run(arguments + [$0.directory])
        }
        #expect(unknown.output.contains("packets-total  7") && unknown.messages.contains("Nothing is known"))
        #expect(
            unknown.output.split(separator: "\n").dropFirst().allSatisfy {
                $0.split(separator: " ").suffix(2) == ["-", "-"]
            }
        )
    }
}
