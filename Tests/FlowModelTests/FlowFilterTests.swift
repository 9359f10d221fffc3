// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

struct FlowFilterTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var filter: String
        var matches: Bool
        var testDescription: String { "\(filter) -> \(matches)" }
    }

    static let table: [Row] = [
        Row(filter: "", matches: true), Row(filter: "ns:shop", matches: true), Row(filter: "ns:data", matches: true),
        Row(filter: "ns:other", matches: false), Row(filter: "from.ns:shop", matches: true),
        Row(filter: "to.ns:shop", matches: false), Row(filter: "-to.ns:shop", matches: true),
        Row(filter: "-ns:shop", matches: false), Row(filter: "!ns:shop", matches: false),
        Row(filter: "ns:other ns:shop", matches: true), Row(filter: "ns:shop verdict:allowed", matches: false),
        Row(filter: "ns:shop verdict:dropped", matches: true), Row(filter: "ns:sh*", matches: true),
        Row(filter: "ns:SHOP", matches: true), Row(filter: "ns:sho", matches: false),
        Row(filter: "workload:web", matches: true), Row(filter: "workload:shop/web", matches: true),
        Row(filter: "workload:data/web", matches: false), Row(filter: "pod:web-1", matches: true),
        Row(filter: "label:app=web", matches: true), Row(filter: "label:app", matches: true),
        Row(filter: "to.label:app=web", matches: false), Row(filter: "label:app=*", matches: true),
        Row(filter: "ip:10.0.0.1", matches: true), Row(filter: "to.ip:10.0.0.1", matches: false),
        Row(filter: "ip:10.0.0.0/24", matches: true), Row(filter: "ip:fd00::/8", matches: false),
        Row(filter: "port:5432", matches: true), Row(filter: "port:5000-6000", matches: true),
        Row(filter: "port:80", matches: false), Row(filter: "from.port:40000", matches: true),
        Row(filter: "proto:tcp", matches: true), Row(filter: "proto:6", matches: true),
        Row(filter: "proto:udp", matches: false), Row(filter: "direction:in", matches: true),
        Row(filter: "direction:egress", matches: false), Row(filter: "reason:policy-denied", matches: true),
        Row(filter: "reason:POLICY_*", matches: true), Row(filter: "policy:data/db-deny", matches: true),
        Row(filter: "policy:db-deny", matches: true), Row(filter: "policy:shop/db-deny", matches: false),
        Row(filter: "rule:*", matches: false), Row(filter: "tcpflag:syn", matches: true),
        Row(filter: "tcpflag:rst", matches: false), Row(filter: "icmp:8", matches: false),
        Row(filter: "entity:world", matches: false), Row(filter: "agrees:yes", matches: true),
        Row(filter: "report:ended", matches: false), Row(filter: "we", matches: true),
        Row(filter: "we db", matches: true), Row(filter: "we nothing", matches: false),
        Row(filter: "10.0.0", matches: true), Row(filter: "shop/we", matches: true),
        Row(filter: "\"label:x\"", matches: false), Row(filter: "label:\"app=web\"", matches: true),
        Row(filter: "-port:80 -port:443", matches: true), Row(filter: "-port:80 -port:5432", matches: false),
    ]

    @Test(arguments: table) func `a filter finds the flow or not`(_ row: Row) throws {
        let filter = try FlowFilter(parsing: row.filter)
        #expect(filter.matches(FlowSamples.denied()) == row.matches)
        #expect(try FlowFilter(parsing: filter.description) == filter)
        if !filter.needsRecords { #expect(filter.matches(FlowKey(FlowSamples.denied())) == row.matches) }
    }

    @Test(arguments: [
        ("nss:shop", "Did you mean \"ns\"?"), ("verdict:droped", "Did you mean \"dropped\"?"),
        ("ip:10.0.0", "is not an IP address or range"), ("port:70000", "from 0 to 65535"),
        ("port:90-80", "from 0 to 65535"), ("from.verdict:dropped", "has no sides"), ("ns:", "needs a value"),
        ("dns:example.com", "not recorded in this environment"), ("label:\"open", "not closed"),
        ("\"\"", "finds nothing"), ("proto:tpc", "Did you mean"), ("tcpflag:sin", "Did you mean"),
        ("icmp:256", "from 0 to 255"), ("quux:1", "Unknown filter key \"quux\""),
    ]) func `what cannot be read is an error that says what would be right`(_ text: String, _ part: String) {
        #expect {
            try FlowFilter(parsing: "ns:a " + text)
        } throws: { error in
            guard let error = error as? FlowFilterError else { return false }
            return error.problems.count == 1 && error.problems[0].column == 6
                && error.problems[0].message.contains(part)
        }
    }

    @Test func `every problem of a filter is told at once, each with its column`() {
        #expect {
            try FlowFilter(parsing: "bad:1 ns:x port:x")
        } throws: { error in
            (error as? FlowFilterError)?.problems.map(\.column) == [1, 12]
        }
    }

    @Test func `an IPv6 address is a word to search for`() throws {
        var flow = FlowSamples.denied()
        flow.source.address = try #require(IPAddress("fd00::5"))
        #expect(try FlowFilter(parsing: "fd00::5").matches(flow))
        #expect(try FlowFilter(parsing: "ip:fd00::5").matches(flow))
    }

    @Test func `reading a printed filter gives the same filter`() throws {
        var random = SeededRandom()
        for _ in 0..<2000 {
            let filter = FlowFilterTests.filter(&random)
            let text = filter.description
            #expect(try FlowFilter(parsing: text) == filter, "seed \(random.seed): \(text)")
        }
    }

    @Test func `arbitrary text is read or refused, and never crashes`() {
        var random = SeededRandom()
        let alphabet = Array("\"\\:-!*. fromtns/10é\u{0}\n")
        for _ in 0..<5000 {
            let length = Int.random(in: 0...30, using: &random)
            let text = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
            // Refusing is as good an answer as reading here.
            if let filter = try? FlowFilter(parsing: text) {
                #expect((try? FlowFilter(parsing: filter.description)) == filter, "seed \(random.seed): \(text)")
            }
        }
    }

    @Test func `the restrictions that a store can use never exclude a match`() throws {
        let filter = try FlowFilter(parsing: "verdict:dropped verdict:allowed port:80 to.port:5432")
        #expect(filter.verdicts == [.dropped, .allowed])
        #expect(try FlowFilter(parsing: "-verdict:dropped").verdicts == nil)
        #expect(try FlowFilter(parsing: "-port:80").destinationPorts == nil)
    }

    private static func filter(_ random: inout SeededRandom) -> FlowFilter {
        let words = ["web", "-web", "!x", "a:b", "sp ace", "qu\"ote", "back\\slash", "*", "w*b", "ns:", "é", "fd00::1"]
        func word() -> FlowFilter.Value { .glob(Glob(words[Int.random(in: 0..<words.count, using: &random)])) }
        let count = Int.random(in: 0...5, using: &random)
        let terms = (0..<count).map { _ -> FlowFilter.Term in
            let isNegated = Bool.random(using: &random)
            let side = FlowFilter.Side.allCases[Int.random(in: 0..<3, using: &random)]
            let port = UInt16.random(in: 0...65_000, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: return .init(isNegated: isNegated, key: .text, value: word())
            case 1: return .init(isNegated: isNegated, side: side, key: .namespace, value: word())
            case 2: return .init(isNegated: isNegated, side: side, key: .label, value: word())
            case 3: return .init(isNegated: isNegated, side: side, key: .port, value: .range(PortRange(port, port + 9)))
            case 4: return .init(isNegated: isNegated, key: .verdict, value: .verdict(.wouldDrop))
            case 5: return .init(isNegated: isNegated, key: .reason, value: .reason(.policyDeny))
            case 6:
                let proto = IPProtocol(rawValue: UInt8.random(in: 0...255, using: &random))
                return .init(isNegated: isNegated, key: .proto, value: .ipProtocol(proto))
            default:
                let prefix = Prefix(IPAddress(v4: UInt32.random(in: 0...(.max), using: &random)), length: 20)
                return .init(isNegated: isNegated, side: side, key: .ip, value: .prefix(prefix))
            }
        }
        return FlowFilter(terms)
    }
}
