// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
internal import NetworkPrimitives

/// How many connections were recorded between two places of a map.
public struct SeenTraffic: Sendable {
    private struct Ends: Hashable {
        /// `namespace/workload`; `nil`: outside.
        var source: String?
        var destination: String?
    }

    private struct Entry {
        var source: IPAddress?
        var destination: IPAddress?
        var flows: UInt64
    }

    private var entries: [Ends: [Entry]] = [:]

    public init(_ traffic: RecordedTraffic) {
        for (connection, count) in traffic.counts {
            let ends = Ends(source: Self.name(connection.source), destination: Self.name(connection.destination))
            entries[ends, default: []].append(
                Entry(
                    source: connection.source.address,
                    destination: connection.destination.address,
                    flows: count.flows
                )
            )
        }
    }

    /// - Complexity: O(recorded kinds of connection between the two).
    public func flows(from source: MapNode, to destination: MapNode) -> UInt64 {
        let found = entries[Ends(source: Self.name(source), destination: Self.name(destination))] ?? []
        return found.reduce(0) { sum, entry in
            Self.isIn(source, entry.source) && Self.isIn(destination, entry.destination) ? sum + entry.flows : sum
        }
    }

    private static func name(_ party: RecordedConnection.Party) -> String? {
        guard let namespace = party.namespace, let workload = party.workload ?? party.pod else { return nil }
        return "\(namespace)/\(workload)"
    }

    private static func name(_ node: MapNode) -> String? {
        switch node {
        case .workload(let workload): "\(workload.namespace)/\(workload.name)"
        case .namespace(let name): "\(name)/"
        case .outside: nil
        }
    }

    private static func isIn(_ node: MapNode, _ address: IPAddress?) -> Bool {
        guard case .outside(let range) = node else { return true }
        return address.map(range.contains) ?? false
    }
}
