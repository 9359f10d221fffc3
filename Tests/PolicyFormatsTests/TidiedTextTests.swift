// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import PolicyModel
import Testing

/// What `policy fmt` tidies, and what it leaves.
@Suite struct TidiedTextTests {
    private func tidied(_ text: String) -> String {
        let result = TidiedText(SourceDocument(name: "t.yaml", bytes: Array(text.utf8)))
        #expect(result.finding == nil)
        #expect(result.edits.isEmpty == (result.bytes == Array(text.utf8)))
        let again = TidiedText(SourceDocument(name: "t.yaml", bytes: result.bytes))
        #expect(again.edits.isEmpty, "\(again.edits)")
        return String(decoding: result.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("blanks at ends of lines", "a: b  \nc:\t\n  d: e # why \t\n", "a: b\nc:\n  d: e # why\n"),
        ("a missing line end", "a: b", "a: b\n"),
        ("blanks and a missing line end", "a: b  ", "a: b\n"),
        ("line ends too many", "a: b\n\n  \n\n", "a: b\n"),
        ("CRLF", "a: b\r\nc: |\r\n  d\r\n  e\r\nf: g\r\n", "a: b\nc: |\n  d\n  e\nf: g\n"),
        ("blanks behind colons", "a:   b\nc: {d:  e,  f: g}\nh:\t1\n", "a: b\nc: {d: e,  f: g}\nh: 1\n"),
        ("four columns", "a:\n    b:\n        c: d\n    e: f\n", "a:\n  b:\n    c: d\n  e: f\n"),
        ("three columns and one", "a:\n   b:\n    c: d\n", "a:\n  b:\n    c: d\n"),
        ("a list inside its key", "a:\n    - b: c\n      d: e\n    - f\n", "a:\n  - b: c\n    d: e\n  - f\n"),
        ("a list below its key", "a:\n    b:\n    - c\n    - d\n", "a:\n  b:\n  - c\n  - d\n"),
        ("wide dashes", "a:\n-   b: c\n    d: e\n-   - f\n    -  g\n", "a:\n- b: c\n  d: e\n- - f\n  - g\n"),
        ("a whole document", "  a: b\n  c: d\n", "a: b\nc: d\n"),
        (
            "comments",
            "# top\na:\n    # of b\n    b: c\n      # odd\n    # last of a\n# of d\nd: e\n",
            "# top\na:\n  # of b\n  b: c\n    # odd\n  # last of a\n# of d\nd: e\n"
        ),
        ("brackets", "a:\n    b: [c,\n        d,\n    ]\n", "a:\n  b: [c,\n      d,\n  ]\n"),
        ("an anchor", "a:\n    b: &x\n        c: d\n    e: *x\n", "a:\n  b: &x\n    c: d\n  e: *x\n"),
        ("documents", "a:\n    b: c\n---\nd:\n   e: f\n...\n", "a:\n  b: c\n---\nd:\n  e: f\n...\n"),
        ("JSON", "{\n    \"a\":  1  \n}", "{\n    \"a\": 1\n}\n"),
    ])
    func `layout is tidied`(_ what: String, text: String, expected: String) {
        #expect(tidied(text) == expected, "\(what)")
    }

    @Test(arguments: [
        "", "\n\n", "a: b\n", "a:   # why\n  b: c\n", "a: |  \n  b  \n\n  c\n\n\n", "a: >2\n    b\n",
        "a: \"b  \n  c\"\n",
        "a:\n- b\n-\n  c: d\n", "'a'  : b\n", "a: {b:  }\n", "# only\n", "a: -1\nb: --\n",
        // Text over several lines would have to move.
        "a:\n    b: |\n      c\n    d: e\n", "a:\n    b: c\n      d\n",
        // Columns that are not ours to judge.
        "? a\n: b\n",
    ])
    func `what is tidy or cannot be tidied stays`(text: String) { #expect(tidied(text) == text) }

    @Test func `a document that keeps its indentation does not keep the others from theirs`() {
        let text = "a:\n    b: |\n      c\n---\na:\n    b: c \n"
        #expect(tidied(text) == "a:\n    b: |\n      c\n---\na:\n  b: c\n")
    }

    @Test func `a text that cannot be read stays and has a finding`() throws {
        let bytes = Array("a:  b \na: c".utf8)
        let result = TidiedText(SourceDocument(name: "t.yaml", bytes: bytes))
        #expect(result.bytes == bytes && result.edits.isEmpty)
        #expect(try #require(result.finding).description.hasPrefix("t.yaml:2:1: error: [V101]"))
    }

    @Test func `the difference can be given to patch`() {
        let lines = (1...12).map { "k\($0): v" }
        let old = (lines.prefix(4) + ["x:  y"] + lines.dropFirst(4)).joined(separator: "\n")
        let result = TidiedText(SourceDocument(name: "t.yaml", bytes: Array(old.utf8)))
        let difference = LineDifference(from: Array(old.utf8), to: result.bytes)
        #expect(
            difference.unified(name: "t.yaml") == """
                --- t.yaml
                +++ t.yaml
                @@ -2,7 +2,7 @@
                 k2: v
                 k3: v
                 k4: v
                -x:  y
                +x: y
                 k5: v
                 k6: v
                 k7: v
                @@ -10,4 +10,4 @@
                 k9: v
                 k10: v
                 k11: v
                -k12: v
                \\ No newline at end of file
                +k12: v

                """
        )
        #expect(LineDifference(from: result.bytes, to: result.bytes).unified(name: "t.yaml").isEmpty)
    }
}
