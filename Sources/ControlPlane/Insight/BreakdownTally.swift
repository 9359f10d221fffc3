// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// Counts traffic by one of its properties.
struct BreakdownTally: Sendable {
    /// What something counts under; texts are made of it at the end.
    private enum Name: Hashable {
        case reason(Flow.Reason)
        case port(EdgeTally.Port)
        case text(String)

        var text: String {
            switch self {
            case .reason(let reason): reason.rawValue
            case .port(let port): port.text
            case .text(let text): text
            }
        }
    }

    private struct Volumes {
        var allowed = Volume()
        var dropped = Volume()
        var wouldDrop = Volume()

        mutating func add(_ volume: Volume, _ verdict: Verdict) {
            switch verdict {
            case .allowed: allowed = allowed + volume
            case .dropped: dropped = dropped + volume
            case .wouldDrop: wouldDrop = wouldDrop + volume
            }
        }
    }

    private let dimension: BreakdownReport.Dimension
    private var found: [Name: Volumes] = [:]

    /// What connections count under that were not told apart, and decisions of policies that are not named.
    static let other = "not told apart"
    static let hidden = "policies that you do not see"

    init(_ dimension: BreakdownReport.Dimension) { self.dimension = dimension }

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        let volume = Volume(connections: count.flows, packets: count.packets, bytes: count.bytes)
        guard !key.isOther else { return add(volume, key.verdict, to: .text(Self.other)) }
        switch dimension {
        case .reason: add(volume, key.verdict, to: .reason(key.decision.reason))
        case .port: add(volume, key.verdict, to: .port(EdgeTally.Port(key)))
        case .policy: addByPolicy(volume, key)
        }
    }

    private mutating func addByPolicy(_ volume: Volume, _ key: FlowKey) {
        let decision = key.decision
        if let policy = decision.policy { add(volume, key.verdict, to: .text(policy)) }
        if key.verdict != .allowed {
            for policy in Set(decision.isolatedBy) where policy != decision.policy {
                add(volume, key.verdict, to: .text(policy))
            }
        }
        if decision.isPartlyHidden { add(volume, key.verdict, to: .text(Self.hidden)) }
    }

    private mutating func add(_ volume: Volume, _ verdict: Verdict, to name: Name) {
        found[name, default: Volumes()].add(volume, verdict)
    }

    /// Most packets first, then by name.
    var items: [BreakdownReport.Item] {
        found.map { name, volumes in
            BreakdownReport.Item(
                name: name.text,
                allowed: volumes.allowed,
                dropped: volumes.dropped,
                wouldDrop: volumes.wouldDrop
            )
        }
        .sorted { ($0.packets, $1.name) > ($1.packets, $0.name) }
    }
}

extension BreakdownReport.Item {
    fileprivate var packets: UInt64 { allowed.packets + dropped.packets + wouldDrop.packets }
}
