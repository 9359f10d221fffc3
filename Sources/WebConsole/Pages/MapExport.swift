// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import NetworkPrimitives
import PolicyAnalysis

/// The edges of a map as files.
enum MapExport {
    static func mediaType(_ format: String) -> String {
        switch format {
        case "csv": "text/csv; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/plain; charset=utf-8"
        }
    }

    /// `nil` for a format that there is not.
    static func text(_ model: MapModel, _ context: PageContext, format: String) -> String? {
        switch format {
        case "csv": return csv(model)
        case "md": return markdown(model)
        case "mermaid": return mermaid(model)
        case "dot": return dot(model)
        case "svg": return MapPage.drawing(model, context)
        default: return nil
        }
    }

    private static func rows(_ model: MapModel) -> [[String]] {
        model.edges.sorted {
            ($0.source, $0.destination, $0.verdict.rawValue) < ($1.source, $1.destination, $1.verdict.rawValue)
        }
        .map { edge in
            [
                edge.source, edge.destination, edge.isUnused ? "unused" : edge.verdict.rawValue,
                edge.ports.joined(separator: " "), "\(edge.connections)", "\(edge.packets)",
                edge.lastSeen?.description ?? "",
            ]
        }
    }

    private static let headers = ["source", "destination", "verdict", "ports", "connections", "packets", "last_seen"]

    private static func csv(_ model: MapModel) -> String {
        ([headers] + rows(model)).map(FlowExport.line).joined()
    }

    private static func markdown(_ model: MapModel) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(headers) + line(headers.map { _ in "---" })
            + rows(model).map { line($0.map(Escaped.markdown)) }.joined()
    }

    /// Names are quoted, and quotes in them written as Mermaid writes them.
    private static func mermaid(_ model: MapModel) -> String {
        let ids = identifiers(model)
        var text = "flowchart LR\n"
        for node in model.nodes.sorted(by: { $0.id < $1.id }) {
            text += "  \(ids[node.id] ?? "")[\(Escaped.mermaid(node.label))]\n"
        }
        for row in rows(model) {
            let arrow = row[2] == "ALLOWED" || row[2] == "FORWARDED" ? "-->" : "-.->"
            text +=
                "  \(ids[row[0]] ?? "") \(arrow)|\(Escaped.mermaid("\(row[2]) \(row[3])"))| \(ids[row[1]] ?? "")\n"
        }
        return text
    }

    private static func dot(_ model: MapModel) -> String {
        let ids = identifiers(model)
        var text = "digraph palisade {\n  rankdir=LR;\n"
        for node in model.nodes.sorted(by: { $0.id < $1.id }) {
            text += "  \(ids[node.id] ?? "") [label=\(Escaped.dot(node.label))];\n"
        }
        for row in rows(model) {
            text +=
                "  \(ids[row[0]] ?? "") -> \(ids[row[1]] ?? "") [label=\(Escaped.dot("\(row[2]) \(row[3])"))];\n"
        }
        return text + "}\n"
    }

    /// Names of our own: those of containers are anybody's text.
    private static func identifiers(_ model: MapModel) -> [String: String] {
        let ids = model.nodes.map(\.id).sorted().enumerated().map { ($0.element, "n\($0.offset)") }
        return Dictionary(ids) { first, _ in first }
    }
}
