// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct CommandLineTests {
    static let now = Int64(Date().timeIntervalSince1970) * 1_000_000

    @Test(arguments: [
        (["stauts"], 2, "Did you mean \"palisade status\"?"),
        (["policy", "lsit"], 2, "Did you mean \"palisade policy list\"?"),
        (["help", "filtres"], 2, "Did you mean \"filters\"?"), (["flows", "--sicne", "1h"], 2, "'--since'"),
        (["explain", "a/b", "c/d", "--port", "5/tpc"], 2, "Did you mean tcp?"),
        (["explain", "a/b", "c/d", "--port", "256/icmp"], 2, "0 to 255"),
        (["explain", "a/b", "c/d", "--port", "1", "--mode", "audit"], 2, "--mode is for --files"),
        (["flows", "-o", "json", "--sort", "port"], 2, "shape tables"),
        (["policy", "lint", "x", "-e", "y"], 2, "Leave --env out"), (["status", "--wait-duration", "x"], 2, "5m"),
        (["status", "--wait", "--wait-duration", "0s"], 7, "(waited 0s)"),
        (["env", "mode", "set", "audit", "--scope", "a/b/c"], 2, "NAMESPACE/POLICY"),
        (["policy", "get", "a/b/c"], 2, "NAMESPACE/NAME"), (["flows", "--bogus"], 2, "Unknown option"),
        (["flows", "vredict:x"], 2, "Did you mean \"verdict\"?"),
        (["flows", "--since", "yesterday"], 2, "is not a time"),
        (["flows", "--group", "x"], 2, "is not conn or raw"), (["status"], 8, "Start it with: palisade up"),
        (["flows", "-f"], 8, "palisade is not running"), (["explain", "a", "b"], 2, "--port is needed"),
        (["explain", "a", "b", "--port", "80", "--expect", "x"], 2, "is not allowed, dropped"),
        (["status", "-o", "name"], 2, "-o name is not possible here"),
        (["completion", "tcsh"], 2, "bash, zsh or fish"),
        (["policy", "lint"], 2, "Name files"), (["policy", "lint", "-f", "/nonexistent.yaml"], 5, "is not there"),
        (["env", "mode", "set", "inherit"], 2, "nothing to inherit"), (["env", "mode", "set", "on"], 2, "not a mode"),
        (["up", "--retention", "1s"], 2, "--retention"), (["up", "--store-size", "1"], 2, "--store-size"),
    ]) func `wrong usage and a missing process end with their code and one sentence`(
        _ arguments: [String],
        _ status: Int,
        _ part: String
    ) async throws {
        let isLocal = ["completion", "stauts", "help"].contains(arguments[0]) || arguments.contains("lsit")
        let outcome = try await Program.run(arguments + (isLocal ? [] : ["--data", "/nonexistent/palisade"]))
        #expect(outcome.status == Int32(status), "\(outcome.messages)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains(part), "\(outcome.messages)")
    }

    @Test func `a data directory whose socket path is too long is refused with a sentence`() async throws {
        let outcome = try await Program.run(["status", "--data", "/tmp/" + String(repeating: "x", count: 120)])
        #expect(outcome.status == 2)
        #expect(outcome.messages.contains("107 fit"))
    }

    @Test func `version works without a process and shows both with one`() async throws {
        let alone = try await Program.run(["version", "--data", "/nonexistent"])
        #expect(alone.status == 0 && alone.output.contains("server  <not running>"))
        let both = try await RunningServer.serving { try await Program.run(["version", "--data", $0.directory]) }
        #expect(both.output.contains("server  9.9.9") && both.messages.contains("differ"))
    }

    @Test func `status shows what is wrong, and control characters of names do not reach the terminal`() async throws {
        let outcome = try await RunningServer.serving { try await Program.run(["status", "--data", $0.directory]) }
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("ENV        KIND  MODE   OBSERVED   ENDPOINTS  FLOWS/S  POLICIES  REVISION"))
        #expect(lines.contains("this-host  host  audit  confirmed  4/5        1.2k     2         7"))
        #expect(lines.contains("unprotected: shop/evil\\u{1b}[31m\\u{a}ok: It uses the host's network."))
        #expect(
            lines.contains(
                "enforcement: gap from 1970-01-01 00:00:00 until 1970-01-01 00:00:01: Our rules were changed or removed by nft."
            )
        )
        #expect(lines.contains("broken: web.yaml: the last good revision stays in force"))
        #expect(lines.contains("degraded: shop/http is enforced more closed than written"))
        #expect(lines.contains("  h.yaml:4:2: error: [V113] No HTTP."))
        #expect(lines.contains("disagreements: 2 flows on which engine and kernel differ; report this"))
        #expect(lines.contains("warning: br_netfilter is missing."))
        #expect(!outcome.output.contains("every policy is in force"))
        #expect(lines.contains("lost: 3 events (packet-log)"))
        #expect(lines.contains("  web.yaml:3:9: error: [V104] Port \"80a\" is bad."))
        #expect(!outcome.output.contains("\u{1b}"))
    }

    @Test func `status as JSON can be read back`() async throws {
        let outcome = try await RunningServer.serving {
            try await Program.run(["-o", "json", "status", "--data", $0.directory])
        }
        let report = try JSONDecoder().decode(StatusReport.self, from: Data(outcome.output.utf8))
        #expect(report == (await FakeEnvironment().status(.all)))
        #expect(outcome.output.contains("\"lastError\" : null"))
    }

    static let flows =
        (0..<5).map { FlowSamples.denied(time: now - 10_000_000 + Int64($0)) }
        + [FlowSamples.allowed(time: now - 5_000_000), FlowSamples.wouldDrop(time: now - 4_000_000)]

    @Test func `flows are grouped by kind of connection, newest first, with the truth line at the end`() async throws {
        let outcome = try await RunningServer.serving(flows: Self.flows) {
            try await Program.run(["flows", "--data", $0.directory, "--since", "1h"])
        }
        #expect(outcome.status == 0)
        let rows = outcome.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        #expect(rows.map { String($0[4]) } == ["VERDICT", "WOULD-DROP", "ALLOWED", "DROPPED"])
        #expect(rows.map { String($0[5]) } == ["COUNT", "1", "1", "5"])
        #expect(outcome.output.contains("no rule; isolated by data/db-deny"))
        #expect(outcome.output.contains("data/db-allow inbound/1"))
        #expect(outcome.output.contains("world(203.0.113.40)"))
        #expect(outcome.messages == "7 of 7 events matched as 3 connections. 0 lost. Times in UTC.\n")
    }

    @Test func `filters, also negated ones, reach the server`() async throws {
        let outcome = try await RunningServer.serving(flows: Self.flows) {
            try await Program.run([
                "flows", "-verdict:allowed", "-to.entity:world", "-o", "jsonl", "--data", $0.directory,
            ])
        }
        #expect(outcome.status == 0, "\(outcome.messages)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 1)
        let item = try JSONDecoder().decode(FlowItem.self, from: Data((lines.first ?? "").utf8))
        #expect(item.verdict == .dropped && item.count == 5 && item.decision.isolatedBy == ["data/db-deny"])
    }

    @Test func `flow JSON has the documented shape, with null for what is unknown`() async throws {
        let outcome = try await RunningServer.serving(flows: Self.flows) {
            try await Program.run(["flows", "verdict:dropped", "-o", "json", "--data", $0.directory])
        }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["apiVersion"] as? String == "palisade/v1" && object["kind"] as? String == "FlowList")
        #expect(object["complete"] as? Bool == true && object["lost"] as? Int == 0)
        let item = try #require((object["items"] as? [[String: Any]])?.first)
        #expect(item["verdict"] as? String == "DROPPED" && item["port"] as? Int == 5432)
        #expect(item["protocol"] as? String == "TCP" && item["count"] as? Int == 5)
        let decision = try #require(item["decision"] as? [String: Any])
        #expect(decision["policy"] is NSNull && decision["rule"] is NSNull)
        #expect(decision["reason"] as? String == "POLICY_DENIED")
    }

    @Test func `losses make a list incomplete`() async throws {
        let loss = FlowLoss(from: Self.now - 9_000_000, to: Self.now - 8_000_000, source: .packetLog, count: 4)
        let outcome = try await RunningServer.serving(flows: Self.flows, losses: [loss]) {
            try await Program.run(["flows", "--data", $0.directory])
        }
        #expect(outcome.messages.contains("4 lost."))
    }

    @Test func `nothing found is nothing on standard output and success`() async throws {
        let outcome = try await RunningServer.serving {
            try await Program.run(["flows", "ns:x", "--data", $0.directory])
        }
        #expect(outcome.status == 0 && outcome.output.isEmpty)
        #expect(outcome.messages.contains("No flows for ns:x"))
    }

    @Test func `following shows flows as they come, and Ctrl-C ends with the count`() async throws {
        let live = [LiveFlows(items: [FlowItem(FlowSamples.denied(time: 402_000))]), LiveFlows(items: [], lost: 3)]
        let (lines, status, messages) = try await RunningServer.serving(live: live) { server in
            let (process, output, messages) = Program.process(["flows", "-f", "--data", server.directory])
            let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
            process.terminationHandler = { _ in continuation.finish() }
            try process.run()
            let marks = messages.fileHandleForReading
            var seen = ""
            // The loss is told after the flow, on standard error.
            while !seen.contains("3 events lost") {
                let data = marks.availableData
                guard !data.isEmpty else { break }
                seen += String(decoding: data, as: UTF8.self)
            }
            process.interrupt()
            for await _ in ended {}
            let rest = String(decoding: marks.readDataToEndOfFile(), as: UTF8.self)
            return (await Program.read(output), process.terminationStatus, seen + rest)
        }
        #expect(
            lines
                == "00:00:00.402 DROPPED    IN   shop/web-1 -> data/db-0:5432/TCP  no rule (isolated by data/db-deny)\n"
        )
        #expect(status == 130)
        #expect(messages.contains("1 event in") && messages.contains("3 lost"))
    }

    @Test func `statistics add up both ways`() async throws {
        let outcome = try await RunningServer.serving(flows: Self.flows) {
            try await Program.run(["stats", "totals", "-o", "json", "--data", $0.directory])
        }
        let totals = try JSONDecoder().decode(TotalsReport.self, from: Data(outcome.output.utf8)).totals
        #expect(totals.total.connections == 7)
        #expect(totals.inbound + totals.outbound + totals.internal == totals.total)
        #expect(totals.allowed + totals.dropped + totals.wouldDrop == totals.total)
        for what in ["rate", "namespaces", "drops"] {
            let table = try await RunningServer.serving(flows: Self.flows) {
                try await Program.run(["stats", what, "--since", "10m", "--data", $0.directory])
            }
            #expect(table.status == 0 && table.output.split(separator: "\n").count > 1, "\(what): \(table.messages)")
        }
    }

    @Test func `explain prints numbered steps, and exits 3 when the expectation fails`() async throws {
        let arguments = ["explain", "shop/web", "data/db", "--port", "5432"]
        let plain = try await RunningServer.serving { try await Program.run(arguments + ["--data", $0.directory]) }
        #expect(plain.status == 0)
        #expect(plain.output.contains(" 2 inbound  NOT ALLOWED  data/db-deny isolates data/db"))
        #expect(plain.output.contains(" 3 verdict  DROPPED      agrees with 1204 flows since 1970-01-01 00:00\n"))
        #expect(!plain.output.contains("policy data/db-deny"))
        let wide = try await RunningServer.serving {
            try await Program.run(arguments + ["-o", "wide", "--data", $0.directory])
        }
        #expect(wide.output.contains("   policy data/db-deny (inbound, blocking, isolates) at db.yaml:1:1\n"))
        let failed = try await RunningServer.serving {
            try await Program.run(arguments + ["--expect", "allowed", "--data", $0.directory])
        }
        #expect(failed.status == 3 && failed.messages.contains("the verdict is DROPPED"))
        let excused = try await RunningServer.serving {
            try await Program.run(arguments + ["--expect", "allowed", "--exit-zero", "--data", $0.directory])
        }
        #expect(excused.status == 0 && excused.messages.contains("the verdict is DROPPED"))
        let missing = try await RunningServer.serving {
            try await Program.run(["explain", "shop/wbe", "data/db", "--port", "1", "--data", $0.directory])
        }
        #expect(missing.status == 5 && missing.messages.contains("Did you mean shop/web?"))
    }

    @Test func `policies are listed and shown, and a wrong name is not found`() async throws {
        try await RunningServer.serving { server in
            let list = try await Program.run(["policy", "list", "-o", "name", "--data", server.directory])
            #expect(list.output == "data/db-deny\n")
            let get = try await Program.run(["policies", "get", "data/db-deny", "--data", server.directory])
            #expect(get.status == 0 && get.output.contains("Applies to every pod in data."))
            let source = try await Program.run(["policy", "get", "db-deny", "-o", "yaml", "--data", server.directory])
            #expect(source.output.hasPrefix("kind: NetworkPolicy\n"))
            let missing = try await Program.run(["policy", "get", "data/x", "--data", server.directory])
            #expect(missing.status == 5 && missing.messages.contains("Did you mean data/db-deny?"))
        }
    }

    @Test func `lists that are longer than a page of the API are listed whole`() async throws {
        let policies = (0..<2_300).map { index in
            var policy = FakeEnvironment.policy
            policy.name = "policy-\(String(index + 10_000))"
            return policy
        }
        try await RunningServer.serving(FakeEnvironment(policies: policies)) { server in
            let list = try await Program.run(["policy", "list", "-o", "name", "--data", server.directory])
            #expect(list.output == policies.map { "data/\($0.name)\n" }.joined())
        }
    }

    @Test func `the mode is read and set, and down says what it removed`() async throws {
        try await RunningServer.serving { server in
            let get = try await Program.run(["env", "mode", "--data", server.directory])
            #expect(get.output.contains("environment/this-host  audit  confirmed"))
            let arguments = ["env", "mode", "set", "blocking", "-y", "--scope", "ns/shop", "--data", server.directory]
            let set = try await Program.run(arguments)
            #expect(set.output == "environment/this-host ns/shop mode set to blocking\n")
            let changes = server.environment.changes.withLock { $0 }
            #expect(changes == [ModeChange(scope: .namespace("shop"), mode: .blocking)])
            let missing = try await Program.run(arguments.map { $0 == "ns/shop" ? "ns/nowhere" : $0 })
            #expect(missing.status == 5)
            let down = try await Program.run(["down", "--data", server.directory])
            #expect(down.output == "removed table inet palisade\n")
            #expect(server.environment.isDown.withLock { $0 })
        }
    }

    @Test func `only the owner may open the socket, and a second server does not take it`() async throws {
        try await RunningServer.serving { server in
            let path = server.directory + "/palisade.sock"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            await #expect(throws: (any Error).self) { try await SecondServer.run(on: path) }
            #expect(try await Program.run(["status", "--data", server.directory]).status == 0)
        }
    }
}
