// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

extension ConnectivityMap {
    /// The forms that a map is written in.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case txt, json, csv, md, dot, mermaid, svg
    }

    /// Writes the map.
    ///
    /// - Parameters:
    ///   - explain: adds the deciding rules to each line (txt, json, csv, md).
    ///   - exposure: adds what is open to workloads that do not exist yet (txt, json, csv, md).
    ///   - output: gets the bytes in pieces, in order; what it throws ends the writing.
    /// - Complexity: O(edges) time; memory for one source at a time, but for svg, which holds all edges.
    public func write(
        _ format: Format,
        explain: Bool = false,
        exposure: ConnectivityExposure? = nil,
        to output: ([UInt8]) throws -> Void
    ) throws {
        try withoutActuallyEscaping(output) { output in
            var sink = ByteSink(output)
            let reasons = explain ? EdgeReasons(self) : nil
            switch format {
            case .txt: try writeLines(reasons, exposure, &sink)
            case .json: try writeJSON(reasons, exposure, &sink)
            case .csv: try writeCSV(reasons, exposure, &sink)
            case .md: try writeMarkdown(reasons, exposure, &sink)
            case .dot: try writeDOT(&sink)
            case .mermaid: try writeMermaid(&sink)
            case .svg: try sink.write(MapDrawing(self).text)
            }
            try sink.flush()
        }
    }

    /// The whole text at once; for maps that are known to be small.
    public func text(_ format: Format, explain: Bool = false, exposure: ConnectivityExposure? = nil) -> String {
        var bytes: [UInt8] = []
        do {
            try write(format, explain: explain, exposure: exposure) { bytes.append(contentsOf: $0) }
        } catch {
            // Only the closure could throw, and it does not.
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func writeLines(
        _ reasons: EdgeReasons?,
        _ exposure: ConnectivityExposure?,
        _ sink: inout ByteSink
    ) throws {
        let (arrow, end) = (Array(" => ".utf8), UInt8(ascii: "\n"))
        var texts: [[[UInt8]]?] = []
        var walk = EdgeWalk(self)
        try walk.run { source, destination, number, walk in
            let index = Int(number)
            if texts.count <= index { texts += Array(repeating: nil, count: index + 1 - texts.count) }
            let parts = texts[index] ?? Self.parts(walk.connections(number)).map { Array(" : \($0)".utf8) + [end] }
            texts[index] = parts
            for part in parts {
                sink.append(walk.text(source))
                sink.append(arrow)
                sink.append(walk.text(destination))
                sink.append(part)
            }
            if let reasons { try sink.write(reasons.text(source, destination, walk)) }
            try sink.flushIfFull()
        }
        if let exposure { try sink.write("\n" + exposure.text) }
    }

    private func writeCSV(_ reasons: EdgeReasons?, _ exposure: ConnectivityExposure?, _ sink: inout ByteSink) throws {
        try sink.write(Self.columns(reasons).joined(separator: ",") + "\n")
        try forEachRow(reasons) { row in try sink.write(row.map(Escaped.csv).joined(separator: ",") + "\n") }
        if let exposure { try sink.write("\n" + exposure.csv) }
    }

    private func writeMarkdown(
        _ reasons: EdgeReasons?,
        _ exposure: ConnectivityExposure?,
        _ sink: inout ByteSink
    ) throws {
        let columns = Self.columns(reasons)
        let line = columns.map { String(repeating: "-", count: $0.count + 2) }.joined(separator: "|")
        try sink.write("| \(columns.joined(separator: " | ")) |\n|\(line)|\n")
        try forEachRow(reasons) { row in
            try sink.write("| " + row.map(Escaped.markdown).joined(separator: " | ") + " |\n")
        }
        if let exposure { try sink.write("\n" + exposure.markdown) }
    }

    private static func columns(_ reasons: EdgeReasons?) -> [String] {
        ["src", "dst", "conn"] + (reasons == nil ? [] : ["outbound", "inbound"])
    }

    /// The cells of each line of a table.
    private func forEachRow(_ reasons: EdgeReasons?, _ visit: ([String]) throws -> Void) throws {
        var walk = EdgeWalk(self)
        try walk.run { source, destination, number, walk in
            let ends = [walk.node(source).description, walk.node(destination).description]
            let why = reasons?.texts(source, destination, walk) ?? []
            for part in Self.parts(walk.connections(number)) { try visit(ends + [part] + why) }
        }
    }

    private func writeJSON(
        _ reasons: EdgeReasons?,
        _ exposure: ConnectivityExposure?,
        _ sink: inout ByteSink
    ) throws {
        let level = Escaped.json(options.level.rawValue)
        try sink.write(
            """
            {"apiVersion":"palisade/v1","kind":"ConnectivityMap","level":\(level),"unprotected":\(unprotectedCount),\
            "items":[
            """
        )
        var isFirst = true
        var walk = EdgeWalk(self)
        try walk.run { source, destination, number, walk in
            let connections = walk.connections(number)
            try sink.write(isFirst ? "\n" : ",\n")
            isFirst = false
            try sink.write(
                """
                {"source":\(walk.node(source).json),"destination":\(walk.node(destination).json),\
                \(connections.json)\(reasons?.json(source, destination, walk) ?? "")}
                """
            )
        }
        try sink.write(isFirst ? "]" : "\n]")
        if let exposure { try sink.write(",\"exposure\":\(exposure.json)") }
        try sink.write("}\n")
    }

    /// One text for each of the certain, the limited and the uncertain connections that there are.
    static func parts(_ connections: PairConnections) -> [String] {
        var parts: [String] = []
        if !connections.allowed.isEmpty { parts.append(ConnectionText.line(connections.allowed)) }
        if !connections.limited.isEmpty {
            parts.append(ConnectionText.line(connections.limited) + " (L7 rules decide)")
        }
        if !connections.uncertain.isEmpty { parts.append(ConnectionText.line(connections.uncertain) + " (uncertain)") }
        return parts
    }
}

extension MapNode {
    var json: String {
        switch self {
        case .workload(let workload):
            """
            {"namespace":\(Escaped.json(workload.namespace)),"name":\(Escaped.json(workload.name)),\
            "kind":\(Escaped.json(workload.kind))}
            """
        case .namespace(let name): "{\"namespace\":\(Escaped.json(name))}"
        case .outside(let range): "{\"from\":\"\(range.first)\",\"to\":\"\(range.last)\"}"
        }
    }
}

extension PairConnections {
    /// The fields `allowed`, `limited` and `uncertain` of an object; the last two only where there is something.
    var json: String {
        var fields = ["\"allowed\":\(allowed.json)"]
        if !limited.isEmpty { fields.append("\"limited\":\(limited.json)") }
        if !uncertain.isEmpty { fields.append("\"uncertain\":\(uncertain.json)") }
        return fields.joined(separator: ",")
    }
}

extension ConnectionSet {
    /// The text, what is so of protocols that are not named, and the port ranges of those that are.
    var json: String {
        let named = ports.sorted { $0.key.description < $1.key.description }.map { ipProtocol, ports in
            let ranges = ports.ranges.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",")
            return "\(Escaped.json(ipProtocol.description)):[\(ranges)]"
        }
        return """
            {"text":\(Escaped.json(ConnectionText.line(self))),"otherProtocols":\(hasOthers),\
            "ports":{\(named.joined(separator: ","))}}
            """
    }
}
