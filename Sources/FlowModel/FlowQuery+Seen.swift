// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

extension FlowQuery {
    /// Whether only records can answer, because a filter looks at what keys do not have.
    public var needsRecords: Bool { filter.needsRecords || excluding.contains(where: \.needsRecords) }

    /// Whether coarse keys (`FlowKey.coarse`) are enough to answer.
    public var isCoarse: Bool {
        detail != .key && keys == nil && filter.isAboutNamespaces && excluding.allSatisfy(\.isAboutNamespaces)
    }

    /// The record as the reader sees it; `nil` when it is not part of the answer.
    public func seen(_ flow: Flow) -> Flow? {
        guard let flow = view.seen(flow), filter.matches(flow), !excluding.contains(where: { $0.matches(flow) }) else {
            return nil
        }
        return flow
    }

    /// The key as the reader sees it; `nil` when it is not part of the answer.
    ///
    /// Only meaningful without `needsRecords`.
    public func seen(_ key: FlowKey) -> FlowKey? {
        guard let key = view.seen(key), filter.matches(key), !excluding.contains(where: { $0.matches(key) }),
            keys?.contains(key) ?? true
        else { return nil }
        return detail.shown(key)
    }

    /// The key of a record that is part of the answer.
    public func seenKey(of flow: Flow) -> FlowKey? { seen(flow).flatMap(key(ofSeen:)) }

    /// The key of a record that `seen` has given.
    public func key(ofSeen flow: Flow) -> FlowKey? {
        let key = FlowKey(flow)
        guard keys?.contains(key) ?? true else { return nil }
        return detail.shown(key)
    }

    /// The start of the window that a moment of the range lies in.
    public func windowStart(of time: Int64) -> Int64 {
        guard case .length(let length) = window else { return range.from }
        let rest = time % length
        return rest < 0 ? time - rest - length : time - rest
    }
}

extension FlowFilter {
    /// Whether it looks at nothing but verdicts and the kinds and namespaces of the ends.
    public var isAboutNamespaces: Bool {
        terms.allSatisfy { [.namespace, .entity, .verdict].contains($0.key) }
    }
}

extension FlowQuery.Detail {
    /// The key with what the query tells apart.
    public func shown(_ key: FlowKey) -> FlowKey {
        switch self {
        case .key: key
        case .namespaces: key.coarse
        case .kinds: key.bare
        }
    }
}

extension FlowKey {
    /// The coarse key with every namespace written as the empty one.
    public var bare: FlowKey { reduced { $0.map { _ in "" } } }

    /// The key with everything left out but the verdict and the kinds and namespaces of the ends; itself for `other`.
    public var coarse: FlowKey { reduced { $0 } }

    private func reduced(_ namespace: (String?) -> String?) -> FlowKey {
        if isOther { return .other(verdict, .ingress) }
        func end(_ party: Party) -> Party {
            Party(kind: party.kind, namespace: namespace(party.namespace), workload: nil, address: nil)
        }
        return FlowKey(
            source: end(source),
            destination: end(destination),
            ipProtocol: IPProtocol(rawValue: 255),
            port: 0,
            verdict: verdict,
            direction: .ingress,
            decision: Flow.Decision(reason: .notIsolated)
        )
    }
}
