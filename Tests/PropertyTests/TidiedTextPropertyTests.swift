// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Tidying a text: it means the same, is tidy afterwards, and nothing else has changed.
@Suite struct TidiedTextPropertyTests {
    private static let rounds = ProcessInfo.processInfo.environment["PALISADE_NIGHTLY"] == "1" ? 200_000 : 1_500

    @Test func `every example and case keeps its meaning`() throws {
        let files = try Self.files()
        #expect(files.count > 500)
        for file in files { try Self.check(file.text, file.name) }
    }

    @Test func `generated policies in any layout keep their meaning`() throws {
        for seed in (0..<100).map({ SeededRandom.runSeed &+ $0 }) {
            var random = SeededRandom(seed: seed ^ 21)
            let world = WorldGenerator.world(seed: seed)
            let text = Array(DecodedWorld.text(of: world.groups + world.policies, using: &random).utf8)
            try Self.check(text, "seed \(seed)")
            let tidy = TidiedText(SourceDocument(name: "text", bytes: text)).bytes
            for _ in 0..<10 { try Self.check(Self.spoiled(tidy, &random), "seed \(seed)", becomes: tidy) }
        }
    }

    @Test func `damaged texts keep their meaning or are left alone`() throws {
        let seed = SeededRandom.runSeed
        var random = SeededRandom(seed: seed ^ 22)
        let files = try Self.files()
        var changed = 0
        for round in 0..<Self.rounds {
            var text = random.pick(files).text
            if random.chance(50) { text = Self.spoiled(text, &random) }
            for _ in 0..<random.int(1...3) { Self.damage(&text, &random) }
            if try Self.check(text, "seed \(seed), round \(round)") { changed += 1 }
        }
        #expect(changed * 10 > Self.rounds, "only \(changed) of \(Self.rounds) could be read and were not tidy")
    }

    /// - Returns: whether anything was tidied.
    @discardableResult
    private static func check(_ text: [UInt8], _ what: String, becomes expected: [UInt8]? = nil) throws -> Bool {
        let (result, shown) = (tidied(text), "\(what)\n\(String(decoding: text, as: UTF8.self))")
        if result.finding != nil {
            try #require(result.bytes == text && result.edits.isEmpty, "\(shown)")
            return false
        }
        try #require(meaning(result.bytes) == meaning(text), "\(shown)")
        let again = tidied(result.bytes)
        try #require(again.edits.isEmpty && again.bytes == result.bytes, "\(again.edits) of \(shown)")
        try #require(result.edits.isEmpty == (result.bytes == text), "\(shown)")
        try #require(hasSameLines(text, result), "\(shown)")
        if let expected { try #require(result.bytes == expected, "\(shown)") }
        return !result.edits.isEmpty
    }

    private static func tidied(_ text: [UInt8]) -> TidiedText { TidiedText(SourceDocument(name: "text", bytes: text)) }

    /// Whether only blanks and line ends differ, and only on lines that an edit touches.
    private static func hasSameLines(_ text: [UInt8], _ result: TidiedText) -> Bool {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard text.filter({ !isSpace($0) }) == result.bytes.filter({ !isSpace($0) }) else { return false }
        var touched: Set<Int> = []
        var (line, place) = (0, 0)
        for edit in result.edits {
            guard edit.start >= place, edit.replacement.utf8.allSatisfy(isSpace) else { return false }
            line += text[place..<edit.start].count { $0 == 0x0A }
            place = edit.start
            touched.insert(line)
        }
        let (old, new) = (
            text.split(separator: 0x0A, omittingEmptySubsequences: false),
            result.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        )
        return zip(old, new).enumerated().allSatisfy { $0.element.0 == $0.element.1 || touched.contains($0.offset) }
    }

    /// The values themselves, and what policies they make, without places.
    private static func meaning(_ text: [UInt8]) -> Meaning {
        var meaning = Meaning()
        _ = TextReader.read(text, limits: TextLimits()) {
            meaning.values.append(described($0))
            return true
        }
        let reader = WorldReader(.init(reach: .layer7, tieredPolicies: .read, rejected: .leftOut))
        let world = reader.read([SourceDocument(name: "text", bytes: text)])
        meaning.policies = DecodedWorld.placeless(world.snapshot.policies)
        meaning.findings = world.documents.flatMap(\.findings).map { "\($0.code) \($0.message)" }
        return meaning
    }

    private struct Meaning: Equatable {
        var values: [String] = []
        var policies: [Policy] = []
        var findings: [String] = []
    }

    private static func described(_ node: TextNode) -> String {
        switch node.content {
        case .scalar(let scalar): "\(scalar.value) \(scalar.style)"
        case .sequence(let items): "[\(items.map(described).joined(separator: ", "))]"
        case .mapping(let pairs): "{\(pairs.map { "\($0.key.name): \(described($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// The same lines in another layout, with which nothing else changes.
    private static func spoiled(_ text: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        let factor = random.int(1...3)
        let lineEnd = random.chance(20) ? "\r\n" : "\n"
        var lines = String(decoding: text, as: UTF8.self).replacing("\r\n", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for index in lines.indices {
            let inset = lines[index].prefix { $0 == " " }.count
            var dashes = lines[index].dropFirst(inset)
            var line = String(repeating: " ", count: inset * factor)
            while dashes.hasPrefix("- ") {
                line += "-" + String(repeating: " ", count: 2 * factor - 1)
                dashes = dashes.dropFirst(2)
            }
            lines[index] = line + dashes
            if random.chance(10) { lines[index] += random.pick([" ", "\t", "   "]) }
        }
        if random.chance(50) { lines += ["", " "].prefix(random.int(0...2)) }
        return Array(lines.joined(separator: lineEnd).utf8)
    }

    private static func damage(_ text: inout [UInt8], _ random: inout SeededRandom) {
        let tokens = [
            "[]", "{}", "null", "- ", ": ", "\n", "\t", "&a ", "*a", "!!str ", "\n---\n", "\n...\n", "\"", "'", "|\n",
            " >\n",
            " # c\n", "\u{feff}", "é", "? ", "%YAML 1.1\n", "\u{85}", "\u{2028}", "\r\n", "\r", "  ", "    ", "\n  ",
            "\\\n",
        ]
        guard !text.isEmpty else { return }
        let start = random.int(0...(text.count - 1))
        let end = min(text.count, start + random.int(1...20))
        switch random.int(0...4) {
        case 0: text.removeSubrange(start..<end)
        case 1: text.insert(contentsOf: Array(text[start..<end]), at: start)
        default: text.insert(contentsOf: random.pick(tokens).utf8, at: start)
        }
    }

    private static func files() throws -> [(name: String, text: [UInt8])] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        var files: [(name: String, text: [UInt8])] = []
        for folder in [
            tests.appending(path: "ConformanceTests/Cases"),
            tests.deletingLastPathComponent().appending(path: "Examples"),
        ] {
            let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            for case let file as URL in found ?? .init() where file.pathExtension == "yaml" {
                files.append((file.path, Array(try Data(contentsOf: file))))
            }
        }
        return files.sorted { $0.name < $1.name }
    }
}
