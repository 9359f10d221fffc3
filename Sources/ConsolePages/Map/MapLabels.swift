// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// Where the labels of edges stand: none on another one, on a node, or on the title of an island.
///
/// Each label takes the place along its curve that the fewest other curves cross. Without room for the whole label the port
/// alone is tried; without room for that there is none, and the edge's title says it. Those of dropped edges and of the most
/// connections choose first, so that what has to go is what matters least.
/// - Complexity: O(edges · candidates); rectangles and curves are found by the cell that they lie in.
struct MapLabels {
    struct Label: Hashable {
        var text: String
        var box: MapLayout.Box
    }

    /// By position in the edges that it was made from; an edge without room has none.
    private(set) var labels: [Int: Label] = [:]

    private var taken = MapCells()
    private var lines: [MapCells.Cell: Int] = [:]
    private let size: (width: Double, height: Double)

    private static let height = 15.0
    private static let shares = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]
    /// Of the middle of the label from the curve: on it with a halo, above, below, and beside it (in widths of the label).
    private static let offsets: [(across: Double, down: Double)] = [
        (0, 0), (0.5, 0), (-0.5, 0), (0, -11), (0, 11), (0, -18), (0, 18), (0.5, -12), (-0.5, -12), (0.5, 12),
        (-0.5, 12), (0, -28), (0, 28),
    ]

    /// - Parameter curves: of the edges, in their order; `nil` for one that is not drawn.
    init(_ edges: [MapModel.Edge], _ curves: [MapCurve?], _ layout: MapLayout) {
        size = (layout.width, layout.height)
        layout.boxes.values.forEach { taken.insert($0.padded(2)) }
        for island in layout.islands { taken.insert(island.title) }
        for (edge, curve) in zip(edges, curves) {
            guard let curve else { continue }
            if edge.verdict == .dropped, !edge.isUnused { taken.insert(Self.around(curve.crossing, 8)) }
            for cell in Self.cells(of: curve) { lines[cell, default: 0] += 1 }
        }
        for index in edges.indices.sorted(by: { Self.order(edges[$0]) < Self.order(edges[$1]) }) {
            guard let curve = curves[index] else { continue }
            guard let label = place(edges[index], curve) else { continue }
            labels[index] = label
            taken.insert(label.box)
        }
    }

    private static func order(_ edge: MapModel.Edge) -> (Int, UInt64, String, String) {
        let rank: Int =
            switch edge.layer {
            case .dropped: 0
            case .wouldDrop: 1
            case .allowed: 2
            case .unused: 3
            }
        return (rank, UInt64.max - edge.connections, edge.source, edge.destination)
    }

    private func place(_ edge: MapModel.Edge, _ curve: MapCurve) -> Label? {
        let own = Self.cells(of: curve)
        for text in [edge.label, edge.shortLabel] where !text.isEmpty {
            let width = Self.width(text)
            var best: (cost: Int, box: MapLayout.Box)?
            for share in Self.shares {
                let point = curve.point(at: share)
                for (rank, offset) in Self.offsets.enumerated() {
                    let box = MapLayout.Box(
                        x: point.x - width / 2 + offset.across * (width + 8),
                        y: point.y + offset.down - Self.height / 2,
                        width: width,
                        height: Self.height
                    )
                    guard isFree(box) else { continue }
                    let cost = crossings(box, own) * 8 + Self.run(of: curve, in: box) * 4 + rank
                    if cost < best?.cost ?? .max { best = (cost, box) }
                }
            }
            if let best { return Label(text: text, box: best.box) }
        }
        return nil
    }

    private func isFree(_ box: MapLayout.Box) -> Bool {
        box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height
            && !taken.hasAny(crossing: box)
    }

    /// How much of other curves lies below the box.
    private func crossings(_ box: MapLayout.Box, _ own: Set<MapCells.Cell>) -> Int {
        MapCells.cells(of: box).reduce(0) { $0 + (lines[$1] ?? 0) - (own.contains($1) ? 1 : 0) }
    }

    /// How far its own curve runs through the label: across it is read well, along it is not.
    private static func run(of curve: MapCurve, in box: MapLayout.Box) -> Int {
        let inside = (0...48).count { step in
            let point = curve.point(at: Double(step) / 48)
            return box.x <= point.x && point.x <= box.x + box.width && box.y <= point.y
                && point.y <= box.y + box.height
        }
        return max(0, inside - 3)
    }

    private static func cells(of curve: MapCurve) -> Set<MapCells.Cell> {
        Set((0...48).map { MapCells.Cell(curve.point(at: Double($0) / 48)) })
    }

    private static func around(_ point: MapCurve.Point, _ half: Double) -> MapLayout.Box {
        MapLayout.Box(x: point.x - half, y: point.y - half, width: 2 * half, height: 2 * half)
    }

    /// At least as wide as any usual font draws it; the server has none to measure with.
    private static func width(_ text: String) -> Double {
        text.reduce(4) { $0 + (" ·.-,".contains($1) ? 4.2 : $1.isUppercase ? 8 : 7.4) }
    }
}

extension MapModel.Edge {
    /// What stays where the whole label has no room.
    var shortLabel: String { ports.first ?? "" }

    /// What the drawing says about the edge where it has no room for it.
    var title: String {
        let fate = isUnused ? "permitted, not used" : VerdictMark.word(verdict).lowercased()
        return "\(source) to \(destination): \(label), \(fate)"
    }
}

extension MapLayout.Box {
    func padded(_ by: Double) -> MapLayout.Box {
        MapLayout.Box(x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by)
    }

    func overlaps(_ other: MapLayout.Box) -> Bool {
        x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
    }
}

extension MapLayout.Island {
    /// The strip with its name and its button.
    var title: MapLayout.Box { MapLayout.Box(x: box.x, y: box.y, width: box.width, height: 32) }
}

/// Rectangles by the cells of a grid that they touch.
struct MapCells {
    struct Cell: Hashable {
        var column: Int
        var row: Int

        init(_ point: MapCurve.Point) {
            column = Int((point.x / MapCells.edge).rounded(.down))
            row = Int((point.y / MapCells.edge).rounded(.down))
        }
    }

    private static let edge = 12.0
    private var boxes: [Cell: [MapLayout.Box]] = [:]

    mutating func insert(_ box: MapLayout.Box) {
        for cell in Self.cells(of: box) { boxes[cell, default: []].append(box) }
    }

    func hasAny(crossing box: MapLayout.Box) -> Bool {
        Self.cells(of: box).contains { boxes[$0]?.contains(where: box.overlaps) ?? false }
    }

    static func cells(of box: MapLayout.Box) -> [Cell] {
        let first = Cell(.init(x: box.x, y: box.y))
        let last = Cell(.init(x: box.x + box.width, y: box.y + box.height))
        return (first.row...last.row).flatMap { row in
            (first.column...last.column).map { column in
                var cell = first
                (cell.column, cell.row) = (column, row)
                return cell
            }
        }
    }
}
