// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func corpus() throws -> [[UInt8]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples/shop")
    let files = try ["namespaces", "policies", "workloads"].map { name in
        Array(try Data(contentsOf: root.appending(path: "\(name).yaml")))
    }
    let json = """
        {"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"p"},"spec":{"endpointSelector":{},\
        "egress":[{"toCIDRSet":[{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}],"toPorts":[{"ports":[{"port":"53",\
        "protocol":"UDP"}],"rules":{"dns":[{"matchPattern":"*"}]}}]},{"icmps":[{"fields":[{"type":8}]}]}]}}
        """
    return files + [Array(json.utf8), Array(orderedAndWorld.utf8)]
}

/// Policies of the ordered tiers, and the objects of a world that policies refer to.
private let orderedAndWorld = """
    apiVersion: policy.networking.k8s.io/v1alpha1
    kind: AdminNetworkPolicy
    metadata: {name: guard}
    spec:
      priority: 10
      subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
      ingress:
      - {name: pass, action: Pass, from: [{namespaces: {matchLabels: {team: a}}}], ports: [{portNumber: {port: 5432}}]}
      - {action: Deny, from: [{namespaces: {}}]}
      egress:
      - action: Allow
        to: [{networks: [10.0.0.0/8]}, {nodes: {}}, {domainNames: ["*.example.com"]}]
        ports: [{portRange: {protocol: UDP, start: 1, end: 9}}]
    ---
    apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    metadata: {name: base}
    spec:
      tier: Baseline
      priority: 1
      subject: {namespaces: {}}
      ingress:
      - {action: Accept, from: [{pods: {podSelector: {}}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}
    ---
    kind: List
    items:
    - {kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}
    - {kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, \
    endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]}
    - {kind: Endpoints, metadata: {name: kubernetes}, subsets: [{addresses: [{ip: 192.0.2.1}]}]}
    - {kind: Node, metadata: {name: node-1, labels: {zone: a}}, status: {addresses: [{address: 192.0.2.1}]}}

    """

/// Readers that take different ways through the same texts.
private let readers = [
    WorldReader(.init(tieredPolicies: .read)),
    WorldReader(
        .init(
            reach: .layer7,
            tieredPolicies: .read,
            unknownPeers: .closed,
            semantics: .cilium,
            cilium: CiliumSettings(version: CiliumVersion(1, 16), cidrMatchMode: [.nodes])
        )
    ),
]

/// Changes a text a little: the kinds of damage that editors, merges and attackers do.
private func mutate(_ text: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    let tokens = [
        "[]", "{}", "null", "- ", ": ", "\n", "\t", "&a ", "*a", "<<: ", "!!str ", "---\n", "...", "\"", "'", "\\u0000",
        "|",
        ">", "#", "\u{feff}", "é", "yes", "0x1F", "-1", "65536", "*", "?", "%YAML 1.1\n", "[[[[[[", "{\"a\":", "\u{85}",
    ]
    var result = text
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
        guard !result.isEmpty else { return Array("a".utf8) }
        let start = Int.random(in: 0..<result.count, using: &generator)
        let end = min(result.count, start + Int.random(in: 1...20, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: result[start] = UInt8.random(in: 0...255, using: &generator)
        case 1: result.removeSubrange(start..<end)
        case 2: result.insert(contentsOf: Array(result[start..<end]), at: start)
        case 3: result.removeSubrange(start..<result.count)
        default:
            let token = tokens[Int.random(in: 0..<tokens.count, using: &generator)]
            result.insert(contentsOf: token.utf8, at: start)
        }
    }
    return result
}

@Suite struct PolicyTextFuzzTests {
    /// Small texts, so that many can be read: single objects, and every case of the conformance tests.
    private static func smallTexts() throws -> [[UInt8]] {
        var texts = try corpus().flatMap { text in
            String(decoding: text, as: UTF8.self).components(separatedBy: "\n---\n").map { Array($0.utf8) }
        }
        let cases = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ConformanceTests/Cases")
        let files = FileManager.default.enumerator(at: cases, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "yaml" {
            texts.append(Array(try Data(contentsOf: file)))
        }
        return texts.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// `PALISADE_NIGHTLY=1` reads ten million texts, else it is two hundred thousand; four parts make them.
    private static let isNightly = ProcessInfo.processInfo.environment["PALISADE_NIGHTLY"] == "1"
    private static let textsPerPart = isNightly ? 2_500_000 : 50_000

    @Test(arguments: 0..<4)
    func `no damaged text crashes the decoder, holds it up or slips past its errors`(_ part: Int) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let (small, whole) = (try Self.smallTexts(), try corpus())
        #expect(small.count > 500)
        let watch = InputWatch("part \(part), seed \(seed)")
        defer { watch.finish() }
        for round in 0..<Self.textsPerPart {
            let texts = round % 100 == 0 ? whole : small
            let bytes = mutate(texts[Int.random(in: 0..<texts.count, using: &generator)], &generator)
            let document = SourceDocument(name: "fuzz.yaml", bytes: bytes)
            let reader = readers[round % readers.count]
            let decoded = try #require(watch.reading(round) { reader.read([document]) }.documents.first)
            let isError = decoded.findings.contains { $0.severity == .error }
            if isError != decoded.hasErrors || (decoded.hasErrors && !decoded.policies.isEmpty)
                || decoded.findings.count > 500
            {
                Issue.record("part \(part), seed \(seed), round \(round)")
            }
        }
        let (slowest, memory) = (watch.slowest, InputWatch.peakMemory() >> 20)
        // The largest text has 2 KB and takes milliseconds, in a debug build too.
        #expect(slowest.seconds < 5, "part \(part), seed \(seed), round \(slowest.input): \(slowest.seconds) s")
        // Other tests run in the same process, but for the nightly size.
        #expect(memory < (Self.isNightly ? 256 : 2048), "\(memory) MB")
        if Self.isNightly {
            print("part \(part), seed \(seed): slowest \(slowest.seconds) s at \(slowest.input), peak \(memory) MB")
        }
    }

    @Test func `the order of keys changes no meaning`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for text in try corpus() {
            let original = meaning(of: text)
            for _ in 0..<20 {
                var documents: [[UInt8]] = []
                let problem = TextReader.read(text, limits: TextLimits()) {
                    documents.append(Array(shuffled($0, &generator).utf8))
                    return true
                }
                #expect(problem == nil)
                let joined = Array(documents.joined(separator: Array("\n---\n".utf8)))
                #expect(meaning(of: joined) == original, "seed \(seed)")
                let apart = documents.shuffled(using: &generator).flatMap { meaning(of: $0) }.sorted { $0.id < $1.id }
                #expect(apart == original, "seed \(seed)")
            }
        }
    }

    /// Policies without their places, sorted.
    private func meaning(of bytes: [UInt8]) -> [Policy] {
        let nowhere = SourceLocation(document: "", line: 0, column: 0)
        let decoder = PolicyDecoder(.init(otherKinds: .passedOver, tieredPolicies: .read))
        let decoded = decoder.decode(SourceDocument(name: "x", bytes: bytes))
        #expect(!decoded.hasErrors, "\(decoded.findings)")
        return decoded.policies.sorted { $0.id < $1.id }.map { policy in
            var policy = policy
            policy.location = nowhere
            for index in policy.specs.indices {
                policy.specs[index].location = nowhere
                for rule in policy.specs[index].rules.indices { policy.specs[index].rules[rule].location = nowhere }
            }
            return policy
        }
    }

    /// The node as JSON with the keys of every object in random order.
    private func shuffled(_ node: TextNode, _ generator: inout SeededGenerator) -> String {
        switch node.content {
        case .scalar(let scalar):
            guard case .string(let text) = scalar.value else { return scalar.text.isEmpty ? "null" : scalar.text }
            return quoted(text)
        case .sequence(let items):
            var parts: [String] = []
            for item in items { parts.append(shuffled(item, &generator)) }
            return "[\(parts.joined(separator: ","))]"
        case .mapping(let pairs):
            var parts: [String] = []
            for pair in pairs.shuffled(using: &generator) {
                parts.append("\(quoted(pair.key.name)):\(shuffled(pair.value, &generator))")
            }
            return "{\(parts.joined(separator: ","))}"
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
