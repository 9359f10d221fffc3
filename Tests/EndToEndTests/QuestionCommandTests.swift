// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// explain, map, plan and impact on files: what a person types and reads.
@Suite(.serialized) struct QuestionCommandTests {
    private static let files = ["world.yaml": Manifests.world, "policies.yaml": Manifests.policies]

    private static func explain(_ directory: String, _ words: [String]) async throws -> Program.Outcome {
        try await Program.run(["explain"] + words + ["--files", directory])
    }

    @Test func `explain judges requests and names, and says what is uncertain`() async throws {
        try await Manifests.with(Self.files) { directory in
            let open = try await Self.explain(directory, ["shop/web", "198.51.100.7", "--port", "443"])
            #expect(open.status == 0 && open.output.contains(" 6 verdict      UNCERTAIN"))
            #expect(open.output.contains("may match    shop/web outbound/1 at \(directory)/policies.yaml:"))
            #expect(open.output.contains("it depends on the DNS name behind the address"))
            let named = try await Self.explain(
                directory,
                ["shop/web", "198.51.100.7", "--port", "443", "--dns", "api.example.com", "--expect", "allowed"]
            )
            #expect(named.status == 0 && named.output.contains("verdict      ALLOWED"))
            let limited = try await Self.explain(directory, ["world", "shop/web", "--port", "8080"])
            #expect(limited.output.contains("only for requests that the rules let through (L7)"))
            let health = ["world", "shop/web", "--port", "8080", "--http"]
            let passed = try await Self.explain(directory, health + ["GET /health", "--expect", "allowed"])
            #expect(passed.status == 0)
            let refused = try await Self.explain(directory, health + ["GET /admin", "--expect", "dropped"])
            #expect(refused.status == 0 && refused.output.contains("which this request does not pass"))
            let unsure = try await Self.explain(
                directory,
                ["shop/web", "198.51.100.7", "--port", "443", "--expect", "dropped"]
            )
            #expect(unsure.status == 3 && unsure.messages.contains("the verdict is UNCERTAIN"))
            let host = try await Self.explain(directory, health + ["GET /health", "--engine", "host"])
            #expect(host.output.contains("verdict      DROPPED") && host.messages.contains("[V113]"))
        }
    }

    @Test func `questions are answered line by line in their order`() async throws {
        let questions = """
            {"from":"shop/web","to":"data/db","protocol":"TCP","port":5432}
            {"from":"shop/cart","to":"data/db","port":5432}

            {"from":"world","to":"shop/web","protocol":"TCP","port":8080}
            {"from":"shop/web","to":"203.0.113.9","protocol":"TCP","port":443}
            {"from":"host","to":"data/db","protocol":"ICMP","port":8}
            {"from":"nobody/here","to":"data/db","port":1}
            not json
            """
        try await Manifests.with(Self.files) { directory in
            let outcome = try await Program.run(
                ["explain", "--questions", "-", "--files", directory],
                input: questions
            )
            #expect(outcome.status == 3 && outcome.messages.contains("2 lines could not be answered"))
            let answers = try outcome.output.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
            #expect(
                answers.map { $0["verdict"] as? String } == [
                    "ALLOWED", "DROPPED", "ALLOWED", "UNCERTAIN", "ALLOWED", nil, nil,
                ]
            )
            #expect(answers.map { $0["l7"] as? Bool }.prefix(3) == [false, false, true])
            let ingress = try #require(answers[0]["ingress"] as? [String: Any])
            #expect(ingress["rules"] as? [String] == ["data/db inbound/1"])
            #expect(answers[3]["dependsOn"] as? [String] == ["DNS_NAME"])
            #expect((answers[5]["error"] as? String)?.contains("nobody/here") == true && answers[6]["error"] != nil)
        }
    }

    @Test func `policies that an engine rejects stop the answer, or are left out`() async throws {
        var files = Self.files
        files["bad.yaml"] = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: bad, namespace: shop}
            spec: {podSelector: {}, ingress: [{ports: [{port: 99999}]}]}

            """
        try await Manifests.with(files) { directory in
            let question = ["world", "shop/cart", "--port", "80"]
            let refused = try await Self.explain(directory, question)
            #expect(refused.status == 3 && refused.messages.contains("bad.yaml:4:") && refused.output.isEmpty)
            let rest = try await Self.explain(directory, question + ["--skip-rejected", "--expect", "allowed"])
            #expect(rest.status == 0 && rest.messages.contains("[V104]"))
        }
    }

    @Test func `the map has one line for each pair, sorted`() async throws {
        try await Manifests.with(Self.files) { directory in
            let map = try await Program.run(["map", "--files", directory])
            let lines = map.output.split(separator: "\n").map(String.init)
            #expect(map.status == 0 && lines == lines.sorted())
            for line in [
                "0.0.0.0-255.255.255.255[External] => shop/web[Deployment] : TCP 8080 (L7 rules decide)",
                "shop/web[Deployment] => data/db[StatefulSet] : TCP 5432",
                "shop/web[Deployment] => 0.0.0.0-255.255.255.255[External] : TCP 443 (uncertain)",
                "shop/cart[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections",
            ] { #expect(lines.contains(line), "\(map.output)") }
            #expect(!map.output.contains("shop/cart[Deployment] => data/db"))
            let focus = try await Program.run(["map", "--files", directory, "--focus", "data/db", "--explain"])
            #expect(focus.output.contains("data/db inbound/1") && !focus.output.contains("cart[Deployment] => 0"))
            let missing = try await Program.run(["map", "--files", directory, "--focus", "data/dbx"])
            #expect(missing.status == 5)
            let document = try await Program.run(["map", "--files", directory, "-o", "json"])
            #expect(try JSONSerialization.jsonObject(with: Data(document.output.utf8)) is [String: Any])
            let picture = try await Program.run(["map", "--files", directory, "-o", "svg"])
            #expect(picture.output.hasPrefix("<svg") && picture.output.contains("data/db"))
            let exposure = try await Program.run(["map", "--files", directory, "--exposure"])
            #expect(exposure.output.contains("shop/cart[Deployment]") && exposure.output.count > map.output.count)
        }
    }

    @Test func `plan tells edits in words and connections apart, and exits 3`() async throws {
        let changed = Manifests.policies.replacing("port: 5432", with: "port: 5433")
        let files = [
            "old/world.yaml": Manifests.world, "old/policies.yaml": Manifests.policies,
            "new/world.yaml": Manifests.world, "new/policies.yaml": changed,
        ]
        try await Manifests.with(files) { directory in
            let sets = ["--old", "\(directory)/old", "--new", "\(directory)/new"]
            let plan = try await Program.run(["plan"] + sets)
            #expect(plan.status == 3)
            #expect(plan.output.contains("data/db  NetworkPolicy  modified"))
            #expect(plan.output.contains("TCP 5432") && plan.output.contains("TCP 5433"))
            #expect(plan.output.contains("shop/web") && plan.output.contains("5432/TCP"))
            let same = try await Program.run(["plan", "--old", "\(directory)/old", "--new", "\(directory)/old"])
            #expect(same.status == 0)
            let quiet = try await Program.run(["plan"] + sets + ["--exit-zero", "-o", "json"])
            #expect(quiet.status == 0)
            #expect(try JSONSerialization.jsonObject(with: Data(quiet.output.utf8)) is [String: Any])
        }
    }

    @Test func `impact replays Hubble's flows against a draft`() async throws {
        let flows =
            Manifests.flow("shop/web", "data/db", 5432) + Manifests.flow("shop/web", "data/db", 5432)
            + Manifests.flow("shop/cart", "data/db", 5432, "DROPPED") + "what is this\n"
        var files = Self.files.merging(["flows.jsonl": flows]) { one, _ in one }
        files["draft/db.yaml"] = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db, namespace: data}
            spec:
              podSelector: {matchLabels: {app: db}}
              ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: cart}}}]}]

            """
        try await Manifests.with(files) { directory in
            let base = ["--files", "\(directory)/world.yaml", "--files", "\(directory)/policies.yaml"]
            let words = base + ["--draft", "\(directory)/draft", "--flows", "\(directory)/flows.jsonl"]
            let impact = try await Program.run(["impact"] + words)
            #expect(impact.status == 3, "\(impact.messages)")
            #expect(impact.output.contains("1 newly dropped") && impact.output.contains("1 newly allowed"))
            #expect(impact.output.contains("Based on 3 flows (2 distinct connections)"))
            #expect(impact.messages.contains("1 lines of"))
            let none = try await Program.run(
                ["impact"] + base + ["--draft", "\(directory)/policies.yaml", "--flows", "\(directory)/flows.jsonl"]
            )
            #expect(none.status == 0 && none.output.contains("0 newly dropped, 0 newly allowed"))
        }
    }

    @Test(arguments: ["NetworkPolicy", "CiliumNetworkPolicy"])
    func `the smallest rule lets the connection through and nothing else`(_ kind: String) async throws {
        let isCilium = kind == "CiliumNetworkPolicy"
        func policy(_ rules: String) -> String {
            """
            apiVersion: \(isCilium ? "cilium.io/v2" : "networking.k8s.io/v1")
            kind: \(kind)
            metadata: {name: db, namespace: data}
            spec:
              \(isCilium ? "endpointSelector" : "podSelector"): {matchLabels: {app: db}}
              ingress:\(rules)

            """
        }
        let closed = ["world.yaml": Manifests.world, "db.yaml": policy(isCilium ? " [{}]" : " []")]
        var questions = [["shop/cart", "data/db", "--port", "5432"], ["203.0.113.7", "data/db", "--port", "53/udp"]]
        if isCilium {
            questions += [["shop/web", "data/db", "--port", "icmp"], ["remote-node", "data/db", "--port", "80"]]
        }
        for question in questions {
            try await Manifests.with(closed) { directory in
                let before = try await Self.explain(directory, question + ["-o", "json"])
                let document = try JSONSerialization.jsonObject(with: Data(before.output.utf8)) as? [String: Any]
                let rule = try #require(document?["rule"] as? String, "\(before.output)")
                try Data(policy("\n  " + rule).utf8).write(to: URL(fileURLWithPath: "\(directory)/db.yaml"))
                let after = try await Self.explain(directory, question + ["--expect", "allowed"])
                #expect(after.status == 0, "\(rule) \(after.output) \(after.messages)")
                for other in questions where other != question {
                    let stays = try await Self.explain(directory, other + ["--expect", "dropped"])
                    #expect(stays.status == 0, "\(rule) also allows \(other)")
                }
            }
        }
    }
}
