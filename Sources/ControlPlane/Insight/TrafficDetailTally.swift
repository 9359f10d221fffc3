// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives

/// Counts traffic by namespace, by other properties, and what was dropped or would be, in one pass.
///
/// Counts of one key may come in parts.
struct TrafficDetailTally: Sendable {
    private let scope: Set<String>?
    private let view: NamespaceView
    private(set) var namespaces: [String: TrafficTally] = [:]
    private(set) var breakdowns: [BreakdownTally]
    /// Kinds of connections that were not plainly allowed.
    private(set) var drops: [FlowKey: FlowCount] = [:]

    init(_ request: StatisticsRequest, by dimensions: [BreakdownReport.Dimension]) {
        (scope, view) = (request.scope, request.view)
        breakdowns = dimensions.map { BreakdownTally($0) }
    }

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        if let namespace = key.source.namespace { add(key, count, in: namespace) }
        if let namespace = key.destination.namespace, namespace != key.source.namespace {
            add(key, count, in: namespace)
        }
        guard scope == nil || TrafficTally.place(key, scope: scope) != nil else { return }
        for index in breakdowns.indices { breakdowns[index].add(key, count) }
        guard key.verdict != .allowed else { return }
        if drops[key]?.merge(count) == nil { drops[key] = count }
    }

    private mutating func add(_ key: FlowKey, _ count: FlowCount, in namespace: String) {
        guard scope?.contains(namespace) ?? true, view.contains(namespace) else { return }
        namespaces[namespace, default: TrafficTally()].add(key, count, scope: [namespace])
    }
}
