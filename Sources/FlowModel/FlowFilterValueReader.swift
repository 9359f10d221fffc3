// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// One sentence about a value that a filter key cannot take.
struct FlowFilterValueError: Error, ExpressibleByStringInterpolation {
    var message: String
    /// What was probably meant.
    var suggestion: String?

    init(stringLiteral value: String) { message = value }
}

/// Reads the value of each filter key.
enum FlowFilterValueReader {
    static func value(_ text: String, of key: FlowFilter.Key) -> Result<FlowFilter.Value, FlowFilterValueError> {
        switch key {
        case .namespace, .pod, .workload, .label, .policy, .rule, .text: .success(.glob(Glob(text)))
        case .ip: ip(text)
        case .port: port(text)
        case .icmp: icmp(text)
        case .proto: proto(text)
        case .verdict: word(text, verdicts, "verdict") { .verdict($0) }
        case .direction: word(text, directions, "direction") { .direction($0) }
        case .entity: word(text, entities, "entity") { .kind($0) }
        case .tcpflag: word(text, tcpFlags, "TCP flag") { .tcpFlag($0) }
        case .agrees: word(text, answers, "answer") { .flag($0) }
        case .report: word(text, reports, "report") { .report($0) }
        case .reason:
            text.contains("*") ? .success(.glob(Glob(text))) : word(text, reasons, "reason") { .reason($0) }
        }
    }

    private static let verdicts: [(String, Verdict)] = [
        ("allowed", .allowed), ("dropped", .dropped), ("would-drop", .wouldDrop), ("forwarded", .allowed),
        ("audit", .wouldDrop),
    ]
    private static let directions: [(String, Direction)] = [
        ("in", .ingress), ("out", .egress), ("inbound", .ingress), ("outbound", .egress), ("ingress", .ingress),
        ("egress", .egress),
    ]
    private static let entities: [(String, Flow.Party.Kind)] = [
        ("endpoint", .endpoint), ("host", .host), ("world", .world), ("unknown", .unknown),
    ]
    private static let tcpFlags = TCPFlag.allCases.map { ($0.name.lowercased(), $0) }
    private static let answers = [("yes", true), ("no", false), ("true", true), ("false", false)]
    private static let reports = Flow.Report.allCases.map { ($0.rawValue, $0) }
    private static let reasons = Flow.Reason.allCases.map { (canonical($0.rawValue), $0) }

    private static func canonical(_ text: String) -> String {
        String(text.lowercased().map { $0 == "_" ? "-" : $0 })
    }

    private static func word<Meaning>(
        _ text: String,
        _ words: [(String, Meaning)],
        _ what: String,
        _ wrap: (Meaning) -> FlowFilter.Value
    ) -> Result<FlowFilter.Value, FlowFilterValueError> {
        let wanted = canonical(text)
        if let found = words.first(where: { $0.0 == wanted }) { return .success(wrap(found.1)) }
        if let close = nearest(to: wanted, among: words.map(\.0)) {
            return .failure(Self.close(text, what, close))
        }
        return .failure("\"\(text)\" is not a \(what). Use one of: \(words.map(\.0).joined(separator: ", ")).")
    }

    private static func close(_ text: String, _ what: String, _ close: String) -> FlowFilterValueError {
        var error: FlowFilterValueError = "\"\(text)\" is not a \(what). Did you mean \"\(close)\"?"
        error.suggestion = close
        return error
    }

    private static func ip(_ text: String) -> Result<FlowFilter.Value, FlowFilterValueError> {
        if let address = IPAddress(text) { return .success(.prefix(Prefix(host: address))) }
        if let prefix = Prefix(text) { return .success(.prefix(prefix)) }
        return .failure(
            "\"\(text)\" is not an IP address or range. Write it like 10.0.0.7, 10.0.0.0/8 or 2001:db8::/32."
        )
    }

    private static func port(_ text: String) -> Result<FlowFilter.Value, FlowFilterValueError> {
        guard let range = range(text, through: .max) else {
            return .failure("Port \"\(text)\" is not a number from 0 to 65535 or a range such as 8000-8100.")
        }
        return .success(.range(range))
    }

    private static let icmpNames: [String: UInt16] = [
        "echo-reply": 0, "destination-unreachable": 3, "redirect": 5, "echo-request": 8, "time-exceeded": 11,
    ]

    private static func icmp(_ text: String) -> Result<FlowFilter.Value, FlowFilterValueError> {
        if let type = icmpNames[canonical(text)] { return .success(.range(PortRange(type))) }
        guard let range = range(text, through: 255) else {
            return .failure("ICMP type \"\(text)\" is not a number from 0 to 255 or a known ICMPv4 type name.")
        }
        return .success(.range(range))
    }

    private static func range(_ text: String, through last: UInt16) -> PortRange? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(part) : nil
        }
        guard (1...2).contains(parts.count), numbers.count == parts.count, let lower = numbers.first,
            let upper = numbers.last, lower <= upper, upper <= last
        else { return nil }
        return PortRange(lower, upper)
    }

    private static func proto(_ text: String) -> Result<FlowFilter.Value, FlowFilterValueError> {
        if let proto = IPProtocol(name: text) { return .success(.ipProtocol(proto)) }
        if let number = UInt8(text) { return .success(.ipProtocol(IPProtocol(rawValue: number))) }
        let names = (UInt8.min...UInt8.max).map { IPProtocol(rawValue: $0).description }
            .filter { !$0.contains(" ") }.map { $0.lowercased() }
        if let close = nearest(to: text, among: names) {
            return .failure(Self.close(text, "protocol", close))
        }
        return .failure("\"\(text)\" is not a protocol name or a number from 0 to 255.")
    }
}

extension FlowFilterToken {
    /// An IPv6 address is a word to search for, although it has colons.
    mutating func readAddressAsWord() {
        guard let key, IPAddress("\(key):\(value)") != nil else { return }
        value = "\(key):\(value)"
        self.key = nil
    }
}
