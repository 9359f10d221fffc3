// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// What surrounds every drawing over time: axes, summary, reading, and the equal table.
///
/// The plot is stretched to the width that there is; its axes are drawn beside it and keep the size of their text.
struct ChartFrame {
    /// Unique on the page.
    var id: String
    /// One sentence that says what the drawing shows.
    var summary: String
    /// `packets per second`.
    var unit: String
    /// The value at the upper edge; positive.
    var top: Double
    /// How values are written on the axis.
    var label: (Double) -> String = Figures.short
    var clock: Clock
    /// Of the plot on the page, in pixels.
    var isShort = false

    private var pixels: Double { isShort ? 84 : 180 }

    /// Of the plot, in its own units.
    static let width = 1000.0
    static let height = 180.0

    func html(
        _ series: TrafficSeries,
        ends: [(y: Double, text: String, style: String)] = [],
        brushes: Bool = false,
        plot: [HTML],
        table: HTML
    ) -> HTML {
        tag(
            "figure",
            .class(isShort ? "chart short" : "chart"),
            .id("chart-\(id)"),
            .flag("data-chart"),
            .init("data-brush", brushes ? "on" : nil)
        ) {
            tag("div", .class("plot-row")) {
                axis
                tag(
                    "div",
                    .class("plot"),
                    .init("tabindex", "0"),
                    .init("role", "img"),
                    .label(summary),
                    .testID("chart.\(id)")
                ) {
                    tag(
                        "svg",
                        .init("viewBox", "0 0 1000 180"),
                        .init("preserveAspectRatio", "none"),
                        .hidden
                    ) {
                        tag("defs") { hatch }
                        for step in 0...4 where !isShort || step.isMultiple(of: 2) { gridLine(Double(step) / 4) }
                        HTML.joined(plot)
                    }
                }
                if !ends.isEmpty { endLabels(ends) }
            }
            times(series)
            tag("p", .class("reading"), .init("role", "status"), .init("aria-live", "polite"))
            tag("figcaption", .class("muted")) {
                "\(summary) Each point is \(Figures.duration(seconds: Int64(series.bucketSeconds)))."
            }
            tag("details", .class("table-view"), .testID("chart.\(id).table")) {
                tag("summary") { "View as table" }
                table
            }
        }
    }

    func y(_ value: Double) -> Double { Self.height - min(1, max(0, value / top)) * Self.height }

    static func x(_ index: Int, of count: Int) -> Double { (Double(index) + 0.5) * width / Double(max(1, count)) }

    var hatchURL: String { "url(#hatch-\(id))" }

    /// What stands where nothing was recorded.
    func gapMarks(_ series: TrafficSeries) -> [HTML] {
        let step = Self.width / Double(max(1, series.buckets.count))
        return series.gaps.map { gap in
            tag(
                "rect",
                .class("gap"),
                .number("x", Double(gap.lowerBound) * step),
                .init("y", "0"),
                .number("width", Double(gap.count) * step),
                .init("height", "180"),
                .init("fill", hatchURL)
            )
        }
    }

    private var hatch: HTML {
        tag(
            "pattern",
            .id("hatch-\(id)"),
            .init("width", "8"),
            .init("height", "8"),
            .init("patternUnits", "userSpaceOnUse"),
            .init("patternTransform", "rotate(45)")
        ) {
            tag("line", .class("hatch"), .init("x1", "0"), .init("y1", "0"), .init("x2", "0"), .init("y2", "8"))
        }
    }

    private func gridLine(_ share: Double) -> HTML {
        let y = share * Self.height
        return tag(
            "line",
            .class("grid"),
            .init("x1", "0"),
            .init("x2", "1000"),
            .number("y1", y),
            .number("y2", y)
        )
    }

    private var axis: HTML {
        tag("svg", .class("axis"), .init("width", "48"), .number("height", pixels + 20), .hidden) {
            for step in 0...4 where !isShort || step.isMultiple(of: 2) {
                tag(
                    "text",
                    .init("x", "44"),
                    .number("y", 14 + Double(step) * pixels / 4),
                    .init("text-anchor", "end")
                ) { label(top * Double(4 - step) / 4) }
            }
        }
    }

    /// Names at the ends of lines, moved apart so that none covers another.
    private func endLabels(_ ends: [(y: Double, text: String, style: String)]) -> HTML {
        var last = -100.0
        let placed = ends.sorted { ($0.y, $0.text) < ($1.y, $1.text) }.map { end in
            last = max(end.y + 14, last + 15)
            return (y: last, end: end)
        }
        let overflow = max(0, (placed.last?.y ?? 0) - 194)
        return tag(
            "svg",
            .class("ends"),
            .init("viewBox", "0 0 76 200"),
            .init("width", "76"),
            .init("height", "200"),
            .hidden
        ) {
            for item in placed {
                tag("text", .class(item.end.style), .init("x", "4"), .number("y", item.y - overflow)) { item.end.text }
            }
        }
    }

    private func times(_ series: TrafficSeries) -> HTML {
        let count = series.buckets.count
        let indices = count < 5 ? Array(0..<count) : (0..<5).map { $0 * (count - 1) / 4 }
        return tag("p", .class("times"), .hidden) {
            for index in indices {
                tag("span") { clock.text(series.buckets[index].start, seconds: series.bucketSeconds < 60) }
            }
        }
    }
}

/// The smallest of 1, 2 and 5 with zeros that is not below the value; 1 for nothing.
func niceTop(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return 1 }
    var unit = 1.0
    while unit * 10 <= value { unit *= 10 }
    while unit > value { unit /= 10 }
    for factor in [1.0, 2, 4, 5] where unit * factor >= value { return unit * factor }
    return unit * 10
}
