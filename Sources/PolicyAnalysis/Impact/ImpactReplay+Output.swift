// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

extension ImpactReplay {
    public enum Format: String, Hashable, Sendable, CaseIterable { case text, json, md, csv }

    /// What the answer rests on: how many flows of how many connections, when, and what is missing.
    ///
    /// - Parameter gaps: times without recording, where they are known: how many, and their seconds together.
    public func evidence(gaps: (count: Int, seconds: Int64)? = nil) -> String {
        let flows = totals.values.reduce(0) { $0 + $1.flows }
        guard flows > 0 else {
            return "No traffic was recorded for these pods in this window, so nothing can be predicted."
        }
        var text =
            "Based on \(Self.count(flows, "flow")) (\(Self.count(UInt64(connectionCount), "distinct connection")))"
        if let period {
            text += " recorded \(TimeText.short(period.lowerBound)) – \(TimeText.short(period.upperBound)) UTC"
        }
        if let gaps {
            let minutes = (gaps.seconds + 59) / 60
            text +=
                gaps.count == 0 ? "; no gaps" : "; \(Self.count(UInt64(gaps.count), "gap")), \(minutes) min in total"
        }
        if lost > 0 { text += "; \(Self.count(lost, "event")) lost" }
        if unreadable > 0 { text += "; \(Self.count(unreadable, "line")) unreadable" }
        return text + "."
    }

    /// The replay in one of its forms.
    ///
    /// - Parameter outcomes: which rows are listed; the totals always are all there.
    public func text(
        _ format: Format,
        outcomes: Set<Outcome> = [.newlyDropped, .newlyAllowed, .uncertain],
        gaps: (count: Int, seconds: Int64)? = nil
    ) -> String {
        let shown = rows(outcomes)
        switch format {
        case .text: return plain(shown, gaps)
        case .json: return json(shown, gaps)
        case .md: return markdown(shown, gaps)
        case .csv:
            return ([Self.titles] + shown.map(Self.cells)).map { row in
                row.map(Escaped.csv).joined(separator: ",") + "\n"
            }
            .joined()
        }
    }

    private static let titles = ["OUTCOME", "SOURCE", "DESTINATION", "PORT", "FLOWS", "LAST-SEEN", "BEFORE", "AFTER"]

    private static func cells(_ row: Row) -> [String] {
        let connection = row.connection
        let doubts = row.doubts.map(\.sentence).joined(separator: ", ")
        return [
            row.outcome.title + (doubts.isEmpty ? "" : " (\(doubts))"), connection.source.text,
            connection.destination.text,
            connection.serviceText, "\(row.count.flows)", row.count.lastSeen.map(TimeText.full) ?? "", text(row.before),
            text(row.after),
        ]
    }

    private static func text(_ judged: Judged?) -> String {
        judged.map { "\($0.isAllowed ? "allowed" : "dropped"): \($0.decidedBy)" } ?? "unknown"
    }

    private func plain(_ shown: [Row], _ gaps: (count: Int, seconds: Int64)?) -> String {
        var result = ""
        if !shown.isEmpty {
            let cells = [Self.titles] + shown.map { Self.cells($0).map(Escaped.plain) }
            let widths = Self.titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
            for row in cells {
                let padded = row.indices.map { column in
                    column == row.count - 1
                        ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
                }
                result += padded.joined(separator: "  ") + "\n"
            }
            result += "\n"
        }
        return result + totalsText + "\n" + evidence(gaps: gaps) + "\n"
    }

    /// `2 newly dropped (1,240 flows), 0 newly allowed, …`.
    private var totalsText: String {
        Outcome.allCases.map { outcome in
            let total = totals[outcome] ?? Total()
            let flows = total.flows == 0 ? "" : " (\(Self.count(total.flows, "flow")))"
            return "\(TimeText.grouped(UInt64(total.connections))) \(outcome.title.lowercased())\(flows)"
        }
        .joined(separator: ", ") + "."
    }

    private func markdown(_ shown: [Row], _ gaps: (count: Int, seconds: Int64)?) -> String {
        var result = ""
        if !shown.isEmpty {
            result += "| \(Self.titles.joined(separator: " | ")) |\n|\(Self.titles.map { _ in "---|" }.joined())\n"
            for row in shown { result += "| \(Self.cells(row).map(Escaped.markdown).joined(separator: " | ")) |\n" }
            result += "\n"
        }
        return result + totalsText + "\n\n" + evidence(gaps: gaps) + "\n"
    }

    private func json(_ shown: [Row], _ gaps: (count: Int, seconds: Int64)?) -> String {
        let items = shown.map { row in
            let doubts = row.doubts.map { Escaped.json($0.sentence) }.joined(separator: ",")
            return """
                {"outcome":"\(row.outcome.rawValue)","source":\(row.connection.source.json),\
                "destination":\(row.connection.destination.json),"protocol":"\(row.connection.ipProtocol)",\
                "port":\(row.connection.port),"recorded":"\(row.connection.verdict.rawValue)",\
                "flows":\(row.count.flows),"firstSeen":\(Self.time(row.count.firstSeen)),\
                "lastSeen":\(Self.time(row.count.lastSeen)),"before":\(Self.json(row.before)),\
                "after":\(Self.json(row.after)),"doubts":[\(doubts)]}
                """
        }
        let totals = Outcome.allCases.map { outcome in
            let total = self.totals[outcome] ?? Total()
            return "\"\(outcome.rawValue)\":{\"connections\":\(total.connections),\"flows\":\(total.flows)}"
        }
        return """
            {"apiVersion":"palisade/v1","kind":"Impact","totals":{\(totals.joined(separator: ","))},\
            "evidence":\(Escaped.json(evidence(gaps: gaps))),"items":[
            \(items.joined(separator: ",\n"))]}

            """
    }

    private static func json(_ judged: Judged?) -> String {
        guard let judged else { return "null" }
        let verdict = judged.isAllowed ? "ALLOWED" : "DROPPED"
        return "{\"verdict\":\"\(verdict)\",\"decidedBy\":\(Escaped.json(judged.decidedBy))}"
    }

    private static func time(_ time: Int64?) -> String { time.map { "\"\(TimeText.full($0))\"" } ?? "null" }

    private static func count(_ count: UInt64, _ noun: String) -> String {
        "\(TimeText.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension RecordedConnection {
    /// `5432/TCP`, with the request where it is known.
    var serviceText: String {
        var text = Service(ipProtocol, port: port).description
        if let http { text += " HTTP \(http.method) \(http.path)" }
        if let dnsQuery { text += " DNS \(dnsQuery)" }
        return text
    }
}

extension RecordedConnection.Party {
    /// `shop/web`, `host`, `203.0.113.4 (api.example)`; not escaped.
    var text: String {
        if let namespace, let name = workload ?? pod { return "\(namespace)/\(name)" }
        let names = dnsNames.isEmpty ? "" : " (\(dnsNames.joined(separator: ", ")))"
        if isOutside { return (address.map { "\($0)" } ?? "world") + names }
        let reserved = labels.filter { $0.hasPrefix("reserved:") }.map { String($0.dropFirst("reserved:".count)) }
        if !reserved.isEmpty { return reserved.joined(separator: ", ") }
        if let namespace { return "\(namespace)/\(labels.joined(separator: ", "))" }
        return address.map { "\($0)" } ?? "unknown"
    }

    var json: String {
        var fields: [String] = []
        if let namespace { fields.append("\"namespace\":\(Escaped.json(namespace))") }
        if let workload { fields.append("\"workload\":\(Escaped.json(workload))") }
        if let pod { fields.append("\"pod\":\(Escaped.json(pod))") }
        if let address { fields.append("\"address\":\"\(address)\"") }
        if !labels.isEmpty { fields.append("\"labels\":[\(labels.map(Escaped.json).joined(separator: ","))]") }
        if !dnsNames.isEmpty { fields.append("\"dnsNames\":[\(dnsNames.map(Escaped.json).joined(separator: ","))]") }
        return "{\(fields.joined(separator: ","))}"
    }
}
