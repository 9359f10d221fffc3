// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// What SQLite can check of a query cheaply, as SQL; the query itself is asked about every record that is left.
enum RecordConditions {
    /// More addresses than these are left to the query.
    private static let mostPrefixes = 64

    /// Parties that are looked at to find those that a filter names.
    static let mostParties = 5_000
    /// More parties than these are left to the query.
    private static let mostNamed = 500

    /// Conditions that hold for every record of the answer; they hold nothing but numbers.
    /// - Parameter parties: all that there are; `nil` for too many.
    static func all(of query: FlowQuery, parties: () throws -> [(Int64, StoredParty)]?) rethrows -> [String] {
        let filter = query.filter
        var conditions: [String] = []
        if let verdicts = filter.verdicts {
            let codes = verdicts.map { String(RecordShape.code(of: $0)) }.sorted()
            conditions.append("(shape & 3) IN (\(codes.joined(separator: ", ")))")
        }
        // `port:` and `to.port:` are separate groups, and both must hold; the union of their ranges never excludes a match.
        if let ports = filter.destinationPorts { conditions.append(any(ports.map { within($0, "destination_port") })) }
        if let ports = filter.sourcePorts { conditions.append(any(ports.map { within($0, "source_port") })) }
        // Whoever does not see everything sees the kept address of an end, or none, which no prefix matches.
        for side in FlowFilter.Side.allCases {
            guard let prefixes = filter.prefixes(of: side), prefixes.count <= mostPrefixes else { continue }
            let columns = columns(side, "_address")
            conditions.append(any(prefixes.flatMap { prefix in columns.map { within(prefix, $0) } }))
        }
        return conditions + (try ends(filter, parties))
    }

    /// Those who do not see everything see fewer names, never others.
    private static func ends(
        _ filter: FlowFilter,
        _ parties: () throws -> [(Int64, StoredParty)]?
    ) rethrows -> [String] {
        let wanted = filter.endConditions
        guard !wanted.isEmpty, let parties = try parties() else { return [] }
        return wanted.compactMap { condition in
            // The address is not looked at.
            let nowhere = IPAddress(v4: 0)
            let named = parties.filter { condition.matches($0.1.party(at: nowhere)) }.map(\.0)
            guard named.count <= mostNamed, named.count * 2 <= parties.count else { return nil }
            let ids = named.map { String($0) }.joined(separator: ", ")
            return any(columns(condition.side, "").map { "\($0) IN (\(ids))" })
        }
    }

    private static func columns(_ side: FlowFilter.Side, _ suffix: String) -> [String] {
        (side == .destination ? [] : ["source\(suffix)"]) + (side == .source ? [] : ["destination\(suffix)"])
    }

    private static func any(_ conditions: [String]) -> String { "(\(conditions.joined(separator: " OR ")))" }

    private static func within(_ range: PortRange, _ column: String) -> String {
        "\(column) BETWEEN \(range.lowerBound) AND \(range.upperBound)"
    }

    private static func within(_ prefix: Prefix, _ column: String) -> String {
        "\(column) BETWEEN \(literal(prefix.base)) AND \(literal(prefix.last))"
    }

    /// As `FlowWriter` keeps it: IPv4 as a number, IPv6 as sixteen bytes.
    ///
    /// Numbers never equal bytes, nor stand between them.
    private static func literal(_ address: IPAddress) -> String {
        guard address.family == .v6 else { return String(UInt32(truncatingIfNeeded: address.bits)) }
        let digits = String(address.bits, radix: 16)
        return "x'\(String(repeating: "0", count: 32 - digits.count))\(digits)'"
    }
}
