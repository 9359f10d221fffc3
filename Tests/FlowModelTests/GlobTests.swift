// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import TestSupport
import Testing

@Suite struct GlobTests {
    /// What a pattern means, letter by letter.
    private static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == UInt8(ascii: "*") { return (0...text.count).contains { matches(rest, Array(text.dropFirst($0))) } }
        guard let letter = text.first, first == letter else { return false }
        return matches(rest, Array(text.dropFirst()))
    }

    private static func small(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    @Test func `patterns match what their letters and stars say, and parts of it`() {
        var random = SeededRandom()
        let pieces = ["a", "B", "b", "ä", "*", "**", "/", "ab", "A"]
        func word(_ most: Int) -> String {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
        }
        var matching = 0
        for _ in 0..<4_000 {
            let (pattern, text) = (word(5), "x" + word(6))
            let candidate = text.dropFirst(Int.random(in: 0...1, using: &random))
            let glob = Glob(pattern)
            let isMatch = Self.matches(Self.small(pattern), Self.small(String(candidate)))
            let isPart = Self.matches(Self.small("*\(pattern)*"), Self.small(String(candidate)))
            #expect(glob.matches(candidate) == isMatch, "\(pattern) \(candidate), seed \(random.seed)")
            #expect(glob.matches(String(candidate)) == isMatch, "\(pattern) \(candidate), seed \(random.seed)")
            #expect(glob.matchesPart(of: candidate) == isPart, "\(pattern) \(candidate), seed \(random.seed)")
            if isMatch { matching += 1 }
        }
        #expect(matching > 100)
    }
}
