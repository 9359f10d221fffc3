// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let good = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: p}
    spec: {podSelector: {}}
    """

@Suite struct PolicyTextTests {
    private func decode(_ text: String, _ options: PolicyDecoder.Options = .init()) -> DecodedDocument {
        PolicyDecoder(options).decode(MarkedText(text).document())
    }

    private func decode(bytes: [UInt8]) -> DecodedDocument {
        PolicyDecoder().decode(SourceDocument(name: "test.yaml", bytes: bytes))
    }

    @Test(arguments: [
        ("a: [1\n⟦x⟧", "did not find expected"), ("a: b\n⟦x⟧a: c", "the key \"a\" occurs twice"),
        ("a: ⟦x⟧*b", "has no anchor"), ("a: &b {c: d}\ne: {⟦x⟧<<: *b}", "merge keys"),
        ("⟦x⟧on: b", "a key must be a string, not the boolean true; put it in quotes"),
        ("a: ⟦x⟧!custom b", "the tag"), ("{\"é\": 1, ⟦x⟧\"é\": 2}", "occurs twice"),
    ])
    func `text that cannot be read is a finding at its place`(text: String, message: String) throws {
        let marked = MarkedText(text)
        let decoded = PolicyDecoder().decode(marked.document())
        let finding = try #require(decoded.findings.first { $0.code == "V101" })
        #expect(finding.message.contains(message), "\(finding)")
        #expect(finding.location == marked.place("x"))
        #expect(decoded.hasErrors)
    }

    @Test func `an equal key names the place of the first`() throws {
        let marked = MarkedText("⟦first⟧a: b\na: c")
        let finding = try #require(PolicyDecoder().decode(marked.document()).findings.first)
        #expect(finding.notes == [Finding.Note("the first is here", at: marked.place("first"))])
    }

    @Test func `equal keys of a big object are found`() {
        let keys = (0..<100).map { "k\($0): 1" } + ["k50: 2"]
        #expect(decode(keys.joined(separator: "\n")).findings.first?.message.contains("\"k50\" occurs twice") == true)
        #expect(!decode(keys.dropLast().joined(separator: "\n")).findings.contains { $0.code == "V101" })
    }

    @Test func `bytes that are not text are findings`() {
        for bytes: [UInt8] in [[0xff, 0xfe, 0x61], [0x61, 0x00], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]] {
            #expect(decode(bytes: bytes).findings.map(\.code) == ["V101"])
        }
    }

    @Test func `deep, huge and exploding texts end in a finding`() {
        let laughs =
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + ["b", "c", "d", "e", "f", "g", "h", "i"].map { letter in
                let before = letter.utf8.map { String(UnicodeScalar($0 - 1)) }.joined()
                return "\(letter): &\(letter) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ",") + "]"
            }.joined(separator: "\n")
        let texts = [
            String(repeating: "[", count: 20_000), String(repeating: "{\"a\":", count: 20_000),
            String(repeating: "- ", count: 10_000) + "a", laughs,
            "[" + (0..<20_000).map { "&a\($0) b" }.joined(separator: ",") + "]",
            (0..<200).map { "%TAG !a\($0)! b\n" }.joined() + "--- a",
            String(repeating: "[[1],[2]]\n", count: 20_000),
            "[" + String(repeating: "1,", count: 60_000) + "1]",
        ]
        for text in texts {
            let decoder = PolicyDecoder(.init(limits: TextLimits(nodes: 50_000)))
            let decoded = decoder.decode(SourceDocument(name: "test.yaml", bytes: Array(text.utf8)))
            #expect(decoded.findings.map(\.code) == ["V101"], "\(text.prefix(20))")
        }
        let huge = decode(bytes: [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1))
        #expect(
            huge.findings.first?.message == "Line 1, column 1: the file has 16777217 bytes, and the limit is 16777216."
        )
    }

    @Test func `findings past the limit are counted`() {
        let decoded = decode(String(repeating: "---\nkind: X\n", count: 600))
        #expect(decoded.findings.count == 500)
        #expect(decoded.omittedFindings == 100)
        #expect(decoded.hasErrors)
    }

    @Test func `a text without objects has nothing to say`() {
        for text in ["", "\n\n", "# only a comment\n", "---\n---\n", "\u{feff}"] {
            let decoded = decode(text)
            #expect(decoded.findings.isEmpty, "\(text.debugDescription): \(decoded.findings)")
        }
    }

    @Test func `JSON is read with tabs, escapes and surrogate pairs`() throws {
        let text = """
            {\t"apiVersion": "networking.k8s.io\\/v1",
            \t"kind": "NetworkPolicy", "metadata": {"name": "p", "annotations": {"note": "\\ud83d\\ude00\\n"}},
            \t"spec": {"podSelector": {}}}
            """
        let decoded = decode(text)
        #expect(decoded.findings.isEmpty, "\(decoded.findings)")
        #expect(decoded.policies.map(\.id.name) == ["p"])
    }

    @Test func `JSON and YAML of one policy mean the same and keep their places`() throws {
        let json = MarkedText(
            """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p"},
             "spec":{"podSelector":{"matchLabels":{"é":⟦x⟧true}}}}
            """
        )
        let finding = try #require(PolicyDecoder().decode(json.document()).findings.last)
        #expect(finding.location == json.place("x"))
        #expect(finding.code == "V115")
    }

    @Test func `lists of objects are read item by item`() {
        let item = "{metadata: {name: a}, spec: {podSelector: {}}}"
        let typed = decode("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: [\(item)]")
        #expect(typed.policies.map(\.id.name) == ["a"])
        let whole = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: b}}"
        let list = decode("apiVersion: v1\nkind: List\nitems: [\(whole), \(whole)]")
        #expect(list.findings.map(\.code) == ["V110"])
    }

    @Test func `documents of one file are read in order`() {
        let second = good.replacing("name: p", with: "name: q")
        #expect(decode(good + "\n---\n" + second + "\n...\n").policies.map(\.id.name) == ["p", "q"])
        #expect(decode(good).policies.first?.id.namespace == "default")
        #expect(decode(good, .init(defaultNamespace: "shop")).policies.first?.id.namespace == "shop")
    }

    @Test func `other kinds are refused or passed over as asked`() {
        let text = "kind: Deployment\nmetadata: {name: a}\n---\n" + good
        #expect(
            decode(text).findings.map(\.message) == [
                "\"Deployment\" is not a policy kind Palisade manages. Use NetworkPolicy, CiliumNetworkPolicy or "
                    + "CiliumClusterwideNetworkPolicy."
            ]
        )
        let passed = decode(text, .init(otherKinds: .passedOver))
        #expect(passed.findings.isEmpty)
        #expect(passed.passedOver == 1)
        #expect(passed.policies.count == 1)
    }

    @Test(arguments: ["image: x\nreplicas: 2", "[{src: a, dst: b}]", "[]", "a text", "{}", "- - 1"])
    func `what is no object at all is passed over among manifests, and refused among policies`(_ other: String) {
        let text = other + "\n---\n" + good
        let passed = decode(text, .init(otherKinds: .passedOver))
        #expect(passed.findings.isEmpty && passed.passedOver == 1 && passed.policies.count == 1)
        #expect(decode(text).hasErrors && decode(text).policies.isEmpty)
    }

    @Test(arguments: [
        "apiVersion: networking.k8s.io/v1\nmetadata: {name: a}\nspec: {}", "spec: {podSelector: {}}",
        "[{kind: NetworkPolicy}]", "items: []", "- metadata: {name: a}", "specs: []",
    ])
    func `what was meant to be an object is never passed over`(_ other: String) {
        #expect(decode(other + "\n---\n" + good, .init(otherKinds: .passedOver)).hasErrors)
    }

    @Test func `policies of other APIs are never passed over`() {
        let text = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}"
        #expect(decode(text, .init(otherKinds: .passedOver)).findings.map(\.code) == ["V103"])
    }

    @Test func `a policy kind of another API group is never passed over`() {
        let text = good.replacing("networking.k8s.io/v1", with: "projectcalico.org/v3")
        #expect(decode(text, .init(otherKinds: .passedOver)).findings.map(\.code) == ["V103"])
    }

    @Test(arguments: [("audit", Mode.audit), ("blocking", Mode.blocking)])
    func `an annotation asks for a mode`(word: String, mode: Mode) {
        let text = good.replacing("{name: p}", with: "{name: p, annotations: {palisade.dev/mode: \(word)}}")
        #expect(decode(text).policies.first?.mode == mode)
        #expect(decode(text.replacing(word, with: "off")).hasErrors)
        #expect(decode(text.replacing(word, with: "\"off\"")).findings.map(\.code) == ["V118"])
    }

    @Test func `hostile text is escaped in messages`() {
        let decoded = decode("kind: \"\\e[31mred\\u202e\"")
        #expect(decoded.findings.first?.message.contains("\\u{1b}[31mred\\u{202e}") == true)
    }

    @Test func `a CIDR group keeps labels and blocks`() throws {
        let text = """
            apiVersion: cilium.io/v2alpha1
            kind: CiliumCIDRGroup
            metadata: {name: office, labels: {kind: vpn}}
            spec: {externalCIDRs: [10.0.0.0/8, "2001:db8::/32"]}
            """
        let group = try #require(decode(text).cidrGroups.first)
        #expect(group.prefixes.map(\.description) == ["10.0.0.0/8", "2001:db8::/32"])
        #expect(group.labels == ["kind": "vpn"])
    }
}
