// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import TestSupport

/// Policies as people write them: with comments everywhere, blank lines, one indentation or another, several to a file.
struct WrittenText {
    var random: SeededRandom

    mutating func text(_ manifests: [Manifest]) -> String {
        var style = ManifestText(random: random)
        var documents: [String] = []
        for manifest in manifests {
            if random.chance(12) {
                documents.append(style.json(manifest).split(separator: "\n").joined(separator: " ") + "\n")
                continue
            }
            documents.append(decorated(style.yaml(manifest)))
        }
        random = style.random
        var text = documents.joined(separator: "---\n")
        if random.chance(10) { text = "--- # first\n" + text }
        if random.chance(10), text.hasSuffix("\n") { text.removeLast() }
        guard random.chance(20) else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }

    private mutating func decorated(_ text: String) -> String {
        let isWide = random.chance(25)
        var lines: [String] = []
        for line in text.split(separator: "\n") {
            let line = isWide ? Self.widened(line) : String(line)
            let indent = String(line.prefix { $0 == " " })
            if random.chance(8) { lines.append("\(indent)# about \(lines.count)") }
            if random.chance(4) { lines.append("") }
            lines.append(random.chance(15) ? "\(line)  # note \(lines.count)" : line)
        }
        if random.chance(30) { lines.append("# the end") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Four columns where there were two.
    private static func widened(_ line: Substring) -> String {
        var result = ""
        var rest = line
        while let first = rest.first, first == " " || rest.hasPrefix("- ") {
            result += first == " " ? "  " : "-   "
            rest = rest.dropFirst(first == " " ? 1 : 2)
        }
        return result + rest
    }
}
