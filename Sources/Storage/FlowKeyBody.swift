// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Foundation
import NetworkPrimitives

/// Reads the body of a `flow_key` row as `InternTable` writes it: JSON with sorted members and no space.
///
/// Many times faster than a general decoder, which a question about a hundred thousand keys would spend its time in. It
/// knows the plain layout only and says `nil` for everything else (escapes, text that is not ASCII, members it does not
/// expect); such a body is left to the decoder. So it never reads anything differently.
struct FlowKeyBody {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// - Complexity: O(bytes).
    static func key(_ bytes: UnsafeBufferPointer<UInt8>) -> FlowKey? {
        var body = FlowKeyBody(bytes)
        guard let key = body.key(), body.position == bytes.count else { return nil }
        return key
    }

    private mutating func key() -> FlowKey? {
        guard take("{\"decision\":"), let decision = decision(), take(",\"destination\":"), let destination = party(),
            take(",\"direction\":"), let direction = text().flatMap(Direction.init(rawValue:)),
            take(",\"ipProtocol\":"), let ipProtocol = number(to: 255), take(",\"port\":"),
            let port = number(to: 65535), take(",\"source\":"), let source = party(), take(",\"verdict\":"),
            let verdict = text().flatMap(Verdict.init(rawValue:)), take("}")
        else { return nil }
        return FlowKey(
            source: source,
            destination: destination,
            ipProtocol: IPProtocol(rawValue: UInt8(ipProtocol)),
            port: UInt16(port),
            verdict: verdict,
            direction: direction,
            decision: decision
        )
    }

    private mutating func decision() -> Flow.Decision? {
        guard take("{\"isolatedBy\":["), let isolatedBy = texts() else { return nil }
        var decision = Flow.Decision(isolatedBy: isolatedBy, reason: .notIsolated)
        if take(",\"policy\":") {
            guard let policy = text() else { return nil }
            decision.policy = policy
        }
        guard take(",\"reason\":"), let reason = text().flatMap(Flow.Reason.init(rawValue:)) else { return nil }
        decision.reason = reason
        if take(",\"rule\":") {
            guard let rule = text() else { return nil }
            decision.rule = rule
        }
        return take("}") ? decision : nil
    }

    private mutating func party() -> FlowKey.Party? {
        guard take("{") else { return nil }
        var party = FlowKey.Party(kind: .unknown, namespace: nil, workload: nil, address: nil)
        if take("\"address\":") {
            guard let address = text().flatMap(IPAddress.init), take(",") else { return nil }
            party.address = address
        }
        guard take("\"kind\":"), let kind = text().flatMap(Flow.Party.Kind.init(rawValue:)) else { return nil }
        party.kind = kind
        if take(",\"namespace\":") {
            guard let namespace = text() else { return nil }
            party.namespace = namespace
        }
        if take(",\"workload\":") {
            guard let workload = text() else { return nil }
            party.workload = workload
        }
        return take("}") ? party : nil
    }

    /// The rest of a list of texts, whose bracket was taken.
    private mutating func texts() -> [String]? {
        if take("]") { return [] }
        var texts: [String] = []
        while let next = text() {
            texts.append(next)
            if take("]") { return texts }
            guard take(",") else { return nil }
        }
        return nil
    }

    private mutating func text() -> String? {
        guard take("\"") else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
            }
            guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\\") else { return nil }
            position += 1
        }
        return nil
    }

    private mutating func number(to limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, position - start < 5, (0x30...0x39).contains(bytes[position]) {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        // JSON has no leading zeros.
        let isPlain = position > start && (bytes[start] != 0x30 || position == start + 1)
        return isPlain && value <= limit ? value : nil
    }

    private mutating func take(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard bytes.count - position >= count, let start = bytes.baseAddress else { return false }
        guard memcmp(start + position, expected.utf8Start, count) == 0 else { return false }
        position += count
        return true
    }
}
