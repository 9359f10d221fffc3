// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Rows of text under headers, in whatever format was asked for.
struct Table {
    var headers: [String]
    var rows: [[String]]

    /// Columns two blanks apart, as wide as their widest cell; the last one is not padded.
    func aligned(headers showsHeaders: Bool, isColored: Bool = false) -> [String] {
        let lines = (showsHeaders ? [headers] : []) + rows.map { $0.map { Escaping.terminal($0) } }
        var widths = headers.map { _ in 0 }
        for line in lines {
            for (index, cell) in line.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        let painted = isColored ? headers.firstIndex(of: "VERDICT") : nil
        return lines.map { line in
            var text = ""
            for (index, cell) in line.enumerated() {
                text += index == painted ? VerdictColor.painted(cell) : cell
                guard index < line.count - 1 else { continue }
                text += String(repeating: " ", count: widths[index] - cell.count + 2)
            }
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    func csv(headers showsHeaders: Bool) -> [String] {
        ((showsHeaders ? [headers] : []) + rows).map { $0.map(Escaping.csv).joined(separator: ",") }
    }

    func markdown() -> [String] {
        let head = ["| \(headers.joined(separator: " | ")) |", "|\(String(repeating: " --- |", count: headers.count))"]
        return head + rows.map { "| \($0.map(Escaping.markdown).joined(separator: " | ")) |" }
    }
}

extension GlobalOptions {
    /// Writes a document in the chosen format: the whole as JSON or YAML, its items line by line, or a table of them.
    func show(_ document: some Encodable, items: [some Encodable], table: Table) throws {
        switch output {
        case .json: Console.line(try JSONText.pretty(document))
        case .yaml: Console.line(try YAMLText.document(document))
        case .jsonl: for item in items { Console.line(try JSONText.line(item)) }
        case .csv: try shaped(table).csv(headers: !noHeaders).forEach(Console.line)
        case .md: try shaped(table).markdown().forEach(Console.line)
        case .table, .wide:
            let table = try shaped(table)
            guard !table.rows.isEmpty else { return }
            table.aligned(headers: !noHeaders, isColored: isColored).forEach(Console.line)
        case .name, .txt, .dot, .mermaid, .svg, .sarif, .junit, .github: try require(Self.listFormats)
        }
    }

    /// The table with the rows in the order of `--sort` and the columns of `--columns`.
    /// - Throws: a usage failure for a column that the table does not have.
    func shaped(_ table: Table) throws -> Table {
        var table = table
        if let sort {
            let parts = sort.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 1 || ["asc", "desc"].contains(parts[1]) else {
                throw CommandFailure(.usage, "--sort \"\(Escaping.terminal(sort))\" is not COLUMN or COLUMN:desc.")
            }
            let column = try column(parts.first ?? "", of: table)
            table.sort(by: column, isDescending: parts.count == 2 && parts[1] == "desc")
        }
        if let columns {
            let names = columns.split(separator: ",", omittingEmptySubsequences: false)
            let indices = try names.map { try column(String($0), of: table) }
            table = Table(
                headers: indices.map { table.headers[$0] },
                rows: table.rows.map { row in indices.map { row[$0] } }
            )
        }
        return table
    }

    private func column(_ name: String, of table: Table) throws -> Int {
        if let index = table.headers.firstIndex(of: name.uppercased()), !name.isEmpty { return index }
        let known = table.headers.filter { !$0.isEmpty }
        let hint = nearest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
        throw CommandFailure(
            .usage,
            "There is no column \"\(Escaping.terminal(name))\". \(hint)There are: \(known.joined(separator: ", "))."
        )
    }
}
