// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where everything is: callers on the left, callees on the right; a function of the nodes and edges alone.
///
/// Each island keeps room for all its workloads, expanded or not, so that expanding one moves no other. Orders are by
/// number of layer, then by the middle of the callers, then by name.
/// - Complexity: O(nodes log nodes + edges) for islands and their edges.
struct MapLayout {
    struct Box: Hashable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        var middle: Double { y + height / 2 }
    }

    /// The place of an island, and whether its workloads are drawn inside.
    struct Island: Hashable {
        var id: String
        var box: Box
        var isExpanded: Bool
    }

    private(set) var boxes: [String: Box] = [:]
    private(set) var islands: [Island] = []
    private(set) var width = 0.0
    private(set) var height = 0.0

    private static let node = (width: 172.0, height: 36.0)
    private static let whole = (width: 184.0, height: 56.0)
    private static let gap = (column: 150.0, row: 26.0, inner: 14.0, title: 34.0)

    init(_ model: MapModel) {
        let nodes = model.nodes.sorted { $0.id < $1.id }
        let members = Dictionary(grouping: nodes) { $0.namespace ?? $0.id }
        let names = members.keys.sorted()
        let columns = Self.columns(names, Self.islandEdges(model.edges, nodes))
        var x = 20.0
        let sizes = members.mapValues { Self.slot($0) }
        let heights = columns.map { column in
            column.reduce(-Self.gap.row) { $0 + (sizes[$1]?.height ?? 0) + Self.gap.row }
        }
        height = (heights.max() ?? 0) + 60
        for (column, tall) in zip(columns, heights) {
            let widest = column.compactMap { sizes[$0]?.width }.max() ?? 0
            var y = (height - tall) / 2
            for name in column {
                let size = sizes[name] ?? Box(x: 0, y: 0, width: 0, height: 0)
                place(
                    name,
                    members[name] ?? [],
                    Box(x: x + (widest - size.width) / 2, y: y, width: size.width, height: size.height)
                )
                y += size.height + Self.gap.row
            }
            x += widest + Self.gap.column
        }
        width = x - Self.gap.column + 60
    }

    /// The room of an island: all its workloads in a grid that is a little taller than wide.
    private static func slot(_ nodes: [MapModel.Node]) -> Box {
        let count = max(nodes.count, nodes.map(\.workloads).max() ?? 1)
        if nodes.first?.namespace == nil { return Box(x: 0, y: 0, width: whole.width, height: whole.height) }
        let (columns, rows) = grid(count)
        return Box(
            x: 0,
            y: 0,
            width: max(whole.width, Double(columns) * (node.width + gap.inner) + gap.inner),
            height: max(whole.height, Double(rows) * (node.height + gap.inner) + gap.inner + gap.title)
        )
    }

    private static func grid(_ count: Int) -> (columns: Int, rows: Int) {
        let columns = max(1, Int((Double(count) / 4).squareRoot().rounded(.up)))
        return (columns, max(1, (count + columns - 1) / columns))
    }

    private mutating func place(_ name: String, _ nodes: [MapModel.Node], _ slot: Box) {
        if nodes.count == 1, let only = nodes.first, only.kind != .workload {
            boxes[only.id] = Box(
                x: slot.x + (slot.width - Self.whole.width) / 2,
                y: slot.middle - Self.whole.height / 2,
                width: Self.whole.width,
                height: Self.whole.height
            )
            return
        }
        islands.append(Island(id: name, box: slot, isExpanded: true))
        let columns = Self.grid(max(nodes.count, 1)).columns
        for (index, node) in nodes.enumerated() {
            boxes[node.id] = Box(
                x: slot.x + Self.gap.inner + Double(index % columns) * (Self.node.width + Self.gap.inner),
                y: slot.y + Self.gap.title + Double(index / columns) * (Self.node.height + Self.gap.inner),
                width: Self.node.width,
                height: Self.node.height
            )
        }
    }

    /// Edges between islands, sorted, each once; the host and the outside stand left when they call anything.
    private static func islandEdges(_ edges: [MapModel.Edge], _ nodes: [MapModel.Node]) -> [String: [String]] {
        let island = Dictionary(nodes.map { ($0.id, $0.namespace ?? $0.id) }) { first, _ in first }
        var result: [String: Set<String>] = [:]
        for edge in edges where !edge.isUnused {
            guard let from = island[edge.source], let to = island[edge.destination], from != to else { continue }
            result[from, default: []].insert(to)
        }
        let outside = Set(nodes.filter { $0.namespace == nil && result[$0.id] != nil }.map(\.id))
        return result.mapValues { $0.subtracting(outside).sorted() }
    }

    /// Islands by layer: the longest way from a caller that nobody calls, cycles cut where a walk by name closes them.
    private static func columns(_ names: [String], _ edges: [String: [String]]) -> [[String]] {
        let order = walk(names, edges)
        let rank = Dictionary(order.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var layer: [String: Int] = [:]
        var callers: [String: [String]] = [:]
        for name in order {
            for callee in edges[name] ?? [] where (rank[callee] ?? 0) > (rank[name] ?? 0) {
                layer[callee] = max(layer[callee] ?? 0, (layer[name] ?? 0) + 1)
                callers[callee, default: []].append(name)
            }
        }
        var columns = [[String]](repeating: [], count: (layer.values.max() ?? 0) + 1)
        for name in names { columns[layer[name] ?? 0].append(name) }
        var position: [String: Double] = [:]
        for index in columns.indices {
            let middle = columns[index].map { name -> (Double, String) in
                let known = (callers[name] ?? []).compactMap { position[$0] }
                return (known.isEmpty ? 0.5 : known.reduce(0, +) / Double(known.count), name)
            }
            columns[index] = middle.sorted { $0 < $1 }.map(\.1)
            for (place, name) in columns[index].enumerated() {
                position[name] = (Double(place) + 0.5) / Double(columns[index].count)
            }
        }
        return columns
    }

    /// Topological order with the edges left aside that close a cycle; those nobody calls are walked from first.
    private static func walk(_ names: [String], _ edges: [String: [String]]) -> [String] {
        let called = Set(edges.values.joined())
        let starts = names.filter { !called.contains($0) } + names.filter(called.contains)
        var isSeen: Set<String> = []
        var finished: [String] = []
        for start in starts where isSeen.insert(start).inserted {
            var stack: [(name: String, next: Int)] = [(start, 0)]
            while let (name, next) = stack.popLast() {
                let callees = edges[name] ?? []
                guard next < callees.count else {
                    finished.append(name)
                    continue
                }
                stack.append((name, next + 1))
                if isSeen.insert(callees[next]).inserted { stack.append((callees[next], 0)) }
            }
        }
        return finished.reversed()
    }
}
