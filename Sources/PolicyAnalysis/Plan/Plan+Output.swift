// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

extension Plan {
    public enum Format: String, Hashable, Sendable, CaseIterable { case text, json, md, csv }

    /// The plan in one of its forms.
    ///
    /// - Parameter showNeutral: lists the edits without effect instead of counting them (text, md).
    public func text(_ format: Format, showNeutral: Bool = false) -> String {
        switch format {
        case .text: plainText(showNeutral)
        case .json: json
        case .md: markdown(showNeutral)
        case .csv: csv
        }
    }

    // MARK: Text

    private func plainText(_ showNeutral: Bool) -> String {
        guard !policies.changes.isEmpty || !connectivity.isEmpty else { return "No differences.\n" }
        var blocks = policies.changes.map { Self.text($0, showNeutral) }
        if !connectivity.rows.isEmpty { blocks.append(table(connectivity.rows)) }
        let others = otherWorkloads
        if !others.isEmpty { blocks.append(others) }
        blocks.append(connectivity.exposureSentence + "\n" + countSentence + "\n")
        return blocks.joined(separator: "\n")
    }

    private static func text(_ change: PolicyDiff.Change, _ showNeutral: Bool) -> String {
        let id = Escaped.plain("\(change.policy)")
        let word = change.kind == .neutral ? "no effect" : change.kind == .removed ? "deleted" : change.kind.rawValue
        var lines = ["\(id)  \(change.policy.kind.rawValue)  \(word)"]
        let width = change.rows.map { $0.place.count }.max() ?? 0
        for row in change.rows {
            let place = row.place + String(repeating: " ", count: width - row.place.count)
            let text = [row.before, row.after].compactMap { $0 }.joined(separator: "  ->  ")
            lines.append("  \(row.mark) \(place)   \(text)")
        }
        if showNeutral {
            lines += change.neutral.map { "  = \($0)" }
        } else if !change.neutral.isEmpty {
            let edits = change.neutral.count == 1 ? "1 edit" : "\(change.neutral.count) edits"
            lines.append("  \(edits) without effect on traffic (--show-neutral)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func table(_ rows: [ConnectivityDiff.Row]) -> String {
        let isKnown = rows.contains { $0.seen != nil }
        let titles = ["CONNECTIVITY", "SOURCE", "DESTINATION", "BEFORE", "AFTER"] + (isKnown ? ["SEEN"] : [])
        let cells = [titles] + rows.map { $0.cells(isKnown: isKnown) }
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            let padded = row.indices.map { column in
                column == row.count - 1
                    ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            return padded.joined(separator: "  ") + "\n"
        }
        .joined()
    }

    /// Workloads that come and go, apart from what rules do.
    private var otherWorkloads: String {
        var lines: [String] = []
        for (mark, nodes) in [("+", connectivity.appeared), ("-", connectivity.disappeared)] {
            lines += nodes.map { "  \(mark) \($0.placeText)" }
        }
        guard !lines.isEmpty else { return "" }
        let count = connectivity.rowsOfOtherWorkloads.count
        let title = "Workloads that appear or disappear (\(count) connections, no effect of rules):"
        return ([title] + lines).map { $0 + "\n" }.joined()
    }

    // MARK: Other forms

    private func markdown(_ showNeutral: Bool) -> String {
        var result = ""
        if policies.changes.contains(where: { !$0.rows.isEmpty }) {
            result += "| | Where | Before | After |\n|---|---|---|---|\n"
            for change in policies.changes {
                for row in change.rows {
                    let place = "\(change.policy) · \(row.place)"
                    let cells = [row.mark, place, row.before ?? "none", row.after ?? "none"].map(Escaped.markdown)
                    result += "| \(cells.joined(separator: " | ")) |\n"
                }
            }
            result += "\n"
        }
        let neutral = policies.changes.flatMap { change in change.neutral.map { "\(change.policy) · \($0)" } }
        if !neutral.isEmpty {
            result += "No effect on traffic (\(neutral.count) edits)\n"
            if showNeutral { result += neutral.map { "- \(Escaped.markdown($0))\n" }.joined() }
            result += "\n"
        }
        if !connectivity.rows.isEmpty {
            result += "| Diff | Source | Destination | Before | After | Seen |\n|---|---|---|---|---|---|\n"
            for row in connectivity.rows {
                result += "| \(row.cells(isKnown: true).map(Escaped.markdown).joined(separator: " | ")) |\n"
            }
            result += "\n"
        }
        for (title, nodes) in [("Appear", connectivity.appeared), ("Disappear", connectivity.disappeared)]
        where !nodes.isEmpty {
            result += "\(title): \(nodes.map { Escaped.markdown($0.placeText) }.joined(separator: ", "))\n\n"
        }
        return result + "\(Escaped.markdown(connectivity.exposureSentence))\n\(countSentence)\n"
    }

    private var csv: String {
        var result = "what,source,destination,before,after,risk,seen\n"
        for change in policies.changes {
            for row in change.rows {
                let cells = [
                    "policy \(change.kind.rawValue)", "\(change.policy)", row.place, row.before ?? "", row.after ?? "",
                    "", "",
                ]
                result += cells.map(Escaped.csv).joined(separator: ",") + "\n"
            }
        }
        for (row, suffix) in connectivity.rows.map({ ($0, "") })
            + connectivity.rowsOfOtherWorkloads.map({ ($0, " workload") })
        {
            let cells = row.cells(isKnown: true)
            let all = [cells[0] + suffix] + cells[1...4] + ["\(row.risk)", row.seen.map(String.init) ?? ""]
            result += all.map(Escaped.csv).joined(separator: ",") + "\n"
        }
        return result
    }

    private var json: String {
        let changes = policies.changes.map { change in
            let rows = change.rows.map { row in
                """
                {"mark":"\(row.mark)","where":\(Escaped.json(row.place)),"before":\(Self.orNull(row.before)),\
                "after":\(Self.orNull(row.after))}
                """
            }
            let neutral = change.neutral.map(Escaped.json).joined(separator: ",")
            return """
                {"policy":\(Escaped.json("\(change.policy)")),"policyKind":"\(change.policy.kind.rawValue)",\
                "change":"\(change.kind.rawValue)","rows":[\(rows.joined(separator: ","))],"neutral":[\(neutral)]}
                """
        }
        func list(_ rows: [ConnectivityDiff.Row]) -> String { "[\(rows.map(\.json).joined(separator: ",\n"))]" }
        func list(_ nodes: [MapNode]) -> String { "[\(nodes.map(\.json).joined(separator: ","))]" }
        return """
            {"apiVersion":"palisade/v1","kind":"Plan","policies":[\(changes.joined(separator: ",\n"))],
            "connectivity":\(list(connectivity.rows)),
            "workloads":{"appeared":\(list(connectivity.appeared)),"disappeared":\(list(connectivity.disappeared)),\
            "connectivity":\(list(connectivity.rowsOfOtherWorkloads))},
            "exposure":{"before":\(list(connectivity.exposedBefore)),"after":\(list(connectivity.exposedAfter)),\
            "sentence":\(Escaped.json(connectivity.exposureSentence))},"summary":\(Escaped.json(countSentence))}

            """
    }

    private static func orNull(_ text: String?) -> String { text.map(Escaped.json) ?? "null" }
}

extension ConnectivityDiff.Row {
    fileprivate func cells(isKnown: Bool) -> [String] {
        let cells = [kind.rawValue, source.placeText, destination.placeText, before.shortText, after.shortText]
        return isKnown ? cells + [seen.map { $0 == 0 ? "never" : "\($0)" } ?? "–"] : cells
    }

    fileprivate var json: String {
        """
        {"change":"\(kind.rawValue)","source":\(source.json),"destination":\(destination.json),\
        "before":{\(before.json)},"after":{\(after.json)},"risk":"\(risk)","seen":\(seen.map(String.init) ?? "null")}
        """
    }
}

extension PairConnections {
    /// `5432/TCP`, `80/TCP (L7 rules decide)`, `none`.
    var shortText: String {
        var parts: [String] = []
        if !allowed.isEmpty || isEmpty { parts.append(ConnectionText.short(allowed)) }
        if !limited.isEmpty { parts.append(ConnectionText.short(limited) + " (L7 rules decide)") }
        if !uncertain.isEmpty { parts.append(ConnectionText.short(uncertain) + " (uncertain)") }
        return parts.joined(separator: "; ")
    }
}
