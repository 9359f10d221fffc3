// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// Where all findings about one document gather.
///
/// A class because nested readers report to one place; it lives inside one call of a decoder and is never shared.
final class FindingCollector {
    let document: String
    private let limit: Int
    /// The ways to the values that readers look at.
    var paths = FieldPaths()
    private(set) var findings: [Finding] = []
    /// Findings past the limit: counted, not kept.
    private(set) var omitted = 0
    /// Errors so far, kept or not.
    private(set) var errorCount = 0
    /// Whether any finding so far is an error.
    var hasErrors: Bool { errorCount > 0 }

    /// The document's text, for fixes.
    let text: EditedText

    init(document: SourceDocument, limit: Int) {
        self.document = document.name
        self.limit = limit
        text = EditedText(document.bytes)
    }

    func report(_ remark: PolicyRemark, at mark: TextMark, notes: [Finding.Note] = [], fix: Fix? = nil) {
        if remark.severity == .error { errorCount += 1 }
        guard findings.count < limit else {
            omitted += 1
            return
        }
        findings.append(
            Finding(remark.code, remark.severity, remark.message, at: location(mark), notes: notes, fix: fix)
        )
    }

    /// Reports why the text could not be read to its end.
    func report(_ problem: TextProblem) {
        let note = problem.related.map { Finding.Note("the first is here", at: location($0)) }
        report(.unreadable(problem), at: problem.mark, notes: note.map { [$0] } ?? [])
    }

    func location(_ mark: TextMark) -> SourceLocation {
        SourceLocation(document: document, line: Int(mark.line), column: Int(mark.column))
    }
}
