// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
public import PolicyFormats
public import PolicyModel

/// Reads policy tests: documents of kind `PolicyTest` with a list of expectations.
///
/// ```yaml
/// apiVersion: palisade.dev/v1
/// kind: PolicyTest
/// expectations:
/// - {from: shop/api, to: data/db, port: 5432/tcp, expect: allowed, reason: The api keeps its orders there.}
/// - {from: {namespace: shop, labels: {app: web}}, to: world, expect: dropped}
/// - {from: shop/web, to: shop/api, port: 8080, http: GET /orders, expect: allowed}
/// ```
public struct ExpectationReader: Sendable {
    private let limits: TextLimits

    public init(limits: TextLimits = TextLimits()) { self.limits = limits }

    /// The expectations in the order of the text, and remarks; with an error among them the expectations are empty.
    /// - Complexity: linear in bytes.
    public func read(_ document: SourceDocument) -> (expectations: [PolicyExpectation], findings: [Finding]) {
        var reading = Reading(document: document.name)
        let problem = TextReader.read(document.bytes, limits: limits) { root in
            reading.add(root)
            return reading.findings.count < limits.findings
        }
        if let problem { reading.report(.unreadable(problem), at: problem.mark) }
        let hasErrors = reading.findings.contains { $0.severity == .error }
        return (hasErrors ? [] : reading.expectations, reading.findings.sorted { $0.location < $1.location })
    }

    /// One document while it is read.
    private struct Reading {
        var document: String
        var expectations: [PolicyExpectation] = []
        var findings: [Finding] = []

        private static let fields = ["from", "to", "port", "http", "dns", "expect", "reason"]

        init(document: String) { self.document = document }

        func location(_ mark: TextMark) -> SourceLocation {
            SourceLocation(document: document, line: Int(mark.line), column: Int(mark.column))
        }

        mutating func report(_ remark: PolicyRemark, at mark: TextMark) {
            findings.append(remark.finding(at: location(mark)))
        }

        mutating func add(_ root: TextNode) {
            refuseUnknown(root, ["apiVersion", "kind", "expectations"], in: "the document")
            if root["kind"]?.string != "PolicyTest" {
                report(.missing("the document", "kind \"PolicyTest\""), at: root.start)
            }
            if root["apiVersion"]?.string != "palisade.dev/v1" {
                report(.missing("the document", "apiVersion \"palisade.dev/v1\""), at: root.start)
            }
            guard let list = root["expectations"], case .sequence(let items) = list.content else {
                return report(.missing("the document", "a list of \"expectations\""), at: root.start)
            }
            for (index, item) in items.enumerated() { addExpectation(item, "expectations[\(index)]") }
        }

        private mutating func addExpectation(_ node: TextNode, _ path: String) {
            guard case .mapping = node.content else {
                return report(.wrongType(path, expected: "an object", found: node, quote: false), at: node.start)
            }
            refuseUnknown(node, Self.fields, in: path)
            let from = end(node["from"], "\(path).from", node)
            let to = end(node["to"], "\(path).to", node)
            let service = service(node["port"], "\(path).port")
            let request = request(node, path, service)
            let words = PolicyExpectation.Outcome.allCases.map(\.rawValue)
            guard let word = node["expect"] else {
                return report(.missing(path, "\"expect\""), at: node.start)
            }
            guard let outcome = word.string.flatMap({ PolicyExpectation.Outcome(rawValue: $0) }) else {
                let text = word.string ?? word.typeDescription
                let near = nearest(to: text, among: words)
                return report(.notAllowed(text, for: "\(path).expect", allowed: words, near: near), at: word.start)
            }
            if service == nil, !request.isEmpty {
                report(.missing(path, "a \"port\" for its http or dns"), at: node.start)
            }
            guard let from, let to else { return }
            let expectation = PolicyExpectation(
                from: from,
                to: to,
                service: service,
                request: request,
                expected: outcome,
                reason: node["reason"]?.string,
                location: location(node.start)
            )
            expectations.append(expectation)
        }

        private mutating func end(_ node: TextNode?, _ path: String, _ parent: TextNode) -> PolicyExpectation.End? {
            guard let node, !node.isNull else {
                report(.missing(path, "a name, an address, an entity, or labels"), at: parent.start)
                return nil
            }
            if case .mapping = node.content { return pods(node, path) }
            guard let text = node.string, let name = PartyName(text) else {
                let entities = PartyName.entities.map(\.rawValue).sorted().joined(separator: ", ")
                let shownText = shown(node.string ?? node.typeDescription)
                let sentence =
                    "\"\(shownText)\" is nobody's name: write namespace/name, an address, or one of: \(entities)."
                report(.invalid(sentence), at: node.start)
                return nil
            }
            return .name(name)
        }

        private mutating func pods(_ node: TextNode, _ path: String) -> PolicyExpectation.End? {
            refuseUnknown(node, ["namespace", "labels"], in: path)
            var labels: [String: String] = [:]
            for pair in node["labels"]?.pairs ?? [] {
                let key = pair.key.name
                guard let value = pair.value.string else {
                    let remark = PolicyRemark.wrongType(
                        "\(path).labels",
                        expected: "a string",
                        found: pair.value,
                        quote: true
                    )
                    report(remark, at: pair.value.start)
                    return nil
                }
                labels[key] = value
            }
            guard node["namespace"]?.string != nil || !labels.isEmpty else {
                report(.missing(path, "a \"namespace\" or \"labels\""), at: node.start)
                return nil
            }
            return .pods(namespace: node["namespace"]?.string, labels: labels)
        }

        /// `5432`, `53/udp`, `8/icmp`; TCP unless another protocol is named.
        private mutating func service(_ node: TextNode?, _ path: String) -> Service? {
            guard let node, !node.isNull, case .scalar(let scalar) = node.content else { return nil }
            let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let ipProtocol = parts.count == 1 ? IPProtocol.tcp : IPProtocol(name: parts[1])
            guard parts.count <= 2, let port = UInt16(parts[0]), let ipProtocol,
                !ipProtocol.isICMP || port <= 255, ipProtocol.hasPorts || ipProtocol.isICMP || port == 0
            else {
                report(
                    .invalid("\"\(shown(scalar.text))\" is not a port: write 443, 53/udp or 8/icmp."),
                    at: node.start
                )
                return nil
            }
            return Service(ipProtocol, port: port)
        }

        private mutating func request(_ node: TextNode, _ path: String, _ service: Service?) -> RequestFacts {
            var request = RequestFacts(dns: node["dns"]?.string, on: service)
            guard let http = node["http"] else { return request }
            let words = (http.string ?? "").split(separator: " ").map(String.init)
            guard words.count == 2 || words.count == 3 else {
                report(
                    .invalid("\(path).http is written like \"GET /orders\" or \"GET /orders shop.example\"."),
                    at: http.start
                )
                return request
            }
            request.http = .init(method: words[0], path: words[1], host: words.count == 3 ? words[2] : nil)
            return request
        }

        private mutating func refuseUnknown(_ node: TextNode, _ known: [String], in path: String) {
            for pair in node.pairs {
                let name = pair.key.name
                guard !known.contains(name) else { continue }
                report(.unknownField(name, in: path, near: nearest(to: name, among: known)), at: pair.key.start)
            }
        }
    }
}
