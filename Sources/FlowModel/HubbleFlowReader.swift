// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// Reads Hubble's JSON lines (`hubble observe -o json`, exporter files): a flow under `flow`, or the bare flow.
///
/// Answers are turned round, so that source and destination are the connection's. Unknown fields are passed over; records
/// that say nothing about a connection (lost events, agent events, L7 answers, sockets) are counted.
///
/// ```
/// var reader = HubbleFlowReader()
/// for chunk in chunks { reader.read(chunk) }
/// let traffic = reader.finish()
/// ```
public struct HubbleFlowReader: Sendable {
    /// A line longer than this is unreadable; it bounds memory.
    public static let lineLimit = 1 << 20

    private var traffic = RecordedTraffic()
    /// The beginning of a line whose end has not come yet.
    private var begun: [UInt8] = []
    /// Whether the line is too long and is being passed over.
    private var isTooLong = false

    public init() {}

    /// Takes the next bytes of the input, cut anywhere.
    /// - Complexity: linear; memory for one line.
    public mutating func read(_ chunk: [UInt8]) {
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0A) {
            if begun.isEmpty, !isTooLong {
                readLine(rest[..<end])
            } else {
                append(rest[..<end])
                endLine()
            }
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// Ends the input; a last line without line feed counts.
    public mutating func finish() -> RecordedTraffic {
        endLine()
        return traffic
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard !isTooLong, begun.count + bytes.count <= Self.lineLimit else {
            isTooLong = isTooLong || !bytes.isEmpty
            begun = []
            return
        }
        begun.append(contentsOf: bytes)
    }

    private mutating func endLine() {
        if isTooLong { traffic.unreadable += 1 } else { readLine(begun[...]) }
        isTooLong = false
        begun = []
    }

    private mutating func readLine(_ line: ArraySlice<UInt8>) {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        guard line.count <= Self.lineLimit else {
            traffic.unreadable += 1
            return
        }
        let record = line.withUnsafeBufferPointer { bytes -> HubbleRecord? in
            var scanner = JSONScanner(bytes)
            var record = HubbleRecord()
            return record.read(&scanner) && scanner.isAtEnd() ? record : nil
        }
        guard let record else {
            traffic.unreadable += 1
            return
        }
        traffic.lost += record.lost ?? 0
        guard let connection = record.connection else {
            traffic.ignored += 1
            return
        }
        let time = record.flow.time.flatMap(Self.microseconds)
        traffic.add(connection, .init(flows: 1, firstSeen: time, lastSeen: time))
    }

    /// Microseconds since 1970 of an RFC 3339 time in UTC; `nil` for any other text.
    static func microseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(Int64?.some(0)) { value, byte in
                guard let value, (0x30...0x39).contains(byte) else { return nil }
                return value * 10 + Int64(byte - 0x30)
            }
        }
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == bytes[7], bytes[4] == UInt8(ascii: "-"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            guard bytes[19] == UInt8(ascii: ".") else { return nil }
            let digits = bytes[20..<(bytes.count - 1)].prefix(6)
            guard let value = number(20..<(20 + digits.count)) else { return nil }
            fraction = (digits.count..<6).reduce(value) { value, _ in value * 10 }
        }
        // Days since 1970, counting years from March so that the leap day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let days =
            365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
            + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719_468
        return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }
}
