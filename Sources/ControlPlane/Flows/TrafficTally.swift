// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// Counts traffic with respect to a scope of namespaces.
struct TrafficTally: Sendable {
    /// Where traffic goes with respect to the scope.
    enum Place { case inbound, outbound, inside }

    private var counted = TrafficTotals()

    /// With the shares of what was counted.
    var totals: TrafficTotals {
        var totals = counted
        let all = Double(totals.total.packets)
        totals.droppedShare = all == 0 ? nil : Double(totals.dropped.packets) / all
        totals.wouldDropShare = all == 0 ? nil : Double(totals.wouldDrop.packets) / all
        return totals
    }

    /// `nil` for traffic that has neither end in the scope.
    static func place(_ key: FlowKey, scope: Set<String>?) -> Place? {
        func isInside(_ party: FlowKey.Party) -> Bool {
            guard let namespace = party.namespace else { return false }
            return scope?.contains(namespace) ?? true
        }
        switch (isInside(key.source), isInside(key.destination)) {
        case (true, true): return .inside
        case (true, false): return .outbound
        case (false, true): return .inbound
        case (false, false): return nil
        }
    }

    mutating func add(_ key: FlowKey, _ count: FlowCount, scope: Set<String>?) {
        // Keys past the bound of a minute have no ends; they count where nothing is asked about ends.
        guard let place = Self.place(key, scope: scope) ?? (scope == nil ? .inside : nil) else { return }
        let volume = Volume(connections: count.flows, packets: count.packets, bytes: count.bytes)
        counted.total = counted.total + volume
        switch place {
        case .inbound: counted.inbound = counted.inbound + volume
        case .outbound: counted.outbound = counted.outbound + volume
        case .inside: counted.internal = counted.internal + volume
        }
        switch key.verdict {
        case .allowed: counted.allowed = counted.allowed + volume
        case .dropped: counted.dropped = counted.dropped + volume
        case .wouldDrop: counted.wouldDrop = counted.wouldDrop + volume
        }
    }
}
