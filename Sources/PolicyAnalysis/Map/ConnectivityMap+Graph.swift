// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

extension ConnectivityMap {
    /// A DOT graph: a cluster per namespace, one arrow per edge.
    func writeDOT(_ sink: inout ByteSink) throws {
        try sink.write("digraph {\n")
        var cluster: String?
        for (node, namespace) in drawnNodes {
            if namespace != cluster {
                if cluster != nil { try sink.write("\t}\n") }
                try sink.write("\tsubgraph \(Escaped.dot("cluster_\(namespace)")) {\n")
                try sink.write("\t\tlabel=\(Escaped.dot(namespace))\n")
                cluster = namespace
            }
            try sink.write("\t\t\(Escaped.dot(node.description)) [label=\(Escaped.dot(node.shortText))]\n")
        }
        if cluster != nil { try sink.write("\t}\n") }
        try forEachEdge { edge in
            let label = Self.parts(edge.connections).joined(separator: "; ")
            let ends = "\(Escaped.dot(edge.source.description)) -> \(Escaped.dot(edge.destination.description))"
            let style = edge.connections.passable.isEmpty ? " style=dashed" : ""
            try sink.write("\t\(ends) [label=\(Escaped.dot(label))\(style)]\n")
        }
        try sink.write("}\n")
    }

    /// A Mermaid flowchart with the same content.
    func writeMermaid(_ sink: inout ByteSink) throws {
        try sink.write("flowchart LR\n")
        var numbers: [MapNode: Int] = [:]
        var cluster: String?
        for (node, namespace) in drawnNodes {
            if namespace != cluster {
                if cluster != nil { try sink.write("  end\n") }
                try sink.write("  subgraph s\(numbers.count)[\(Escaped.mermaid(namespace))]\n")
                cluster = namespace
            }
            try sink.write("    n\(numbers.count)[\(Escaped.mermaid(node.shortText))]\n")
            numbers[node] = numbers.count
        }
        if cluster != nil { try sink.write("  end\n") }
        try forEachEdge { edge in
            for node in [edge.source, edge.destination] where numbers[node] == nil {
                try sink.write("  n\(numbers.count)([\(Escaped.mermaid(node.description))])\n")
                numbers[node] = numbers.count
            }
            guard let source = numbers[edge.source], let destination = numbers[edge.destination] else { return }
            let arrow = edge.connections.passable.isEmpty ? "-.->" : "-->"
            let label = Self.parts(edge.connections).joined(separator: "; ")
            try sink.write("  n\(source) \(arrow)|\(Escaped.mermaid(label))| n\(destination)\n")
        }
    }

    /// The nodes to draw, those of one namespace together.
    private var drawnNodes: [(node: MapNode, namespace: String)] {
        nodes.indices.filter { inFocus == nil || inFocus?[$0] == true || isNeighbour[$0] }
            .map { (nodes[$0], nodes[$0].namespace ?? "") }
            .sorted { left, right in
                if left.1 == right.1 { return left.0.description < right.0.description }
                return left.1 < right.1
            }
    }

    /// By node: whether an edge begins or ends there; asked only for a map in focus.
    private var isNeighbour: [Bool] {
        var found = Set<MapNode>()
        forEachEdge { found.formUnion([$0.source, $0.destination]) }
        return nodes.map { found.contains($0) }
    }
}

extension MapNode {
    /// The text without the namespace: `web[Deployment]`.
    var shortText: String {
        switch self {
        case .workload(let workload): Escaped.plain("\(workload.name)[\(workload.kind)]")
        case .namespace, .outside: description
        }
    }
}
