// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// policy lint --fix, test, suggest and convert: what they write, and that it is right.
@Suite(.serialized) struct PolicyFileCommandTests {
    @Test func `lint mends what is safe and leaves every other byte`() async throws {
        let text = """
            # Who may talk to web.
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}   # owned by the web team
            spec:
              podSelector: {}
              policyTypes: ["Egress"]
              egres:
              - to: [{ipBlock: {cidr: 10.1.2.3/8}}]

            """
        let mended = text.replacing("egres:", with: "egress:").replacing("10.1.2.3/8", with: "10.0.0.0/8")
        try await Manifests.with(["web.yaml": text]) { directory in
            let path = "\(directory)/web.yaml"
            let before = try await Program.run(["policy", "lint", path])
            #expect(before.status == 3 && before.output.contains("[V102]"))
            let outcome = try await Program.run(["policy", "lint", path, "--fix"])
            #expect(outcome.messages.contains("fixed [V102]") && outcome.messages.contains("fixed [V108]"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == mended)
            let again = try await Program.run(["policy", "lint", path, "--fix"])
            #expect(!again.messages.contains("fixed") && again.status == 0, "\(again.output)")
        }
    }

    @Test func `fmt tidies files, says which are not tidy, and leaves what it cannot read`() async throws {
        let tidy = """
            # Who may talk to web.
            kind: NetworkPolicy
            apiVersion: networking.k8s.io/v1
            metadata: {name: web, namespace: "shop"}
            spec:
              # Everybody.
              podSelector: {}

            """
        let spread = tidy.replacing("  ", with: "    ").replacing("kind: ", with: "kind:  ")
        let untidy = "\(spread.dropLast())   \r\n\n"
        let broken = "a:  b\na: c  "
        try await Manifests.with(["a.yaml": untidy, "b.yaml": tidy]) { directory in
            let path = "\(directory)/a.yaml"
            let printed = try await Program.run(["policy", "fmt", path])
            #expect(printed.output == tidy && printed.status == 0)
            #expect(try await Program.run(["policy", "fmt", "-"], input: untidy).output == tidy)
            let check = try await Program.run(["policy", "fmt", directory, "--check"])
            #expect(check.output == path + "\n" && check.status == 3)
            let difference = try await Program.run(["policy", "fmt", directory, "--diff"])
            #expect(
                difference.status == 3 && difference.output.contains("-kind:  Net")
                    && difference.output.contains("+kind: Net")
            )
            #expect(try String(contentsOfFile: path, encoding: .utf8) == untidy)
            #expect(try await Program.run(["policy", "fmt", directory]).status == 2)
            let written = try await Program.run(["policy", "fmt", directory, "-w"])
            #expect(written.status == 0 && written.messages.contains("a.yaml: tidied\n1 file of 2 tidied."))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == tidy)
            #expect(try await Program.run(["policy", "fmt", directory, "--check"]).status == 0)
            try Data(broken.utf8).write(to: URL(fileURLWithPath: path))
            let refused = try await Program.run(["policy", "fmt", directory, "--write"])
            #expect(refused.status == 3 && refused.messages.contains("a.yaml:2:1: error: [V101]"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == broken)
        }
    }

    @Test func `lint writes reports for continuous integration`() async throws {
        let text =
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelecter: {}}\n"
        try await Manifests.with(["web.yaml": text]) { directory in
            let sarif = try await Program.run(["policy", "lint", directory, "-o", "sarif"])
            let report = try JSONSerialization.jsonObject(with: Data(sarif.output.utf8)) as? [String: Any]
            #expect(sarif.status == 3 && report?["version"] as? String == "2.1.0")
            let junit = try await Program.run(["policy", "lint", directory, "-o", "junit"])
            #expect(junit.output.contains("<testsuite") && junit.output.contains("V102"))
            let github = try await Program.run(["policy", "lint", directory, "-o", "github"])
            #expect(github.output.hasPrefix("::error file=\(directory)/web.yaml,line=4,"))
        }
    }

    @Test func `lint checks policies against the workloads beside them`() async throws {
        let wrong = Manifests.policies.replacing(
            "podSelector: {matchLabels: {app: db}}",
            with: "podSelector: {matchLabels: {app: dbs}}"
        )
        try await Manifests.with(["world.yaml": Manifests.world, "policies.yaml": wrong]) { directory in
            let outcome = try await Program.run(["policy", "lint", directory])
            #expect(outcome.output.contains("[V120] No pods match app=dbs. Closest existing value: app=db."))
            try Data(Manifests.flow("shop/web", "data/db", 5432).utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/flows.jsonl"))
            let used = try await Program.run(["policy", "lint", directory, "--flows", "\(directory)/flows.jsonl"])
            #expect(used.output.contains("[V124]"))
        }
    }

    @Test func `expectations are written from what is, and fail when it changes`() async throws {
        try await Manifests.with(["world.yaml": Manifests.world, "policies.yaml": Manifests.policies]) { directory in
            let base = ["--files", "\(directory)/world.yaml", "--files", "\(directory)/policies.yaml"]
            let template = try await Program.run(["policy", "test", "--init"] + base)
            #expect(template.status == 0 && template.output.contains("expect: allowed"))
            let path = "\(directory)/expectations.yaml"
            try Data(template.output.utf8).write(to: URL(fileURLWithPath: path))
            let passed = try await Program.run(["policy", "test", path] + base)
            #expect(passed.status == 0, "\(passed.output)")
            let open = Manifests.policies.replacing("port: 5432", with: "port: 5433")
            try Data(open.utf8).write(to: URL(fileURLWithPath: "\(directory)/policies.yaml"))
            let failed = try await Program.run(["policy", "test", path] + base)
            #expect(failed.status == 3 && failed.output.contains("data/db"))
            let junit = try await Program.run(["policy", "test", path, "-o", "junit"] + base)
            #expect(junit.status == 3 && junit.output.contains("<failure"))
        }
    }

    @Test func `suggested policies allow what passed and nothing that was only dropped`() async throws {
        let flows =
            Manifests.flow("shop/web", "data/db", 5432) + Manifests.flow("shop/cart", "data/db", 5432, "DROPPED")
        try await Manifests.with(["world.yaml": Manifests.world, "flows.jsonl": flows]) { directory in
            for kind in ["kubernetes", "cilium"] {
                let suggested = try await Program.run([
                    "policy", "suggest", "--flows", "\(directory)/flows.jsonl", "--kind", kind, "--files",
                    "\(directory)/world.yaml",
                ])
                #expect(suggested.status == 0 && suggested.messages.contains("Covers 100"), "\(suggested.messages)")
                let path = "\(directory)/suggested.yaml"
                try Data(suggested.output.utf8).write(to: URL(fileURLWithPath: path))
                let base = ["--port", "5432", "--files", "\(directory)/world.yaml", "--files", path]
                let web = try await Program.run(["explain", "shop/web", "data/db", "--expect", "allowed"] + base)
                let cart = try await Program.run(["explain", "shop/cart", "data/db", "--expect", "dropped"] + base)
                #expect(web.status == 0 && cart.status == 0, "\(kind): \(web.output) \(cart.output)")
            }
        }
    }

    @Test func `a conversion keeps the meaning or says what would be lost`() async throws {
        try await Manifests.with(["world.yaml": Manifests.world, "policies.yaml": Manifests.policies]) { directory in
            let cilium = try await Program.run(["policy", "convert", "--to", "cilium", "\(directory)/policies.yaml"])
            #expect(
                cilium.output.contains("kind: CiliumNetworkPolicy")
                    && cilium.output.contains(#"namespace.labels.team": edge"#)
            )
            let back = try await Program.run(["policy", "convert", "--to", "kubernetes", "\(directory)/policies.yaml"])
            #expect(back.status == 3 && back.output.isEmpty)
            #expect(back.messages.contains("data/db is a NetworkPolicy already."))
            #expect(back.messages.contains("would lose HTTP rules"))
            try Data(cilium.output.utf8).write(to: URL(fileURLWithPath: "\(directory)/policies.yaml"))
            let again = try await Program.run([
                "explain", "shop/web", "data/db", "--port", "5432", "--files", directory,
            ])
            #expect(again.output.contains("verdict      ALLOWED"), "\(again.output)")
        }
    }

    @Test func `the running environment answers with the same words`() async throws {
        try await RunningServer.serving { server in
            let place = ["--data", server.directory]
            let map = try await Program.run(["map"] + place)
            #expect(map.status == 0, "\(map.messages)")
            #expect(map.output.contains("data/db[Container] => shop/web[Container] : All Connections"))
            #expect(!map.output.contains("shop/web[Container] => data/db"))
            let questions = #"{"from":"shop/web","to":"data/db","port":5432}"#
            let answers = try await Program.run(["explain", "--questions", "-"] + place, input: questions)
            #expect(answers.output.contains(#""verdict":"DROPPED""#))
            let open =
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open, namespace: data}\n"
                + "spec: {podSelector: {}, ingress: [{}]}\n"
            try await Manifests.with(["open.yaml": open]) { directory in
                let plan = try await Program.run(["plan", "-f", "\(directory)/open.yaml"] + place)
                #expect(plan.status == 3 && plan.output.contains("data/open  NetworkPolicy  added"))
                let impact = try await Program.run(["impact", "-f", "\(directory)/open.yaml", "--since", "1h"] + place)
                #expect(impact.output.contains("No traffic was recorded") && impact.status == 0, "\(impact.output)")
            }
        }
    }
}
