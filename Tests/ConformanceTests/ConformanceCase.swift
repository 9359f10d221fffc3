// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// One case: questions, the answers that the documents give, and the manifests that they are about.
struct ConformanceCase: Sendable, CustomStringConvertible {
    /// One question with its answer.
    struct Ask: Sendable {
        var from: String
        var to: String
        var service: Service
        var request: RequestFacts
        var answer: String
        /// Whether the case says that requests are judged further; `nil` where it leaves that open.
        var isLimited: Bool?
        var line: Int32
    }

    /// Path below `Cases` without the suffix.
    var name: String
    var feature: String
    var about: String
    var reach: EngineReach
    var semantics: PolicySemantics
    var asks: [Ask]
    /// The code of the finding for which the policies are refused; such a case asks nothing.
    var rejected: String?
    /// The manifests as written.
    var manifests: String

    var description: String { name }

    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    init(name: String, text: String) throws {
        guard let end = text.firstRange(of: "\n---\n") else { throw Problem(description: "\(name): no manifests") }
        var header: TextNode?
        let problem = TextReader.read(Array(text[..<end.lowerBound].utf8), limits: TextLimits()) { node in
            header = node
            return true
        }
        guard problem == nil, let header else { throw Problem(description: "\(name): \(problem?.message ?? "empty")") }
        func required(_ key: String) throws -> String {
            guard let value = header[key]?.string else { throw Problem(description: "\(name): no \(key)") }
            return value
        }
        let known: Set = ["case", "feature", "about", "reach", "semantics", "asks", "rejected"]
        for pair in header.pairs where !known.contains(pair.key.name) {
            throw Problem(description: "\(name): unknown field in line \(pair.key.start.line)")
        }
        self.name = name
        guard try name.hasSuffix("/" + required("case")) else { throw Problem(description: "\(name): another name") }
        feature = try required("feature")
        about = try required("about")
        guard let reach = EngineReach(rawValue: try required("reach")) else {
            throw Problem(description: "\(name): unknown reach")
        }
        self.reach = reach
        guard let semantics = PolicySemantics(rawValue: header["semantics"]?.string ?? "kubernetes") else {
            throw Problem(description: "\(name): unknown semantics")
        }
        self.semantics = semantics
        rejected = header["rejected"]?.string
        asks = try (header["asks"]?.items ?? []).map { try Ask($0, in: name) }
        manifests = String(text[end.upperBound...])
        guard asks.isEmpty == (rejected != nil) else { throw Problem(description: "\(name): asks or rejected") }
    }
}

extension ConformanceCase.Ask {
    init(_ node: TextNode, in name: String) throws {
        func problem(_ what: String) -> ConformanceCase.Problem {
            .init(description: "\(name):\(node.start.line): \(what)")
        }
        let known: Set = ["from", "to", "port", "answer", "l7", "http", "dns"]
        for pair in node.pairs where !known.contains(pair.key.name) { throw problem("unknown field") }
        guard let from = node["from"]?.string, let to = node["to"]?.string, let answer = node["answer"]?.string,
            ["allowed", "dropped", "uncertain"].contains(answer)
        else { throw problem("needs from, to and answer") }
        let port = (node["port"]?.string ?? "").split(separator: "/").map(String.init)
        guard port.count == 2, let number = UInt16(port[0]), let ipProtocol = IPProtocol(name: port[1]) else {
            throw problem("needs a port like 80/tcp")
        }
        self.from = from
        self.to = to
        self.answer = answer
        line = node.start.line
        service = Service(ipProtocol, port: number)
        request = RequestFacts(dns: node["dns"]?.string, on: service)
        if let http = node["http"]?.string {
            let words = http.split(separator: " ").map(String.init)
            guard words.count == 2 || words.count == 3 else { throw problem("http is METHOD PATH [HOST]") }
            request.http = .init(method: words[0], path: words[1], host: words.count == 3 ? words[2] : nil)
        }
        if case .scalar(let scalar)? = node["l7"]?.content, case .bool(let value) = scalar.value { isLimited = value }
    }
}
