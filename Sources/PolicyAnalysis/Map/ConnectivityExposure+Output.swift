// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

extension ConnectivityExposure {
    /// As users of np-guard's analyzer know it: egress, ingress, then who is not protected.
    public var text: String {
        let width = rows.map { $0.workload.description.count }.max() ?? 0
        var result = "Exposure Analysis Result:\n"
        for (direction, title, arrow) in [(Direction.egress, "Egress", "=>"), (.ingress, "Ingress", "<=")] {
            let own = rows.filter { $0.direction == direction }
            guard !own.isEmpty else { continue }
            result += (direction == .ingress ? "\n" : "") + "\(title) Exposure:\n"
            for row in own {
                let name = row.workload.description
                let padding = String(repeating: " ", count: width - name.count + 1)
                for part in row.parts { result += "\(name)\(padding)\t\(arrow) \t\(row.peer) : \(part)\n" }
            }
        }
        guard !unrestricted.isEmpty else { return result }
        result += "\nWorkloads not protected by network policies:\n"
        for entry in unrestricted.sorted(by: {
            ($0.workload.description, $0.direction) < ($1.workload.description, $1.direction)
        }) {
            let title = entry.direction == .egress ? "Egress" : "Ingress"
            result += "\(entry.workload) is not protected on \(title)\n"
        }
        return result
    }

    var csv: String {
        var result = "workload,direction,peer,conn\n"
        for (row, part) in lines { result += row.cells(part).map(Escaped.csv).joined(separator: ",") + "\n" }
        return result
    }

    var markdown: String {
        var result = "| workload | direction | peer | conn |\n|----------|-----------|------|------|\n"
        for (row, part) in lines {
            result += "| " + row.cells(part).map(Escaped.markdown).joined(separator: " | ") + " |\n"
        }
        return result
    }

    /// One object.
    var json: String {
        let items = rows.map { row in
            """
            {"workload":\(row.workload.json),"direction":"\(row.direction.rawValue)","peer":\(Escaped.json(row.peer)),\
            \(row.connections.json)}
            """
        }
        let open = unrestricted.map { "{\"workload\":\($0.workload.json),\"direction\":\"\($0.direction.rawValue)\"}" }
        return "{\"items\":[\(items.joined(separator: ",\n"))],\"unrestricted\":[\(open.joined(separator: ",\n"))]}"
    }

    private var lines: [(Row, String)] { rows.flatMap { row in row.parts.map { (row, $0) } } }
}

extension ConnectivityExposure.Row {
    fileprivate var parts: [String] {
        connections.isEmpty ? [ConnectionText.line(.none)] : ConnectivityMap.parts(connections)
    }

    fileprivate func cells(_ part: String) -> [String] {
        [workload.description, direction.rawValue, peer, part]
    }
}
