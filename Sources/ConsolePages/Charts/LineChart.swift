// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Lines over time: solid, thick and dashed, each with its name at its end.
///
/// Where nothing was recorded there is a hatched gap, and the part to a bucket that has not ended is dotted.
struct LineChart {
    /// One line: its style (`allowed`), its name, and its value of each bucket.
    struct Line {
        var style: String
        var title: String
        var value: (TrafficSeries.Bucket) -> Double
    }

    var frame: ChartFrame
    var series: TrafficSeries
    var lines: [Line]

    var plot: [HTML] { frame.gapMarks(series) + lines.flatMap(marks) }

    /// The last value of each line that has one.
    var ends: [(y: Double, text: String, style: String)] {
        guard let last = series.buckets.last(where: series.hasRate) else { return [] }
        return lines.map { (frame.y($0.value(last)), $0.title, $0.style) }
    }

    private func marks(_ line: Line) -> [HTML] {
        series.stretches.flatMap { stretch in
            let count = series.buckets.count
            let points = stretch.map { index in
                (x: ChartFrame.x(index, of: count), y: frame.y(line.value(series.buckets[index])))
            }
            let firstIncomplete = stretch.first { series.buckets[$0].isIncomplete } ?? stretch.upperBound
            let complete = points.prefix(firstIncomplete - stretch.lowerBound)
            let rest = points.dropFirst(max(0, complete.count - 1))
            return [
                path(Array(complete), "line \(line.style)"),
                complete.count < points.count ? path(Array(rest), "line \(line.style) incomplete") : .empty,
            ]
        }
    }

    private func path(_ points: [(x: Double, y: Double)], _ style: String) -> HTML {
        guard let first = points.first else { return .empty }
        if points.count == 1 {
            let (x, y) = (Figures.coordinate(first.x), Figures.coordinate(first.y))
            return tag("path", .class(style), .init("d", "M\(x) \(y)h0.1"))
        }
        let text = points.map { "\(Figures.coordinate($0.x)) \(Figures.coordinate($0.y))" }.joined(separator: "L")
        return tag("path", .class(style), .init("d", "M\(text)"))
    }
}

/// Stacked bars over time: allowed below, would drop, dropped on top.
struct Histogram {
    var frame: ChartFrame
    var series: TrafficSeries

    var plot: [HTML] {
        let step = ChartFrame.width / Double(max(1, series.buckets.count))
        let bars = series.buckets.enumerated().map { index, bucket in
            bucket.isGap ? HTML.empty : bar(bucket, x: Double(index) * step, width: step)
        }
        return frame.gapMarks(series) + bars
    }

    private func bar(_ bucket: TrafficSeries.Bucket, x: Double, width: Double) -> HTML {
        let parts = [("allowed", bucket.allowed), ("would-drop", bucket.wouldDrop), ("dropped", bucket.dropped)]
        var sum = 0.0
        return group {
            for (style, count) in parts where count > 0 {
                let upper = frame.y(sum + Double(count))
                let lower = frame.y(sum)
                tag(
                    "rect",
                    .class("bar \(style)\(bucket.isIncomplete ? " incomplete" : "")"),
                    .number("x", x + width * 0.08),
                    .number("y", upper),
                    .number("width", max(0.5, width * 0.84)),
                    .number("height", max(0.5, lower - upper))
                )
                advance(&sum, by: count)
            }
        }
    }

    private func advance(_ sum: inout Double, by count: UInt64) -> HTML {
        sum += Double(count)
        return .empty
    }
}

/// A small line without axes; the number beside it says what it is.
enum Sparkline {
    static func html(_ values: [Double?], style: String = "allowed") -> HTML {
        let top = values.compactMap { $0 }.max() ?? 0
        let step = 80 / Double(max(1, values.count - 1))
        var commands: [String] = []
        var isDrawing = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isDrawing = false
                continue
            }
            let y = top > 0 ? 18 - value / top * 16 : 18
            commands.append(
                "\(isDrawing ? "L" : "M")\(Figures.coordinate(Double(index) * step)) \(Figures.coordinate(y))"
            )
            isDrawing = true
        }
        guard commands.count > 1 else { return .empty }
        return tag("svg", .class("spark \(style)"), .init("viewBox", "-1 0 82 20"), .hidden) {
            tag("path", .init("d", commands.joined()))
        }
    }
}

/// A horizontal bar in parts, as wide as its share of the largest.
enum ShareBar {
    static func html(_ parts: [(style: String, value: Double)], of largest: Double) -> HTML {
        var x = 0.0
        var pieces: [HTML] = []
        for part in parts where part.value > 0 && largest > 0 {
            let width = part.value / largest * 200
            pieces.append(
                tag(
                    "rect",
                    .class("bar \(part.style)"),
                    .number("x", x),
                    .init("y", "1"),
                    .number("width", max(1, width)),
                    .init("height", "10")
                )
            )
            x += max(1, width)
        }
        return tag(
            "svg",
            .class("share"),
            .init("viewBox", "0 0 200 12"),
            .init("preserveAspectRatio", "none"),
            .hidden
        ) { HTML.joined(pieces) }
    }
}
