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
    /// Whether any finding so far, kept or not, is an error.
    private(set) var hasErrors = false

    /// The document's text, for fixes.
    let text: EditedText

    init(document: SourceDocument, limit: Int) {
        self.document = document.name
        self.limit = limit
        text = EditedText(document.bytes)
    }

    func report(_ remark: PolicyRemark, at mark: TextMark, notes: [Finding.Note] = [], fix: Fix? = nil) {
        if remark.severity == .error { hasErrors = true }
        guard findings.count < limit else {
            omitted += 1
            return
        }
        findings.append(
            Finding(remark.code, remark.severity, remark.message, at: location(mark), notes: notes, fix: fix)
        )
    }

    func location(_ mark: TextMark) -> SourceLocation {
        SourceLocation(document: document, line: Int(mark.line), column: Int(mark.column))
    }
}
