// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// Counts traffic by one of its properties.
struct BreakdownTally {
    private let dimension: BreakdownReport.Dimension
    private var found: [String: BreakdownReport.Item] = [:]

    /// What connections count under that were not told apart, and decisions of policies that are not named.
    static let other = "not told apart"
    static let hidden = "policies that you do not see"

    init(_ dimension: BreakdownReport.Dimension) { self.dimension = dimension }

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        let volume = Volume(connections: count.flows, packets: count.packets, bytes: count.bytes)
        for name in names(key) {
            var item =
                found[name]
                ?? BreakdownReport.Item(name: name, allowed: Volume(), dropped: Volume(), wouldDrop: Volume())
            switch key.verdict {
            case .allowed: item.allowed = item.allowed + volume
            case .dropped: item.dropped = item.dropped + volume
            case .wouldDrop: item.wouldDrop = item.wouldDrop + volume
            }
            found[name] = item
        }
    }

    private func names(_ key: FlowKey) -> [String] {
        guard !key.isOther else { return [Self.other] }
        switch dimension {
        case .reason: return [key.decision.reason.rawValue]
        case .port: return [EdgeTally.Port(key).text]
        case .policy:
            let decision = key.decision
            let isolating = key.verdict == .allowed ? [] : decision.isolatedBy
            let names = Set([decision.policy].compactMap { $0 } + isolating)
            return names + (decision.isPartlyHidden ? [Self.hidden] : [])
        }
    }

    /// Most packets first, then by name.
    var items: [BreakdownReport.Item] {
        found.values.sorted { ($0.packets, $1.name) > ($1.packets, $0.name) }
    }
}

extension BreakdownReport.Item {
    fileprivate var packets: UInt64 { allowed.packets + dropped.packets + wouldDrop.packets }
}
