// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// Tables of statistics.
enum StatsText {
    /// What is not known.
    static let unknown = "-"

    static func totals(_ totals: TrafficTotals) -> Table {
        func row(_ name: String, _ volume: Volume, _ share: String = "") -> [String] {
            [name, short(volume.packets) + share, short(volume.connections), short(volume.bytes)]
        }
        return Table(
            headers: ["", "PACKETS", "CONNECTIONS", "BYTES"],
            rows: [
                row("total", totals.total), row("  inbound", totals.inbound), row("  outbound", totals.outbound),
                row("  internal", totals.internal), row("allowed", totals.allowed),
                row("dropped", totals.dropped, " (\(share(totals.droppedShare)))"),
                row("would-drop", totals.wouldDrop, " (\(share(totals.wouldDropShare)))"),
            ]
        )
    }

    /// - Parameter countedSince: buckets that end before it are unknown.
    static func rate(_ report: RateReport, countedSince: Int64?) -> Table {
        Table(
            headers: ["START", "PACKETS/S", "CONNECTIONS/S", "ALLOWED", "DROPPED", "WOULD-DROP"],
            rows: report.buckets.map { bucket in
                let start = TimeExpression.full(bucket.start)
                guard isKnown(bucket, report, countedSince) else {
                    return [start] + Array(repeating: unknown, count: 5)
                }
                return [
                    start, StatusText.rate(bucket.packetsPerSecond), StatusText.rate(bucket.connectionsPerSecond),
                    short(bucket.allowed.packets), short(bucket.dropped.packets), short(bucket.wouldDrop.packets),
                ]
            }
        )
    }

    static func isKnown(_ bucket: RateReport.Bucket, _ report: RateReport, _ countedSince: Int64?) -> Bool {
        guard let countedSince else { return false }
        return bucket.start.microseconds + Int64(report.bucketSeconds) * 1_000_000 > countedSince
    }

    static func namespaces(_ items: [NamespaceReport.Item]) -> Table {
        Table(
            headers: ["NAMESPACE", "IN", "OUT", "INTERNAL", "TOTAL", "DROPPED", "WOULD-DROP", "DROPPED-SHARE"],
            rows: items.map { item in
                let totals = item.totals
                return [
                    item.namespace, short(totals.inbound.packets), short(totals.outbound.packets),
                    short(totals.internal.packets), short(totals.total.packets), short(totals.dropped.packets),
                    short(totals.wouldDrop.packets), share(totals.droppedShare),
                ]
            }
        )
    }

    /// `35.9M`; exact below 10,000.
    static func short(_ number: UInt64) -> String {
        guard number >= 10_000 else { return String(number) }
        var value = Double(number)
        for unit in ["", "k", "M", "G", "T"] {
            if value < 1000 {
                return value < 100 && !unit.isEmpty ? "\((value * 10).rounded() / 10)\(unit)" : "\(Int(value))\(unit)"
            }
            value /= 1000
        }
        return "\(Int(value))P"
    }

    /// One decimal, two below 1 %, `<0.01%` for what is not zero, a dash when there is nothing to share.
    static func share(_ share: Double?) -> String {
        guard let share else { return unknown }
        let percent = share * 100
        if percent == 0 { return "0%" }
        if percent < 0.01 { return "<0.01%" }
        // What would round up to 1 is shown as the less precise form shows it.
        if percent < 0.995 { return "\((percent * 100).rounded() / 100)%" }
        return "\((percent * 10).rounded() / 10)%"
    }
}
