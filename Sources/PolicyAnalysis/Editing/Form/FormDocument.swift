// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// The documents of a text, each as a form or locked.
public struct FormDocument: Hashable, Sendable, Codable {
    /// From 0; empty documents do not count.
    public var index: Int
    public var span: TextSpan
    /// `NetworkPolicy shop/allow-web`.
    public var title: String
    /// `nil` where the whole document is locked.
    public var form: PolicyForm?
    public var locked: LockedBlock?
}

/// What Rule mode shows of a text.
public struct PolicyFormText: Hashable, Sendable, Codable {
    /// Empty when the text cannot be read.
    public var documents: [FormDocument]
    /// Why the text cannot be read (V101); `nil` when it can.
    public var problem: Finding?

    /// - Complexity: linear in the text and its values, both bounded (1 MiB, 100,000 values with aliases expanded).
    public init(_ document: SourceDocument) {
        do throws(EditableText.TextFailure) {
            let text = try EditableText(document.bytes)
            documents = text.roots.indices.map { FormIndex(text, document: $0).document }
        } catch {
            documents = []
            problem = error.finding(in: document.name)
        }
    }

    /// The first document that is a form.
    public var firstForm: PolicyForm? { documents.lazy.compactMap(\.form).first }
}

extension EditableText.TextFailure {
    func finding(in document: String) -> Finding {
        PolicyRemark.unreadable(problem).finding(
            at: SourceLocation(document: document, line: Int(problem.mark.line), column: Int(problem.mark.column))
        )
    }
}
