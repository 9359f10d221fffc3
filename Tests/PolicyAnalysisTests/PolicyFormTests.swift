// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel
import TestSupport
import Testing

private func forms(_ text: String) -> PolicyFormText {
    PolicyFormText(SourceDocument(name: "p.yaml", bytes: Array(text.utf8)))
}

private func cilium(_ spec: String) -> PolicyForm? {
    forms("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n" + spec)
        .firstForm
}

private func network(_ spec: String) -> PolicyForm? {
    forms("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n" + spec).firstForm
}

@Suite struct PolicyFormTests {
    @Test(arguments: [
        ("  podSelector: {}\n", FormSection.State.denyAll, FormSection.State.notRestricted),
        ("  podSelector: {}\n  policyTypes: [Egress]\n", .notRestricted, .denyAll),
        ("  podSelector: {}\n  policyTypes: [Egress]\n  ingress: [{}]\n", .notRestricted, .denyAll),
        ("  podSelector: {}\n  ingress: [{}]\n  egress: [{}]\n", .restricted, .restricted),
        ("  podSelector: {}\n  ingress: []\n  egress: []\n", .denyAll, .notRestricted),
        ("  podSelector: {}\n  ingress:\n  policyTypes:\n", .denyAll, .notRestricted),
    ])
    func `directions of a NetworkPolicy`(spec: String, inbound: FormSection.State, outbound: FormSection.State) {
        let form = network(spec)
        #expect(form?.inbound.state == inbound && form?.outbound.state == outbound)
    }

    @Test(arguments: [
        ("  endpointSelector: {}\n  ingress: [{}]\n", FormSection.State.denyAll, FormSection.State.notRestricted),
        ("  endpointSelector: {}\n  ingress: []\n  egress: [{}]\n", .notRestricted, .denyAll),
        ("  endpointSelector: {}\n  ingressDeny: [{fromEntities: [world]}]\n", .restricted, .notRestricted),
        ("  endpointSelector: {}\n  egress: [{}]\n  enableDefaultDeny: {egress: false}\n", .notRestricted, .additive),
        ("  endpointSelector: {}\n  egress: [{toEntities: [all]}]\n", .notRestricted, .restricted),
    ])
    func `directions of a CiliumNetworkPolicy`(spec: String, inbound: FormSection.State, outbound: FormSection.State) {
        let form = cilium(spec)
        #expect(form?.inbound.state == inbound && form?.outbound.state == outbound)
    }

    @Test(arguments: [
        ("fromEndpoints: [{}]", FormRule.Whom.listed), ("fromEndpoints: []", .nobody), ("{}", .nobody),
        ("toPorts: [{ports: [{port: \"80\"}]}]", .anyone),
        ("fromEndpoints: []\n    toPorts: [{ports: [{port: \"80\"}]}]", .nobody),
        ("icmps: [{fields: [{type: 8}]}]", .anyone), ("fromNodes: [{}]", .listed),
    ])
    func `whom a Cilium rule is about`(rule: String, whom: FormRule.Whom) {
        #expect(cilium("  endpointSelector: {}\n  ingress:\n  - \(rule)\n")?.inbound.rules.first?.whom == whom)
    }

    @Test func `what the form cannot express is locked at its place and the rest is not`() throws {
        let form = try #require(
            cilium(
                """
                  endpointSelector: {}
                  nodeSelektor: {}
                  ingress:
                  - fromEndpoints:
                    - matchLabels: {app: gw}
                    authentication: {mode: required}
                    toPorts:
                    - ports: [{port: "80", protocol: TCP}]
                      rules:
                        http:
                        - {method: GET, path: /a}
                        - {method: GET, headers: ["X-A: b"]}
                  - fromCIDRSet:
                    - cidrGroupRef: partners
                    - cidr: 10.0.0.0/8

                """
            )
        )
        #expect(
            form.allLocked.map { "\($0.part.path) \($0.title) \($0.part.span.firstLine)" } == [
                "spec.nodeSelektor Unknown field nodeSelektor 6",
                "spec.ingress[0].authentication Mutual authentication 10",
                "spec.ingress[0].toPorts[0].rules.http[1] HTTP header match 16",
                "spec.ingress[1].fromCIDRSet[0] CIDR group 18",
            ]
        )
        #expect(form.inbound.rules[0].http.map(\.value) == [HTTPValue(method: "GET", path: "/a")])
        #expect(form.inbound.rules[1].peers.map(\.value) == [.block(cidr: "10.0.0.0/8", except: [])])
    }

    @Test func `parts know their lines and ids`() throws {
        let text =
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n"
            + "  ingress:\n  - from:\n    - ipBlock: {cidr: \"::/0\"}\n    ports:\n    - port: 80\n      endPort: 90\n\n  - {}\n"
        let rules = try #require(forms(text).firstForm).inbound.rules
        let port = try #require(rules.first?.ports.first)
        #expect(port.part.id == "inbound.1.ports.0" && port.part.path == "spec.ingress[0].ports[0]")
        #expect(port.part.span.firstLine == 10 && port.part.span.lastLine == 11)
        let slice = Array(text.utf8)[port.part.span.start..<port.part.span.end]
        #expect(String(decoding: slice, as: UTF8.self) == "port: 80\n      endPort: 90")
        #expect(rules.map(\.part.id) == ["inbound.1", "inbound.2"] && rules[1].whom == .anyone)
    }

    @Test func `documents of other kinds are locked and their neighbours are not`() {
        let text =
            "kind: Pod\nmetadata: {name: p}\n---\n# nothing\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: a, namespace: shop}\nspec: {podSelector: {}}\n---\n- a list\n"
        let documents = forms(text).documents
        #expect(documents.map(\.title) == ["Pod p", "NetworkPolicy shop/a", "Document"])
        #expect(documents.map { $0.form == nil } == [true, false, true])
        #expect(documents.map { $0.locked?.title } == ["Pod", nil, "Unknown kind"])
    }

    @Test func `a text that does not parse has its place and no form`() {
        let text = forms("kind: NetworkPolicy\nmetadata: {name: a\nspec: x: y\n")
        #expect(text.documents.isEmpty && text.problem?.code == "V101")
        #expect(text.problem?.message.hasPrefix("Line 3, column ") ?? false)
    }

    @Test func `forms and edits survive JSON`() throws {
        let form = try #require(
            cilium("  endpointSelector: {matchLabels: {a: b}}\n  ingress: [{fromEntities: [host]}]\n")
        )
        let data = try JSONEncoder().encode(form)
        #expect(try JSONDecoder().decode(PolicyForm.self, from: data) == form)
        let edit = FormEdit.addPeer(
            rule: "inbound.1",
            peer: .pods(labels: [LabelTest("a", .exists, [])], namespaces: .all)
        )
        let text = try JSONEncoder().encode(edit)
        #expect(try JSONDecoder().decode(FormEdit.self, from: text) == edit)
    }

    @Test(arguments: [
        "&a [*a", "spec: &a {ingress: [*a]}", "kind: NetworkPolicy\nspec:\n  ingress:\n  - *x\n",
        "kind: NetworkPolicy\nspec: [1]\n",
        "kind: NetworkPolicy\nspec:\n  ingress: {a: b}\n  egress: 3\n  podSelector: [x]\n", "kind: {a: b}",
        "\u{FEFF}kind: NetworkPolicy",
        "kind: NetworkPolicy\nspec:\n  podSelector: &a\n    matchLabels: &b {x: y}\n  ingress:\n  - from:\n    - podSelector: *a\n      namespaceSelector: {matchLabels: *b}\n",
        "kind: CiliumNetworkPolicy\nspec:\n  ingress:\n  - toPorts:\n    - 1\n    - ports: [a, {port: [b]}]\n      rules: {http: [x, {path: 3}], dns: [{}]}\n    icmps: [3, {fields: [x]}]\n    fromEndpoints: [3, {matchLabels: {a: 1}}]\n",
    ])
    func `odd texts are shown as far as they go and take edits or refuse them`(text: String) {
        let document = SourceDocument(name: "p.yaml", bytes: Array(text.utf8))
        let shown = PolicyFormText(document)
        #expect(shown.problem != nil || !shown.documents.isEmpty)
        for edit in Self.manyEdits {
            guard case .edited(let bytes) = FormEditor(document).applying(edit, confirmed: true) else { continue }
            #expect(PolicyFormText(SourceDocument(name: "p.yaml", bytes: bytes)).problem == nil)
        }
    }

    private static let manyEdits: [FormEdit] = [
        .setName(name: "x"), .setAnnotation(key: "a", value: "b"), .setDescription(text: "d"),
        .setState(direction: .ingress, state: .denyAll), .setState(direction: .egress, state: .denyAll),
        .addRule(direction: .ingress, action: .allow, rule: RuleDraft()), .removeRule(id: "inbound.1"),
        .duplicateRule(id: "inbound.1"), .moveRule(id: "inbound.1", by: .max),
        .setAction(id: "inbound.1", action: .deny),
        .addPeer(rule: "inbound.1", peer: .pods(labels: [], namespaces: .all)), .removePeer(id: "inbound.1.peers.0"),
        .addTest(selector: "subject", test: LabelTest("a", .exists, [])), .removeTest(id: "subject.labels.0"),
        .addPort(rule: "inbound.1", port: PortValue("80")), .removePort(id: "inbound.1.ports.0"),
        .addHTTP(rule: "inbound.1", http: HTTPValue(method: "GET", path: nil)), .removeHTTP(id: "inbound.1.http.0"),
        .addICMP(rule: "inbound.1", icmp: ICMPValue(family: nil, type: "8")), .removeICMP(id: "inbound"),
        .removeDNS(id: ""),
    ]

    @Test func `broken and shuffled texts neither crash nor take long`() {
        let whole = Array(
            """
            # c
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: db, namespace: data}
            spec:
              endpointSelector: &s {matchLabels: {app: "x"}}
              ingress:
              - fromEndpoints: [*s, {matchExpressions: [{key: a, operator: In, values: [b]}]}]
                toPorts:
                - ports:
                  - {port: "1", endPort: 2}
              egress:
              - toFQDNs:
                - matchPattern: '*.x'

            """.utf8
        )
        var random = SeededRandom()
        let seed = random.seed
        let start = ContinuousClock.now
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 2:
                    bytes.insert(
                        contentsOf: Array("{}[]&*-:\n #'\"".utf8).shuffled(using: &random).prefix(2),
                        at: place
                    )
                default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            let document = SourceDocument(name: "p.yaml", bytes: bytes)
            _ = PolicyFormText(document)
            let edit = Self.manyEdits.randomElement(using: &random) ?? .setName(name: "x")
            _ = FormEditor(document).applying(edit, confirmed: true)
        }
        #expect(start.duration(to: .now) < .seconds(60), "seed \(seed)")
    }

    @Test func `a text of many aliases is bounded`() {
        var text = "kind: NetworkPolicy\na0: &a0 [x,x,x,x,x,x,x,x]\n"
        for level in 1...8 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ","))]\n"
        }
        #expect(forms(text).problem?.code == "V101")
    }
}
