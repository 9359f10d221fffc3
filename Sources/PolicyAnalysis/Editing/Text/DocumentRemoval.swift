// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// What is left of a text without one of its documents.
public enum DocumentRemoval: Hashable, Sendable {
    /// Nothing: it was the only one.
    case nothing
    /// The other documents, byte for byte, with the separators between them.
    case rest([UInt8])
    /// The policy is not a document of its own, or is written so that nobody can be sure where it ends.
    case refused

    /// - Parameters:
    ///   - policy: whose document goes.
    ///   - source: the text.
    ///   - defaultNamespace: that of policies which name none.
    public init(of policy: PolicyID, from source: SourceDocument, defaultNamespace: String = "default") {
        let shown = PolicyFormText(source)
        // What cannot be read is refused, and a remainder that cannot be read as well.
        guard let text = try? EditableText(source.bytes),
            let index = shown.index(of: policy, defaultNamespace: defaultNamespace)
        else {
            self = .refused
            return
        }
        guard text.roots.count > 1 else {
            self = .nothing
            return
        }
        let lines = TextLines(source.bytes)
        let own = Int(text.roots[index].start.line) - 1
        let before = lines.separator(atOrBefore: own)
        let after = lines.separator(after: own)
        var range = (before.map { lines.start($0) } ?? 0)..<(after.map { lines.start($0) } ?? source.bytes.count)
        // Without a separator of its own, the first document takes the one behind it along.
        if before == nil, let after { range = 0..<lines.start(after + 1) }
        var bytes = source.bytes
        bytes.removeSubrange(range)
        var expected = text.roots.map(TextValue.init)
        expected.remove(at: index)
        guard let rest = try? EditableText(bytes), rest.roots.map(TextValue.init) == expected else {
            self = .refused
            return
        }
        self = .rest(bytes)
    }
}
