// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import TestSupport
import Testing

struct PostedTextTests {
    /// Stands for the characters that a browser does not show.
    private static func shown(_ line: String) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }))
    }

    private static func restored(_ posted: String, from original: String) -> String {
        PostedText.restored(posted, from: original, shown: shown)
    }

    /// What a browser posts of a text that nobody touched.
    private static func posted(_ text: String, lineEnd: String) -> String {
        shownLines(text).joined(separator: lineEnd)
    }

    private static func shownLines(_ text: String) -> [String] {
        let plain = String(decoding: Array(text.utf8), as: UTF8.self).replacing("\r\n", with: "\n")
        let lines = plain.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { shown(String($0)) }
    }

    @Test func `a line that changed ends as the text does, all others as they did`() {
        let original = "a: 1\r\nb: 2\nc: \u{1}\r\u{1}\ne: \u{2}\r\n"
        #expect(
            Self.restored("a: 1\r\nb: 3\r\nc: \u{FFFD}\u{FFFD}\u{FFFD}\r\nnew\r\ne: \u{FFFD}\r\n", from: original)
                == "a: 1\r\nb: 3\r\nc: \u{1}\r\u{1}\nnew\r\ne: \u{2}\r\n"
        )
        #expect(Self.restored("", from: original) == "")
        #expect(Self.restored("x\ny", from: "") == "x\ny")
        // The last line had no end and gets one when something follows it.
        #expect(Self.restored("a\nb\nc", from: "a\r\nb") == "a\r\nb\r\nc")
    }

    @Test func `what nobody touched comes back to the byte, whatever is in it`() {
        var random = SeededRandom()
        let pieces = ["\n", "\r\n", "\r", "\u{1}", "\u{FFFD}", "a", "a: b", "é", "e\u{301}", " ", "\t", "# x", "🧱"]
        for _ in 0..<2_000 {
            let original = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            for lineEnd in ["\n", "\r\n"] {
                let back = Self.restored(Self.posted(original, lineEnd: lineEnd), from: original)
                #expect(Array(back.utf8) == Array(original.utf8), "seed \(random.seed): \(original.debugDescription)")
            }
        }
    }

    @Test func `what is posted is what is kept, and lines of their own keep their bytes`() {
        var random = SeededRandom()
        let ends = ["\n", "\r\n", "\r\r\n"]
        for _ in 0..<500 {
            let lines = (0..<20).map { "line \($0) \u{1}" + (ends.randomElement(using: &random) ?? "") }
            var edited = Self.shownLines(lines.joined())
            let (gone, changed) = (Int.random(in: 0..<10, using: &random), Int.random(in: 10..<20, using: &random))
            edited[changed] = "other"
            edited.remove(at: gone)
            let back = Self.restored(edited.joined(separator: "\n"), from: lines.joined())
            #expect(Self.shownLines(back) == edited, "seed \(random.seed)")
            for (index, line) in lines.enumerated() where index != gone && index != changed {
                #expect(back.utf8.count > 0 && back.contains(line), "seed \(random.seed), line \(index)")
            }
        }
    }
}
