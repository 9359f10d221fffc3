// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// Commands that work on files, without a running process.
@Suite(.serialized) struct OfflineCommandTests {
    /// Runs `body` with a directory that holds the files.
    private static func withFiles(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let directory = "/tmp/palisade-e2e-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, text) in files { try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8) }
        try await body(directory)
    }

    private static func policy(_ name: String, _ spec: String, kind: String = "NetworkPolicy") -> String {
        let version = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2"
        let namespace = kind == "CiliumClusterwideNetworkPolicy" ? "" : ", namespace: shop"
        return "---\napiVersion: \(version)\nkind: \(kind)\nmetadata: {name: \(name)\(namespace)}\nspec: \(spec)\n"
    }

    private static func pod(_ name: String, _ app: String) -> String {
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: \(name), namespace: shop, labels: {app: \(app)}}\n"
            + "spec: {containers: [{name: c, image: i}]}\n"
    }

    @Test func `lint prints place, severity, code and sentence, counts, and exits 3`() async throws {
        let text = Self.policy("web", "\n  podSelector: {}\n  ingress:\n  - ports:\n    - port: \"80 a\"")
        try await Self.withFiles([
            "web.yaml": text, "more.yaml": Self.policy("all", "{podSelector: {}, ingress: [{}]}"),
        ]) {
            let broken = try await Program.run(["policy", "lint", "-f", "\($0)/web.yaml"])
            #expect(broken.status == 3)
            #expect(
                broken.output
                    == "\($0)/web.yaml:9:13: error: [V104] Port \"80 a\" is not a number from 1 to 65535 or a known port name.\n"
            )
            #expect(broken.messages == "1 error, 0 warnings in 1 file\n")
            let both = try await Program.run(["policy", "lint", $0, "--exit-zero"])
            #expect(both.status == 0 && both.output.contains("more.yaml") && both.output.contains("warning: [V201]"))
            #expect(both.messages == "1 error, 1 warning in 2 files\n")
            let input = try await Program.run(["policy", "lint", "-", "-o", "json"], input: text)
            #expect(input.status == 3)
            let document = try JSONSerialization.jsonObject(with: Data(input.output.utf8)) as? [String: Any]
            let item = try #require((document?["items"] as? [[String: Any]])?.first)
            #expect(document?["kind"] as? String == "FindingList" && item["code"] as? String == "V104")
            let place = try #require(item["location"] as? [String: Any])
            #expect(place["document"] as? String == "-" && place["line"] as? Int == 9 && place["column"] as? Int == 13)
        }
    }

    @Test func `summaries reach the terminal word by word`() async throws {
        let gateway = "ingress: [{from: [{podSelector: {matchLabels: {app: gw}}}], ports: [{port: 8080}]}]"
        let block = "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]"
        let range = "ingress: [{ports: [{port: 8000, endPort: 8100}]}]"
        let cnp = "CiliumNetworkPolicy"
        let policies =
            Self.policy("s1", "{podSelector: {}, policyTypes: [Ingress]}")
            + Self.policy("s2", "{podSelector: {matchLabels: {app: web}}, \(gateway)}")
            + Self.policy("s5", "{podSelector: {}, ingress: [{}]}")
            + Self.policy("s7", "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}", kind: cnp)
            + Self.policy(
                "s9",
                "{endpointSelector: {}, egress: [{toEntities: [world], toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]}]}",
                kind: cnp
            ) + Self.policy("s10", "{podSelector: {}, policyTypes: [Egress], \(block)}")
            + Self.policy("s11", "{podSelector: {}, \(range)}")
            + Self.policy("s12", "{endpointSelector: {}, ingressDeny: [{fromEntities: [world]}]}", kind: cnp)
            + Self.policy("s14", "{endpointSelector: {}, ingress: [{}]}", kind: "CiliumClusterwideNetworkPolicy")
            + Self.policy("s15", "{podSelector: {matchLabels: {app: wbe}}}")
        let world = Self.pod("web-1", "web") + Self.pod("web-2", "web") + Self.pod("web-3", "web")
        try await Self.withFiles(["p.yaml": policies, "w.yaml": world]) {
            let outcome = try await Program.run(["policy", "summary", "-f", "\($0)/p.yaml", "--files", "\($0)/w.yaml"])
            #expect(outcome.status == 0, "\(outcome.messages)")
            let lines = Set(outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
            for line in [
                "Applies to all pods in namespace shop.", "Inbound: nothing is allowed by this policy.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
                "Applies to pods in namespace shop with app=web (3 pods now).",
                "Inbound: allows TCP 8080 from pods with app=gw in namespace shop.",
                "Inbound: allows everything from anywhere.",
                "Inbound: allows any port from every pod in namespace shop.",
                "Outbound: allows TCP 443 to any address outside the cluster.",
                "Outbound: allows any port to 10.0.0.0/8 except 10.1.0.0/16.",
                "Inbound: denies any port from outside the cluster. Deny rules win over every allow rule.",
                "Applies to every pod in the cluster.",
                "Applies to pods in namespace shop with app=wbe (no pods match now).",
            ] { #expect(lines.contains(line), "\(line)\n\(outcome.output)") }
            #expect(outcome.output.contains("TCP 8000 to 8100"))
        }
    }

    @Test func `explain answers from the example files, in the mode that is asked for`() async throws {
        let shop = FileManager.default.currentDirectoryPath + "/Examples/shop"
        func ask(_ arguments: String...) async throws -> Program.Outcome {
            try await Program.run(["explain"] + arguments + ["--files", shop])
        }
        let denied = try await ask("shop/web", "data/db", "--port", "5432")
        #expect(denied.status == 0 && denied.output.contains(" 6 verdict      DROPPED\n"), "\(denied)")
        #expect(denied.output.contains("data/db-allow and data/db-deny isolate data/db; neither allows shop/web\n"))
        #expect(
            denied.output.contains("   closest      data/db-allow inbound/1 allows TCP postgres from pods with app in")
        )
        #expect(denied.output.contains("(\(shop)/policies.yaml:22:5)\n"))
        #expect(denied.output.contains("\n\nTo allow it: add to data/db-"))
        let audit = try await ask("shop/web", "data/db", "--port", "5432", "--mode", "audit")
        #expect(audit.output.contains("verdict      WOULD DROP\n"))
        let allowed = try await ask("api", "data/db", "--port", "5432/tcp", "-n", "shop", "--expect", "allowed")
        #expect(allowed.status == 0 && allowed.output.contains("allowed by data/db-allow inbound/1\n"))
        let host = try await ask("host", "data/db", "--port", "5432")
        #expect(host.output.contains("Traffic from the host to its containers is allowed unless a rule denies it"))
        let ping = try await ask("shop/worker", "world", "--port", "icmp", "--expect", "dropped")
        #expect(ping.status == 0 && ping.output.contains("on type 8/ICMP."))
        let nobody = try await ask("shop/wbe", "data/db", "--port", "1")
        #expect(nobody.status == 5 && nobody.messages.contains("Did you mean shop/web?"))
    }

    @Test func `broken manifests are findings and no answer`() async throws {
        let broken = Self.policy("a", "{podSelector: {}, ingres: []}") + Self.pod("web", "web") + Self.pod("db", "db")
        try await Self.withFiles(["a.yaml": broken]) {
            let outcome = try await Program.run(["explain", "shop/web", "shop/db", "--port", "80", "--files", $0])
            #expect(outcome.status == 3 && outcome.output.isEmpty)
            #expect(outcome.messages.contains("\($0)/a.yaml:5:") && outcome.messages.contains("[V102]"))
            #expect(outcome.messages.contains("has errors, so there is no answer from it."))
        }
    }
}
