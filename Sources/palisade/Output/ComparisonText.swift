// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives

/// Tables that compare statistics with those of the time before.
enum ComparisonText {
    static func totals(_ now: TrafficTotals, _ previous: TrafficTotals?, previousHeader: String) -> Table {
        func row(
            _ name: String,
            _ volume: KeyPath<TrafficTotals, Volume>,
            share: KeyPath<TrafficTotals, Double?>? = nil
        )
            -> [String]
        {
            func cell(_ totals: TrafficTotals) -> String {
                let packets = totals[keyPath: volume].packets
                let part = share.flatMap { packets == 0 ? nil : " (\(StatsText.share(totals[keyPath: $0])))" }
                return StatsText.short(packets) + (part ?? "")
            }
            return [
                name, cell(now), previous.map(cell) ?? StatsText.unknown,
                change(now[keyPath: volume].packets, previous?[keyPath: volume].packets),
            ]
        }
        return Table(
            headers: ["", "NOW", previousHeader, "CHANGE"],
            rows: [
                row("packets-total", \.total), row("  inbound", \.inbound), row("  outbound", \.outbound),
                row("  internal", \.internal), row("allowed", \.allowed),
                row("dropped", \.dropped, share: \.droppedShare),
                row("would-drop", \.wouldDrop, share: \.wouldDropShare),
            ]
        )
    }

    static func rate(_ now: RateReport, _ previous: RateReport?, countedSince: Int64?) -> Table {
        let rows = now.buckets.enumerated().map { index, bucket -> [String] in
            let isKnown = StatsText.isKnown(bucket, now, countedSince)
            var before: RateReport.Bucket?
            if let previous, previous.buckets.indices.contains(index),
                StatsText.isKnown(previous.buckets[index], previous, countedSince)
            {
                before = previous.buckets[index]
            }
            return [
                TimeExpression.full(bucket.start),
                isKnown ? StatusText.rate(bucket.packetsPerSecond) : StatsText.unknown,
                before.map { StatusText.rate($0.packetsPerSecond) } ?? StatsText.unknown,
                isKnown ? change(bucket.packetsPerSecond, before?.packetsPerSecond) : StatsText.unknown,
            ]
        }
        return Table(headers: ["START", "PACKETS/S", "PREVIOUS", "CHANGE"], rows: rows)
    }

    static func namespaces(_ now: NamespaceReport, _ previous: NamespaceReport?) -> Table {
        let rows = now.items.map { item -> [String] in
            let before = previous.flatMap { report -> TrafficTotals? in
                let found = report.items.first { $0.namespace == item.namespace }?.totals
                return found ?? (report.omitted == 0 ? TrafficTotals() : nil)
            }
            func cells(_ volume: KeyPath<TrafficTotals, Volume>) -> [String] {
                let (packets, earlier) = (item.totals[keyPath: volume].packets, before?[keyPath: volume].packets)
                let known = earlier.map { StatsText.short($0) } ?? StatsText.unknown
                return [StatsText.short(packets), known, change(packets, earlier)]
            }
            return [item.namespace] + cells(\.total) + cells(\.dropped)
        }
        let headers = ["NAMESPACE", "TOTAL", "PREVIOUS", "CHANGE", "DROPPED", "DROPPED-BEFORE", "DROPPED-CHANGE"]
        return Table(headers: headers, rows: rows)
    }

    static func drops(_ now: DropsReport, _ previous: DropsReport?, isWide: Bool) -> Table {
        var table = FlowText.table(now.items, wide: isWide)
        let place = 1 + (table.headers.firstIndex(of: "COUNT") ?? 0)
        table.headers.insert(contentsOf: ["PREVIOUS", "CHANGE"], at: place)
        var counts: [[String]: UInt64] = [:]
        for item in previous?.items ?? [] { counts[kind(item), default: 0] += item.count }
        for (index, item) in now.items.enumerated() {
            let unseen: UInt64? = previous.map { $0.omitted == 0 } ?? false ? 0 : nil
            let before = counts[kind(item)] ?? unseen
            let cell = before.map { StatsText.short($0) } ?? StatsText.unknown
            table.rows[index].insert(contentsOf: [cell, change(item.count, before)], at: place)
        }
        return table
    }

    private static func kind(_ item: FlowItem) -> [String] {
        [
            FlowText.workload(item.source), FlowText.workload(item.destination), FlowText.port(item),
            item.verdict.rawValue, item.direction.rawValue, FlowText.decidedBy(item.decision),
        ]
    }

    private static func change(_ now: UInt64, _ previous: UInt64?) -> String {
        change(Double(now), previous.map { Double($0) })
    }

    /// `-12 %`, `+0.4 %`; a dash where the time before is unknown or has nothing to compare with.
    private static func change(_ now: Double, _ previous: Double?) -> String {
        guard let previous, previous > 0 else { return StatsText.unknown }
        let percent = (now - previous) / previous * 100
        if percent == 0 { return "0 %" }
        let sign = percent > 0 ? "+" : "-"
        let size = abs(percent)
        if size < 0.1 { return "\(sign)<0.1 %" }
        return size < 10 ? "\(sign)\((size * 10).rounded() / 10) %" : "\(sign)\(Int(size.rounded())) %"
    }
}
