// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where the lines of a text begin, and which of them separate documents.
///
/// Lines count from 0.
struct TextLines {
    private let bytes: [UInt8]
    private var starts = [0]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    }

    func start(_ line: Int) -> Int { line < starts.count ? starts[line] : bytes.count }

    func separator(atOrBefore line: Int) -> Int? { (0...max(0, line)).reversed().first(where: isSeparator) }

    func separator(after line: Int) -> Int? { (line + 1..<max(starts.count, line + 1)).first(where: isSeparator) }

    /// Whether the first line ends with CR LF.
    var endsWithPairs: Bool { starts.count > 1 && bytes[..<starts[1]].dropLast().last == UInt8(ascii: "\r") }

    /// Whether nothing but a comment is in the line.
    func isComment(_ line: Int) -> Bool {
        bytes[start(line)..<start(line + 1)].first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
    }

    /// A line that begins with `---` always ends a document (YAML 1.2, 9.1.2).
    private func isSeparator(_ line: Int) -> Bool {
        guard line < starts.count else { return false }
        let text = bytes[start(line)..<start(line + 1)]
        guard text.starts(with: Array("---".utf8)) else { return false }
        return text.dropFirst(3).first.map { [0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? true
    }
}
