// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import TestSupport
import Testing

struct LineMergeTests {
    private let base = "a\nb\nc\nd\ne\nf\n"

    private func merge(_ mine: String, _ theirs: String) -> LineMerge {
        LineMerge(base: base, mine: mine, theirs: theirs)
    }

    @Test func `edits of different lines are both taken`() {
        let merged = merge("a\nB\nc\nd\ne\nf\n", "a\nb\nc\nd\nE\nf\ng\n")
        #expect(merged.conflicts.isEmpty)
        #expect(merged.text == "a\nB\nc\nd\nE\nf\ng\n")
    }

    @Test func `removed and added lines are taken too`() {
        #expect(merge("b\nc\nd\ne\nf\n", "a\nb\nc\nd\nx\ny\ne\nf\n").text == "b\nc\nd\nx\ny\ne\nf\n")
    }

    @Test func `the same edit of both is no conflict`() {
        #expect(merge("a\nX\nc\nd\ne\nf\n", "a\nX\nc\nd\nE\nf\n").text == "a\nX\nc\nd\nE\nf\n")
    }

    @Test func `different edits of one line have to be decided`() throws {
        let merged = merge("a\nmine\nc\nd\ne\nf\n", "a\ntheirs\nc\nd\nE\nf\n")
        #expect(merged.text == nil)
        let conflict = try #require(merged.conflicts.first)
        #expect(merged.conflicts.count == 1)
        #expect(conflict.base == "b\n" && conflict.mine == "mine\n" && conflict.theirs == "theirs\n")
        #expect(conflict.line == 2)
        #expect(merged.text { _ in .mine } == "a\nmine\nc\nd\nE\nf\n")
        #expect(merged.text { _ in .theirs } == "a\ntheirs\nc\nd\nE\nf\n")
    }

    @Test func `lines that touch are not taken apart`() {
        #expect(merge("a\nB\nc\nd\ne\nf\n", "a\nb\nC\nd\ne\nf\n").conflicts.count == 1)
    }

    @Test func `two rules added in one place have to be decided`() {
        #expect(merge(base + "x\n", base + "y\n").conflicts.map(\.base) == [""])
    }

    @Test func `a line that one removed and the other changed has to be decided`() {
        #expect(merge("a\nc\nd\ne\nf\n", "a\nb2\nc\nd\ne\nf\n").conflicts.map(\.mine) == [""])
    }

    @Test func `lines of other bytes are other lines, also where Unicode calls them equal`() {
        let (one, other) = ("\u{e9}\n", "e\u{301}\n")
        #expect(LineDifference(old: one, new: other) { _ in "" }.hunks.count == 1)
        for text in [LineMerge(base: one, mine: other, theirs: one), LineMerge(base: one, mine: one, theirs: other)] {
            #expect(text.text.map { Array($0.utf8) } == Array(other.utf8))
        }
    }

    @Test(arguments: ["", "a", "a\n", "\n\n", "a\r\nb\r\n", "é\n\u{0}\nlast"])
    func `no byte is lost`(_ text: String) {
        for other in ["", "z\n", text] {
            #expect(LineMerge(base: text, mine: text, theirs: other).text.map { Array($0.utf8) } == Array(other.utf8))
            #expect(LineMerge(base: text, mine: other, theirs: text).text.map { Array($0.utf8) } == Array(other.utf8))
        }
    }

    @Test func `the laws hold for any three texts`() {
        var random = SeededRandom()
        func text() -> String {
            (0..<Int.random(in: 0..<9, using: &random)).map { _ in "\(Int.random(in: 0..<4, using: &random))\n" }
                .joined()
        }
        for _ in 0..<2_000 {
            let (base, mine, theirs) = (text(), text(), text())
            let comment: Comment = "seed \(random.seed): \(base.debugDescription) \(mine.debugDescription)"
            #expect(LineMerge(base: base, mine: mine, theirs: base).text == mine, comment)
            #expect(LineMerge(base: base, mine: base, theirs: theirs).text == theirs, comment)
            #expect(LineMerge(base: base, mine: mine, theirs: mine).text == mine, comment)
            let one = LineMerge(base: base, mine: mine, theirs: theirs)
            let other = LineMerge(base: base, mine: theirs, theirs: mine)
            #expect(one.text { _ in .mine } == other.text { _ in .theirs }, comment)
            #expect(one.conflicts.count == other.conflicts.count, comment)
        }
    }
}
