// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel
import Testing

@testable import ControlPlane

struct ObjectTextTests {
    private func text(_ file: String, line: Int) -> String {
        ObjectText.document(in: file, at: SourceLocation(document: "a.yaml", line: line, column: 1))
    }

    @Test func `the document around a line is cut out, with its comments`() {
        let file = "a: 1\n---\n# two\nb: 2\nc: |\n  --- no marker\n--- # three\nd: 4\n"
        #expect(text(file, line: 1) == "a: 1")
        #expect(text(file, line: 4) == "# two\nb: 2\nc: |\n  --- no marker")
        #expect(text(file, line: 8) == "d: 4\n")
    }

    @Test func `line ends of two characters are line ends`() {
        #expect(text("a: 1\r\n---\r\nb: 2\r\n---\r\n", line: 3) == "b: 2")
    }

    @Test func `a file of one document, and a line that the file does not have, give the whole`() {
        #expect(text("{\"a\": 1}", line: 1) == "{\"a\": 1}")
        #expect(text("a: 1\n---\nb: 2", line: 9) == "a: 1\n---\nb: 2")
    }
}
