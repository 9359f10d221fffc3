// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

extension FlowQueries {
    func traffic(_ request: StatisticsRequest) async throws -> TrafficReport {
        let counts = try await fold(request, into: [:]) { (result: inout [FlowKey: FlowCount], _, key, count) in
            Self.add(count, of: key, to: &result)
        }
        return TrafficReport(environment: environmentName, range: FlowPage.Range(request.range), counts: counts)
    }

    func totals(_ request: StatisticsRequest) async throws -> TotalsReport {
        let scope = Scope(request.namespaces)
        let totals = try await fold(request, into: TrafficTotals()) { totals, _, key, count in
            totals.add(key, count, in: scope)
        }
        return TotalsReport(
            environment: environmentName,
            coverage: try await coverage(request),
            totals: totals.withShares()
        )
    }

    func namespaces(_ request: StatisticsRequest) async throws -> NamespaceReport {
        let wanted = request.namespaces
        let found = try await fold(request, into: [:]) { (result: inout [String: TrafficTotals], _, key, count) in
            for namespace in Set([key.source.namespace, key.destination.namespace].compactMap { $0 })
            where wanted?.contains(namespace) ?? true {
                result[namespace, default: TrafficTotals()].add(key, count, in: Scope([namespace]))
            }
        }
        let items = found.map { NamespaceReport.Item(namespace: $0.key, totals: $0.value.withShares()) }
            .sorted { left, right in
                let (leftPackets, rightPackets) = (left.totals.total.packets, right.totals.total.packets)
                return leftPackets == rightPackets ? left.namespace < right.namespace : leftPackets > rightPackets
            }
        return NamespaceReport(
            environment: environmentName,
            coverage: try await coverage(request),
            items: Array(items.prefix(request.limit)),
            omitted: max(0, items.count - request.limit)
        )
    }

    func drops(_ request: StatisticsRequest) async throws -> DropsReport {
        let scope = Scope(request.namespaces)
        let found = try await fold(request, into: [:]) { (result: inout [FlowKey: FlowCount], _, key, count) in
            guard key.verdict != .allowed, scope.place(of: key) != nil else { return }
            Self.add(count, of: key, to: &result)
        }
        let groups = found.map { FlowGroup(key: $0.key, count: $0.value) }.sorted { left, right in
            (left.count.flows, left.count.lastSeen) > (right.count.flows, right.count.lastSeen)
        }
        return DropsReport(
            environment: environmentName,
            coverage: try await coverage(request),
            items: groups.prefix(request.limit).map(FlowItem.init),
            omitted: max(0, groups.count - request.limit)
        )
    }

    func rate(_ request: StatisticsRequest) async throws -> RateReport {
        let step = Self.bucketSeconds(of: request.range)
        let length = Int64(step) * 1_000_000
        let scope = Scope(request.namespaces)
        let found = try await fold(request, into: [:]) { (result: inout [Int64: TrafficTotals], window, key, count) in
            result[window - window % length, default: TrafficTotals()].add(key, count, in: scope)
        }
        var buckets: [RateReport.Bucket] = []
        var start = request.range.from - request.range.from % length
        while start < request.range.to {
            // The first and the last bucket may be covered in part; their rate is over the part.
            let covered = min(start + length, request.range.to) - max(start, request.range.from)
            let totals = found[start] ?? TrafficTotals()
            let seconds = Double(covered) / 1_000_000
            buckets.append(
                RateReport.Bucket(
                    start: Timestamp(microseconds: start),
                    allowed: totals.allowed,
                    dropped: totals.dropped,
                    wouldDrop: totals.wouldDrop,
                    seconds: seconds
                )
            )
            start += length
        }
        return RateReport(
            environment: environmentName,
            coverage: try await coverage(request),
            bucketSeconds: step,
            buckets: buckets
        )
    }

    /// The shortest step of whole minutes that gives at most 200 buckets.
    static func bucketSeconds(of range: TimeRange) -> Int {
        let seconds = (range.to - range.from) / 1_000_000
        for step in [60, 300, 600, 1800, 3600, 21_600, 86_400] where seconds / Int64(step) < 199 { return step }
        return Int(seconds / 198 / 86_400 + 1) * 86_400
    }
}

/// The namespaces that traffic is counted for.
struct Scope: Sendable {
    enum Place {
        case inbound, outbound, `internal`
    }

    private let namespaces: Set<String>?

    /// - Parameter namespaces: `nil` is every endpoint.
    init(_ namespaces: Set<String>?) { self.namespaces = namespaces }

    /// `nil` when neither end is in the scope.
    func place(of key: FlowKey) -> Place? {
        if key.isOther { return namespaces == nil ? .internal : nil }
        switch (contains(key.source), contains(key.destination)) {
        case (true, true): return .internal
        case (true, false): return .outbound
        case (false, true): return .inbound
        // Without a scope everything seen counts, also traffic of addresses that belong to no one.
        case (false, false): return namespaces == nil ? (key.direction == .ingress ? .inbound : .outbound) : nil
        }
    }

    private func contains(_ party: FlowKey.Party) -> Bool {
        guard let namespaces else { return party.kind == .endpoint }
        return party.namespace.map(namespaces.contains) ?? false
    }
}

extension TrafficTotals {
    mutating func add(_ key: FlowKey, _ count: FlowCount, in scope: Scope) {
        guard let place = scope.place(of: key) else { return }
        let volume = Volume(connections: count.flows, packets: count.packets, bytes: count.bytes)
        total = total + volume
        switch place {
        case .inbound: inbound = inbound + volume
        case .outbound: outbound = outbound + volume
        case .internal: self.internal = self.internal + volume
        }
        switch key.verdict {
        case .allowed: allowed = allowed + volume
        case .dropped: dropped = dropped + volume
        case .wouldDrop: wouldDrop = wouldDrop + volume
        }
    }

    func withShares() -> TrafficTotals {
        var result = self
        guard total.packets > 0 else { return result }
        result.droppedShare = Double(dropped.packets) / Double(total.packets)
        result.wouldDropShare = Double(wouldDrop.packets) / Double(total.packets)
        return result
    }
}
