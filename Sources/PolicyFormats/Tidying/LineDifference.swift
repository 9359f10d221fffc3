// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which lines differ between two texts that have the same lines one by one, but for lines missing at the end of either.
///
/// Tidying never moves a line, so that nothing has to be searched.
public struct LineDifference: Sendable {
    /// Lines around a change that are shown with it.
    private static let context = 3

    private let old: [ArraySlice<UInt8>]
    private let new: [ArraySlice<UInt8>]

    public init(from old: [UInt8], to new: [UInt8]) {
        (self.old, self.new) = (Self.lines(old), Self.lines(new))
    }

    /// The lines with their line ends.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            lines.append(bytes[start..<end])
            start = end
        }
        return lines
    }

    /// The difference in the unified format that `diff -u` writes; empty when there is none.
    /// - Parameter name: what both texts are called.
    /// - Complexity: O(bytes).
    public func unified(name: String) -> String {
        var text = ""
        for hunk in hunks { text += self.text(of: hunk) }
        return text.isEmpty ? "" : "--- \(name)\n+++ \(name)\n" + text
    }

    /// Lines that are shown together.
    private var hunks: [Range<Int>] {
        let count = max(old.count, new.count)
        var hunks: [Range<Int>] = []
        for index in 0..<count where isChanged(index) {
            let range = max(0, index - Self.context)..<min(count, index + Self.context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }

    private func isChanged(_ index: Int) -> Bool {
        guard old.indices.contains(index), new.indices.contains(index) else { return true }
        return old[index] != new[index]
    }

    private func text(of hunk: Range<Int>) -> String {
        let (removed, added) = (hunk.clamped(to: old.indices), hunk.clamped(to: new.indices))
        var text = "@@ -\(Self.place(removed)) +\(Self.place(added)) @@\n"
        var index = hunk.lowerBound
        while index < hunk.upperBound {
            guard isChanged(index) else {
                text += Self.line(" ", old[index])
                index += 1
                continue
            }
            let run = index..<((index..<hunk.upperBound).first { !isChanged($0) } ?? hunk.upperBound)
            for line in old[run.clamped(to: old.indices)] { text += Self.line("-", line) }
            for line in new[run.clamped(to: new.indices)] { text += Self.line("+", line) }
            index = run.upperBound
        }
        return text
    }

    private static func place(_ lines: Range<Int>) -> String {
        lines.isEmpty ? "\(lines.lowerBound),0" : "\(lines.lowerBound + 1),\(lines.count)"
    }

    private static func line(_ mark: String, _ bytes: ArraySlice<UInt8>) -> String {
        let isWhole = bytes.last == 0x0A
        return mark + String(decoding: bytes, as: UTF8.self) + (isWhole ? "" : "\n\\ No newline at end of file\n")
    }
}
