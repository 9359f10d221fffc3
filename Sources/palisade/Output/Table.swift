// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// Rows of text under headers, in whatever format was asked for.
struct Table {
    var headers: [String]
    var rows: [[String]]

    /// Columns two blanks apart, as wide as their widest cell; the last one is not padded.
    func aligned(headers showsHeaders: Bool) -> [String] {
        let lines = (showsHeaders ? [headers] : []) + rows.map { $0.map { Escaping.terminal($0) } }
        var widths = headers.map { _ in 0 }
        for line in lines {
            for (index, cell) in line.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        return lines.map { line in
            var text = ""
            for (index, cell) in line.enumerated() {
                text += cell
                guard index < line.count - 1 else { continue }
                text += String(repeating: " ", count: widths[index] - cell.count + 2)
            }
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
    /// The formats of a command that shows a list.
    static let listFormats: [OutputFormat] = [.table, .wide, .json, .jsonl, .csv, .md]

    /// Writes a document in the chosen format: the whole as JSON, its items line by line, or a table of them.
    func show(_ document: some Encodable, items: [some Encodable], table: Table) throws {
        switch output {
        case .json: Console.line(try JSONText.pretty(document))
        case .jsonl: for item in items { Console.line(try JSONText.line(item)) }
        case .csv: table.csv(headers: !noHeaders).forEach(Console.line)
        case .md: table.markdown().forEach(Console.line)
        case .table, .wide:
            guard !table.rows.isEmpty else { return }
            table.aligned(headers: !noHeaders).forEach(Console.line)
        case .yaml, .name: try require(Self.listFormats)
        }
    }
}

/// Documents as JSON text; keys sorted, so that equal documents give equal text.
enum JSONText {
    static func pretty(_ value: some Encodable) throws -> String { try text(value, [.prettyPrinted]) }

    static func line(_ value: some Encodable) throws -> String { try text(value, []) }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
