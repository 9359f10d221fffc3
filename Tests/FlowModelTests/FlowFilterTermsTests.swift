// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

struct FlowFilterTermsTests {
    private static let words = [
        "shop", "a b", "-x", "!y", "q\"uote", "back\\slash", "ns:shop", "*", "ü", "fd00::1", "x:",
    ]

    private static func term(_ random: inout SeededRandom) throws -> FlowFilter.Term {
        let values = [
            "port:80-443", "proto:tcp", "verdict:would-drop", "direction:in", "reason:policy-denied", "ip:10.0.0.0/8",
            "entity:world", "tcpflag:syn", "icmp:8", "agrees:no", "report:ended", "ip:fd00::7", "reason:*DENIED",
        ]
        var term: FlowFilter.Term
        if Bool.random(using: &random) {
            let text = values[Int.random(in: 0..<values.count, using: &random)]
            term = try FlowFilter(parsing: text).terms[0]
        } else {
            let keys: [FlowFilter.Key] = [.namespace, .pod, .workload, .label, .policy, .rule, .text]
            let word = words[Int.random(in: 0..<words.count, using: &random)]
            term = FlowFilter.Term(key: keys[Int.random(in: 0..<keys.count, using: &random)], value: .glob(Glob(word)))
        }
        term.isNegated = Bool.random(using: &random)
        if term.key.hasSides { term.side = FlowFilter.Side.allCases[Int.random(in: 0..<3, using: &random)] }
        return term
    }

    @Test func `a filter read from its own text is the same filter`() throws {
        var random = SeededRandom()
        for _ in 0..<3_000 {
            let filter = FlowFilter(try (0..<Int.random(in: 0..<5, using: &random)).map { _ in try Self.term(&random) })
            #expect(try FlowFilter(parsing: filter.description) == filter, "\(filter), seed \(random.seed)")
        }
    }

    @Test func `a term that is added can be removed, and twice is as good as once`() throws {
        var random = SeededRandom()
        for _ in 0..<500 {
            let filter = FlowFilter(try (0..<3).map { _ in try Self.term(&random) })
            let term = try Self.term(&random)
            guard !filter.terms.contains(term), !filter.terms.contains(term.negated) else { continue }
            let added = filter.adding(term)
            #expect(added.adding(term) == added && added.removing(term) == filter && added.toggling(term) == filter)
            #expect(added.negating(term).negating(term.negated) == added, "seed \(random.seed)")
        }
    }

    @Test func `a term takes the place of its opposite`() throws {
        let filter = try FlowFilter(parsing: "ns:shop -port:80")
        let port = try FlowFilter(parsing: "port:80").terms[0]
        #expect(filter.adding(port).description == "ns:shop port:80")
        #expect(filter.negating(filter.terms[0]).description == "-ns:shop -port:80")
    }

    @Test(arguments: [
        ("prot:tcp", "proto:tcp"), ("-frm.ns:shop", nil), ("from.nss:shop", "from.ns:shop"),
        ("verdict:droped", "verdict:dropped"), ("-verdict:droped", "-verdict:dropped"),
        ("from.verdict:dropped", "verdict:dropped"),
        ("workloda:\"a b\"", "workload:\"a b\""), ("proto:tpc", "proto:tcp"), ("dns:example.org", nil),
        ("svc:web", nil),
    ])
    func `what cannot be read stays where it is, with what was meant`(_ token: String, _ meant: String?) throws {
        let reading = FlowFilterReading("ns:shop  \(token) port:80")
        #expect(reading.parts.count == 3 && reading.filter.description == "ns:shop port:80")
        let problem = try #require(reading.problems.first)
        #expect(problem.token == token && problem.range == 9..<9 + token.unicodeScalars.count)
        #expect(problem.range == reading.parts[1].range)
        if let meant { #expect(problem.suggestion == meant) }
        let error = #expect(throws: FlowFilterError.self) { try FlowFilter(parsing: "ns:shop  \(token) port:80") }
        #expect(error?.problems == reading.problems)
    }

    @Test(arguments: ["svc:a", "dns:a", "identity:5", "node:n", "l7.method:GET", "l7.path:/", "cluster:c", "env:e"])
    func `keys that a host does not record are said to be that`(_ text: String) {
        let problem = FlowFilterReading(text).problems.first
        #expect(problem?.message.contains("is not recorded in this environment") ?? false)
    }
}
