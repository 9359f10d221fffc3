// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

/// A drawing of a map: sources left, destinations right, in as many columns as the longest way.
///
/// The layout is a function of the edges alone. A title and a description carry the content for readers who do not see.
struct MapDrawing {
    private struct Box {
        var node: MapNode
        var column: Int
        var row: Int

        var x: Int { 20 + column * 380 }
        var y: Int { 60 + row * 44 }
    }

    private let edges: [MapEdge]
    private var boxes: [MapNode: Box] = [:]
    private var order: [MapNode] = []

    init(_ map: ConnectivityMap) {
        edges = map.edges
        let inEdges = Set(edges.flatMap { [$0.source, $0.destination] })
        let alone = map.inFocus == nil ? map.nodes.filter { !inEdges.contains($0) } : []
        order = (Array(inEdges) + alone).sorted { $0.description < $1.description }
        let columns = Self.columns(order, edges)
        var rows: [Int: Int] = [:]
        for node in order {
            let column = columns[node] ?? 0
            boxes[node] = Box(node: node, column: column, row: rows[column, default: 0])
            rows[column, default: 0] += 1
        }
    }

    /// The length of the longest way to each node, without going round in circles.
    private static func columns(_ nodes: [MapNode], _ edges: [MapEdge]) -> [MapNode: Int] {
        let forward = Dictionary(grouping: edges, by: \.source).mapValues { $0.map(\.destination) }
        var columns: [MapNode: Int] = [:]
        var isOpen: Set<MapNode> = []
        // Depth first, on a stack of its own; an edge back to an open node is one of a circle and does not count.
        var finished: [MapNode] = []
        var back: Set<[MapNode]> = []
        for root in nodes where columns[root] == nil {
            var stack: [(node: MapNode, next: Int)] = [(root, 0)]
            columns[root] = 0
            isOpen.insert(root)
            while let top = stack.last {
                let children = forward[top.node] ?? []
                guard top.next < children.count else {
                    isOpen.remove(top.node)
                    finished.append(top.node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let child = children[top.next]
                if isOpen.contains(child) {
                    back.insert([top.node, child])
                } else if columns[child] == nil {
                    columns[child] = 0
                    isOpen.insert(child)
                    stack.append((child, 0))
                }
            }
        }
        for node in finished.reversed() {
            for child in forward[node] ?? [] where !back.contains([node, child]) {
                columns[child] = max(columns[child] ?? 0, (columns[node] ?? 0) + 1)
            }
        }
        return columns
    }

    var text: String {
        let width = 360 + (boxes.values.map(\.x).max() ?? 0)
        let height = 60 + (boxes.values.map(\.y).max() ?? 0)
        let summary = "\(order.count) places, \(edges.count) connections allowed by policy."
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"title description\">",
            "<title id=\"title\">Connectivity map</title>", "<desc id=\"description\">\(summary)",
        ]
        for edge in edges { lines.append(Escaped.xml(Self.sentence(edge))) }
        lines += [
            "</desc>",
            "<defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" "
                + "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/></marker></defs>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
            "<text x=\"20\" y=\"32\" font-family=\"sans-serif\" font-size=\"16\">\(summary)</text>",
        ]
        lines += edges.compactMap(line)
        lines += order.compactMap { boxes[$0] }.map(Self.text)
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    private static func sentence(_ edge: MapEdge) -> String {
        let parts = ConnectivityMap.parts(edge.connections).joined(separator: "; ")
        return "\(edge.source) => \(edge.destination) : \(parts)"
    }

    private func line(_ edge: MapEdge) -> String? {
        guard let source = boxes[edge.source], let destination = boxes[edge.destination] else { return nil }
        let isForward = destination.column > source.column
        let start = (x: source.x + (isForward ? 300 : 150), y: source.y + (isForward ? 16 : 32))
        let end = (x: destination.x + (isForward ? 0 : 150), y: destination.y + (isForward ? 16 : 32))
        let dash = edge.connections.passable.isEmpty ? " stroke-dasharray=\"4 4\"" : ""
        let bend = isForward ? 40 : 0
        let drop = isForward ? 0 : 24
        return """
            <path d="M\(start.x) \(start.y)C\(start.x + bend) \(start.y + drop) \(end.x - bend) \(end.y + drop) \
            \(end.x) \(end.y)" fill="none" stroke="#555"\(dash) marker-end="url(#arrow)">\
            <title>\(Escaped.xml(Self.sentence(edge)))</title></path>
            """
    }

    private static func text(_ box: Box) -> String {
        let full = box.node.description
        let shown = full.count > 42 ? full.prefix(41) + "…" : full[...]
        let fill = box.node.isOutside ? "#e8eef7" : "#f4f4f4"
        return """
            <g><title>\(Escaped.xml(full))</title><rect x="\(box.x)" y="\(box.y)" width="300" height="32" rx="4" \
            fill="\(fill)" stroke="#333"/><text x="\(box.x + 8)" y="\(box.y + 21)" font-family="monospace" \
            font-size="11">\(Escaped.xml(String(shown)))</text></g>
            """
    }
}
