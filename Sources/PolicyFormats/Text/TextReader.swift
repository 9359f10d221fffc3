// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// How much of a text is read before giving up; every bound ends in a finding.
public struct TextLimits: Hashable, Sendable {
    /// Bytes of one document.
    ///
    /// Callers check a file's size against this before they load it.
    public var bytes: Int
    /// Lists and objects inside each other.
    public var depth: Int
    /// Nodes of one YAML document, each alias counted as all it stands for.
    public var nodes: Int
    /// Anchors of one YAML document.
    public var anchors: Int
    /// Findings of one file; further ones are only counted, and reading ends after ten times as many.
    public var findings: Int

    public init(
        bytes: Int = 16 << 20,
        depth: Int = 100,
        nodes: Int = 1_000_000,
        anchors: Int = 10_000,
        findings: Int = 500
    ) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
        self.anchors = anchors
        self.findings = findings
    }
}

/// Why a text could not be read to its end.
package struct TextProblem: Hashable, Sendable {
    package var message: String
    package var mark: TextMark
    /// The place the message refers to: the first of two equal keys.
    package var related: TextMark?

    package init(_ message: String, at mark: TextMark, related: TextMark? = nil) {
        self.message = message
        self.mark = mark
        self.related = related
    }
}

/// Reads YAML or JSON text into trees of nodes, one per document.
package enum TextReader {
    /// Calls `body` with the root of each document that is not empty, until it returns `false`.
    ///
    /// Documents are handed over one by one, so memory holds one tree at a time. Text that starts with `{` or `[` is
    /// read as JSON first, because JSON allows what YAML 1.1 does not (surrogate pairs, keys of any length), and as YAML
    /// when it is not JSON.
    /// - Returns: why reading stopped, or `nil` at the end of the text. Documents before the problem were handed over.
    /// - Complexity: linear in bytes and expanded nodes, both bounded by `limits`.
    package static func read(_ bytes: [UInt8], limits: TextLimits, body: (TextNode) -> Bool) -> TextProblem? {
        guard bytes.count <= limits.bytes else {
            let mark = TextMark(line: 1, column: 1, offset: 0)
            return TextProblem("the file has \(bytes.count) bytes, and the limit is \(limits.bytes)", at: mark)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            var text = UnsafeBufferPointer(rebasing: buffer[...])
            var skipped = 0
            if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
                skipped = 3
                text = UnsafeBufferPointer(rebasing: buffer[3...])
            }
            let check = UTF8Check(text)
            if let problem = check.problem { return problem }
            switch JSONReader.read(text, skipped: skipped, limits: limits) {
            case .documents(let documents):
                _ = documents.allSatisfy(body)
                return nil
            case .problem(let problem): return problem
            case .notJSON: break
            }
            var reader = YAMLReader(text, isASCII: check.isASCII, skipped: skipped, limits: limits)
            return reader.read(body)
        }
    }
}
