// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// The order of grouped flows: total, and the same for the same data whoever asks when.
struct FlowOrder {
    private let sort: FlowRequest.Sort
    private let isDescending: Bool

    init(_ sort: FlowRequest.Sort, isDescending: Bool) {
        self.sort = sort
        self.isDescending = isDescending
    }

    /// - Complexity: O(n log n), each text made once.
    func sorted(_ groups: [FlowGroup]) -> [FlowGroup] {
        // Groups are large, and sorting moves what it sorts.
        let keyed = groups.indices.map { index in
            (index: index, value: value(of: groups[index]), lastSeen: groups[index].count.lastSeen)
        }
        let ordered = keyed.sorted { left, right in
            if left.value != right.value { return (left.value < right.value) != isDescending }
            // Same value: newest first, then by what the row says.
            if left.lastSeen != right.lastSeen { return left.lastSeen > right.lastSeen }
            return Self.text(groups[left.index].key) < Self.text(groups[right.index].key)
        }
        return ordered.map { groups[$0.index] }
    }

    private struct Value: Comparable {
        var number: Int64 = 0
        var text = ""

        static func < (left: Value, right: Value) -> Bool {
            left.number != right.number ? left.number < right.number : left.text < right.text
        }
    }

    private func value(of group: FlowGroup) -> Value {
        let key = group.key
        switch sort {
        case .lastSeen: return Value(number: group.count.lastSeen)
        case .count: return Value(number: Int64(clamping: group.count.flows))
        case .source: return Value(text: Self.text(key.source))
        case .destination: return Value(text: Self.text(key.destination))
        case .port: return Value(number: Int64(key.port), text: key.ipProtocol.description)
        // What was blocked first.
        case .verdict: return Value(number: key.verdict == .dropped ? 0 : key.verdict == .wouldDrop ? 1 : 2)
        }
    }

    private static func text(_ party: FlowKey.Party) -> String {
        [party.namespace ?? "", party.workload ?? "", party.kind.rawValue, party.address?.description ?? ""]
            .joined(separator: "\u{0}")
    }

    /// Everything that the key says, in one text.
    private static func text(_ key: FlowKey) -> String {
        let decision = key.decision
        let parts = [
            text(key.source), text(key.destination), String(key.ipProtocol.rawValue), String(key.port),
            key.verdict.rawValue, key.direction.rawValue, decision.reason.rawValue, decision.policy ?? "",
            decision.rule ?? "", decision.isPartlyHidden ? "hidden" : "",
        ]
        return (parts + decision.isolatedBy).joined(separator: "\u{1}")
    }

    /// A number that stands for a key in every process (FNV-1a).
    static func digest(_ key: FlowKey) -> UInt64 {
        text(key).utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
