// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A text that went to a browser's form and came back.
///
/// Forms know one line end only, and show characters that HTML forbids as others; lines that nobody changed get back what
/// they were, to the byte (WHATWG HTML, 4.10.21.4).
public enum PostedText {
    private struct Line {
        var text: Substring
        /// `\n` or `\r\n`; empty for what is behind the last one.
        var end: Substring
    }

    /// - Parameters:
    ///   - posted: with line feeds, or pairs of carriage return and line feed.
    ///   - original: what was sent to the browser.
    ///   - shown: what the browser shows of a line.
    /// - Complexity: that of the difference between the texts, O((n + m) · d) in lines and differences.
    public static func restored(_ posted: String, from original: String, shown: (String) -> String) -> String {
        let old = lines(original)
        let new = lines(posted)
        // Lines that are new end as the text's first line does.
        let end = old.first { !$0.end.isEmpty }?.end ?? "\n"
        var ofOld = [Int?](repeating: nil, count: new.count)
        let matches = LineScript.matches(old.map { Substring(shown(String($0.text))) }, new.map(\.text))
        for match in matches { ofOld[match.new] = match.old }
        var text = ""
        text.reserveCapacity(original.utf8.count + 64)
        for (index, line) in new.enumerated() {
            let before = ofOld[index].map { old[$0] }
            text.unicodeScalars.append(contentsOf: (before?.text ?? line.text).unicodeScalars)
            guard !line.end.isEmpty else { continue }
            let ofLine = before.flatMap { $0.end.isEmpty ? nil : $0.end } ?? end
            text.unicodeScalars.append(contentsOf: ofLine.unicodeScalars)
        }
        return text
    }

    /// Every line, and what is behind the last line end; never empty.
    private static func lines(_ text: String) -> [Line] {
        // Bytes, because a carriage return and a line feed are one character in Swift.
        let bytes = text.utf8
        var lines: [Line] = []
        var start = bytes.startIndex
        while let feed = bytes[start...].firstIndex(of: 0x0A) {
            let next = bytes.index(after: feed)
            let hasPair = feed > start && bytes[bytes.index(before: feed)] == 0x0D
            let end = hasPair ? bytes.index(before: feed) : feed
            lines.append(Line(text: Substring(bytes[start..<end]), end: Substring(bytes[end..<next])))
            start = next
        }
        lines.append(Line(text: Substring(bytes[start...]), end: ""))
        return lines
    }
}
