// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// A document with fixes made, and which ones.
public struct FixedText: Sendable {
    public var bytes: [UInt8]
    /// Findings whose fixes were made, in the order given.
    public var applied: [Finding]
    /// Findings whose fixes touch bytes that another one changes; they can be made in a next round.
    public var conflicting: [Finding]

    /// Makes the fixes of findings about one document.
    ///
    /// A fix is made wholly or not at all. One whose edits overlap those of an earlier fix, or insert at the same place, waits;
    /// an edit that was made already is not made again.
    /// - Parameters:
    ///   - findings: about the document, in any order; those without a fix are passed over.
    ///   - bytes: the document.
    ///   - onlySafe: whether fixes that need a decision are left out.
    /// - Complexity: O(n log n + n·m) in edits, with m edits already taken.
    public static func applying(_ findings: [Finding], to bytes: [UInt8], onlySafe: Bool = true) -> FixedText {
        var taken: [TextEdit] = []
        var result = FixedText(bytes: bytes, applied: [], conflicting: [])
        let fixable = findings.enumerated().compactMap { index, finding in
            finding.fix.map { (index: index, finding: finding, fix: $0) }
        }
        for (_, finding, fix) in fixable.sorted(by: {
            ($0.fix.edits.first?.start ?? 0, $0.index) < ($1.fix.edits.first?.start ?? 0, $1.index)
        })
        where fix.isSafe || !onlySafe {
            let new = fix.edits.filter { !taken.contains($0) }
            let isInside = fix.edits.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= bytes.count }
            guard isInside, !new.contains(where: { edit in taken.contains { overlap($0, edit) } }) else {
                result.conflicting.append(finding)
                continue
            }
            taken += new
            result.applied.append(finding)
        }
        for edit in taken.sorted().reversed() {
            result.bytes.replaceSubrange(edit.start..<edit.end, with: Array(edit.replacement.utf8))
        }
        return result
    }

    /// Makes fixes until none is left to make.
    ///
    /// - Parameters:
    ///   - document: the text.
    ///   - onlySafe: whether fixes that need a decision are left out.
    ///   - findings: the findings about a text, with their fixes; asked again after every round.
    /// - Returns: the text, and every finding whose fix was made.
    /// - Complexity: at most 20 rounds.
    public static func fixing(
        _ document: SourceDocument,
        onlySafe: Bool = true,
        findings: (SourceDocument) -> [Finding]
    ) -> FixedText {
        var document = document
        var result = FixedText(bytes: document.bytes, applied: [], conflicting: [])
        for _ in 0..<20 {
            let own = findings(document).filter { $0.location.document == document.name }
            let round = applying(own, to: document.bytes, onlySafe: onlySafe)
            result.conflicting = round.conflicting
            guard !round.applied.isEmpty, round.bytes != document.bytes else { break }
            document.bytes = round.bytes
            result.bytes = round.bytes
            result.applied += round.applied
        }
        return result
    }

    private static func overlap(_ one: TextEdit, _ other: TextEdit) -> Bool {
        if one.start == one.end, other.start == other.end { return one.start == other.start }
        return one.start < other.end && other.start < one.end || one.start == other.start
    }
}
