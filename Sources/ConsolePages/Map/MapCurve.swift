// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The line of one edge: a cubic curve between two boxes, its head, and the cross of what is dropped.
struct MapCurve {
    struct Point: Hashable {
        var x: Double
        var y: Double
    }

    /// Start, two that bend it, end.
    let points: [Point]

    /// `nil` when an end is not drawn.
    init?(_ edge: MapModel.Edge, _ layout: MapLayout) {
        guard let from = layout.boxes[edge.source], let to = layout.boxes[edge.destination] else { return nil }
        let shifts: [MapModel.Layer: Double] = [.allowed: 0, .dropped: 11, .wouldDrop: -11, .unused: 22]
        points =
            edge.source == edge.destination ? Self.loop(from) : Self.between(from, to, shifts[edge.layer] ?? 0)
    }

    private static func between(_ from: MapLayout.Box, _ to: MapLayout.Box, _ shift: Double) -> [Point] {
        let (start, end) = (from.middle + shift, to.middle + shift)
        if to.x >= from.x + from.width {
            let (left, right) = (from.x + from.width, to.x - 9)
            let bend = max(30, (right - left) / 2)
            return curve((left, start), (left + bend, start), (right - bend, end), (right, end))
        }
        if to.x + to.width <= from.x {
            let (right, left) = (from.x, to.x + to.width + 9)
            let bend = max(30, (right - left) / 2)
            return curve((right, start + 6), (right - bend, start + 30), (left + bend, end + 30), (left, end + 6))
        }
        let (left, right) = (from.x + from.width, to.x + to.width + 9)
        return curve((left, start), (left + 60, start), (right + 52, end), (right, end))
    }

    private static func loop(_ box: MapLayout.Box) -> [Point] {
        let x = box.x + box.width / 2
        return curve((x + 28, box.y), (x + 60, box.y - 26), (x - 60, box.y - 26), (x - 28, box.y - 1))
    }

    private static func curve(_ points: (x: Double, y: Double)...) -> [Point] {
        points.map { Point(x: $0.x, y: $0.y) }
    }

    var path: String {
        let text = points.map { "\(Figures.coordinate($0.x)) \(Figures.coordinate($0.y))" }
        return "M\(text[0])C\(text[1]) \(text[2]) \(text[3])"
    }

    /// - Parameter share: 0 at the start, 1 at the end.
    func point(at share: Double) -> Point {
        let rest = 1 - share
        let weights = [rest * rest * rest, 3 * rest * rest * share, 3 * rest * share * share, share * share * share]
        return zip(points, weights).reduce(Point(x: 0, y: 0)) {
            Point(x: $0.x + $1.0.x * $1.1, y: $0.y + $1.0.y * $1.1)
        }
    }

    /// A triangle at the end, in the direction that the curve comes from.
    var head: String {
        let (before, end) = (points[2], points[3])
        let (dx, dy) = (end.x - before.x, end.y - before.y)
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let (ux, uy) = (dx / length, dy / length)
        let corners = [
            (end.x - uy * 5, end.y + ux * 5), (end.x + ux * 8, end.y + uy * 8), (end.x + uy * 5, end.y - ux * 5),
        ]
        return "M" + corners.map { "\(Figures.coordinate($0.0)) \(Figures.coordinate($0.1))" }.joined(separator: "L")
            + "Z"
    }

    /// Where the cross of a dropped edge stands.
    var crossing: Point { point(at: 0.78) }

    var cross: String {
        let (x, y) = (crossing.x, crossing.y)
        func text(_ dx: Double, _ dy: Double) -> String {
            "\(Figures.coordinate(x + dx)) \(Figures.coordinate(y + dy))"
        }
        return "M\(text(-6, -6))L\(text(6, 6))M\(text(-6, 6))L\(text(6, -6))"
    }
}
