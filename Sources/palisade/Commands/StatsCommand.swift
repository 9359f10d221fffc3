// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel

/// `palisade stats`.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count traffic.",
        discussion: """
            How we count: each connection at one reporting point. Inbound comes from outside the scope into it, outbound is
            the reverse, internal has both ends inside. The scope is every namespace, or --namespace.
            total = inbound + outbound + internal = allowed + dropped + would drop.

            Examples:
              palisade stats totals --since 8h
              palisade stats drops -n shop
            """,
        subcommands: [Totals.self, Rate.self, Namespaces.self, Drops.self]
    )

    /// What all four take.
    struct Arguments: ParsableArguments {
        @Argument(help: "Filter terms.")
        var filter: [String] = []

        @Option(help: "From when. Default 8h.")
        var since: String = "8h"

        @Option(help: "Until when. Default now.")
        var until: String?

        @Option(help: "At most this many lines.")
        var last: Int = 100

        @OptionGroup var options: GlobalOptions

        func ask<Report: Decodable>(_ what: String) async throws -> Report {
            try options.require(GlobalOptions.listFormats)
            let text = filter.joined(separator: " ")
            _ = try FlowFilter(parsing: text)
            let range = try TimeArguments.range(since: since, until: until)
            var query = [
                ("filter", text), ("from", range.from.description), ("to", range.to.description),
                ("limit", String(last)),
            ]
            if let namespace = options.namespace { query.append(("namespace", namespace)) }
            return try await options.client.get("statistics/\(what)", query)
        }

        func sayCoverage(_ coverage: Coverage) {
            let kept = coverage.keptSince.map { ", kept since \(TimeExpression.full($0))" } ?? ""
            options.say("coverage: \(coverage.complete ? "complete" : "not complete") (\(coverage.lost) lost\(kept))")
        }
    }

    struct Totals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Packets, connections and bytes of the whole range.")

        @OptionGroup var arguments: Arguments

        mutating func run() async throws {
            let report: TotalsReport = try await arguments.ask("totals")
            try arguments.options.show(report, items: [report.totals], table: StatsText.totals(report.totals))
            arguments.sayCoverage(report.coverage)
        }
    }

    struct Rate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Traffic over time.")

        @OptionGroup var arguments: Arguments

        mutating func run() async throws {
            let report: RateReport = try await arguments.ask("rate")
            try arguments.options.show(report, items: report.buckets, table: StatsText.rate(report))
            arguments.options.say("buckets of \(report.bucketSeconds) s. Times in \(TimeExpression.zoneName).")
            arguments.sayCoverage(report.coverage)
        }
    }

    struct Namespaces: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Traffic of each namespace, busiest first.")

        @OptionGroup var arguments: Arguments

        mutating func run() async throws {
            let report: NamespaceReport = try await arguments.ask("namespaces")
            try arguments.options.show(report, items: report.items, table: StatsText.namespaces(report.items))
            if report.items.isEmpty { arguments.options.say("No traffic in this time.") }
            if report.omitted > 0 { arguments.options.say("\(report.omitted) more namespaces (--last).") }
            arguments.sayCoverage(report.coverage)
        }
    }

    struct Drops: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is dropped or would be, most frequent first.")

        @OptionGroup var arguments: Arguments

        mutating func run() async throws {
            let report: DropsReport = try await arguments.ask("drops")
            let table = FlowText.table(report.items, wide: arguments.options.output == .wide)
            try arguments.options.show(report, items: report.items, table: table)
            if report.items.isEmpty { arguments.options.say("Nothing was dropped in this time.") }
            if report.omitted > 0 { arguments.options.say("\(report.omitted) more kinds of connections (--last).") }
            arguments.sayCoverage(report.coverage)
        }
    }
}

/// Tables of statistics.
enum StatsText {
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

    static func rate(_ report: RateReport) -> Table {
        Table(
            headers: ["START", "PACKETS/S", "CONNECTIONS/S", "ALLOWED", "DROPPED", "WOULD-DROP"],
            rows: report.buckets.map { bucket in
                [
                    TimeExpression.full(bucket.start), StatusText.rate(bucket.packetsPerSecond),
                    StatusText.rate(bucket.connectionsPerSecond), short(bucket.allowed.packets),
                    short(bucket.dropped.packets), short(bucket.wouldDrop.packets),
                ]
            }
        )
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
        guard let share else { return "–" }
        let percent = share * 100
        if percent > 0, percent < 0.01 { return "<0.01%" }
        if percent > 0, percent < 1 { return "\((percent * 100).rounded() / 100)%" }
        return "\((percent * 10).rounded() / 10)%"
    }
}
