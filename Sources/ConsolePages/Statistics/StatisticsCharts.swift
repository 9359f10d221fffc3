// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// Lines of the statistics over time.
enum StatisticsCharts {
    typealias Bucket = TrafficSeries.Bucket

    static func rate(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let series = model.rate
        let counts: [(style: String, title: String, count: (Bucket) -> UInt64)] = [
            ("allowed", "Allowed", { $0.allowed }), ("dropped", "Dropped", { $0.dropped }),
            ("would-drop", "Would drop", { $0.wouldDrop }),
        ]
        let highest = series.buckets.flatMap { bucket in counts.compactMap { series.rate($0.count, bucket) } }.max()
        let frame = ChartFrame(
            id: "rate",
            summary: "Packets per second, \(model.timeRange.title(context.clock).lowercased()): "
                + "\(averageAndPeak(series, context)); dropped \(Figures.percent(model.totals.droppedShare)).",
            unit: "packets per second",
            top: niceTop(highest ?? 0),
            clock: context.clock
        )
        let chart = LineChart(
            frame: frame,
            series: series,
            lines: counts.map { line in
                .init(style: line.style, title: line.title) { series.rate(line.count, $0) ?? 0 }
            }
        )
        let table = SeriesTable.html(
            "Packets per second over time",
            id: "stats.rate",
            series,
            counts.map { line in
                .init(title: "\(line.title), pkt/s") { series.rate(line.count, $0).map { Figures.fixed($0, 1) } }
            },
            clock: context.clock
        ) { FlowsPage.bucketLink($0, series, context) }
        return Panel.html("Packets per second", id: "stats.rate", state: model.states[.rate] ?? .ready, context) {
            StatisticsPage.openFlows(context)
        } content: {
            frame.html(series, ends: chart.ends, brushes: true, plot: chart.plot, table: table)
        }
    }

    /// Of what has ended: the average by time, so that a bucket that the range cuts weighs what it lasts.
    private static func averageAndPeak(_ series: TrafficSeries, _ context: PageContext) -> String {
        let ended = series.buckets.filter { series.hasRate($0) && !$0.isIncomplete }
        guard let peak = ended.max(by: { rate($0, series) < rate($1, series) }) else { return "no data" }
        let seconds = ended.reduce(0) { $0 + series.seconds($1) }
        let average = ended.reduce(0) { $0 + Double($1.total) } / seconds
        return "average \(Figures.short(average)), peak \(Figures.short(rate(peak, series))) "
            + "at \(context.clock.text(peak.start, seconds: false))"
    }

    private static func rate(_ bucket: Bucket, _ series: TrafficSeries) -> Double {
        series.rate({ $0.total }, bucket) ?? 0
    }

    static func share(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        func value(_ bucket: Bucket) -> Double {
            bucket.total == 0 ? 0 : Double(bucket.dropped) / Double(bucket.total) * 100
        }
        let peak = model.rate.buckets.filter { !$0.isGap }.map(value).max() ?? 0
        let frame = ChartFrame(
            id: "share",
            summary: "Dropped share, \(model.timeRange.title(context.clock).lowercased()): "
                + "\(Figures.percent(model.totals.droppedShare)), peak \(Figures.percent(peak / 100)).",
            unit: "percent",
            top: max(5, niceTop(peak)),
            label: { Figures.short($0) + " %" },
            clock: context.clock
        )
        let chart = LineChart(
            frame: frame,
            series: model.rate,
            lines: [.init(style: "dropped", title: "Dropped", value: value)]
        )
        let table = SeriesTable.html(
            "Dropped share over time",
            id: "stats.share",
            model.rate,
            [.init(title: "Dropped share") { $0.total == 0 ? "—" : Figures.percent(value($0) / 100) }],
            clock: context.clock
        ) { FlowsPage.bucketLink($0, model.rate, context).setting("q", "verdict:dropped") }
        return Panel.html("Dropped share", id: "stats.share", state: model.states[.share] ?? .ready, context) {
            StatisticsPage.openFlows(context, query: "verdict:dropped")
        } content: {
            frame.html(model.rate, brushes: true, plot: chart.plot, table: table)
        }
    }
}
