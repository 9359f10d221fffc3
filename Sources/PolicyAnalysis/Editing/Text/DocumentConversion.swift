// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// A text with one of its documents in the other format, when its meaning stays.
///
/// Other documents stay as they are, byte for byte, and so does what stands above the policy. Of the comments inside it,
/// those above its rules are kept.
public enum DocumentConversion: Hashable, Sendable {
    case converted([UInt8])
    /// What the other format cannot say, at its place; empty where the policy is written so that nobody can be sure which
    /// bytes are its own.
    case refused([Finding])

    /// - Parameters:
    ///   - index: of the document, as `PolicyFormText` counts them.
    ///   - source: the text.
    ///   - target: the format to write.
    /// - Complexity: linear in the text.
    public init(ofDocument index: Int, in source: SourceDocument, to target: PolicyConversion.Target) {
        var options = PolicyDecoder.Options()
        options.otherKinds = .passedOver
        let decoder = PolicyDecoder(options)
        let decoded = decoder.decode(source)
        // Why it cannot be read is among the findings of reading it as policies.
        guard let text = try? EditableText(source.bytes), text.roots.indices.contains(index) else {
            self = .refused(decoded.findings.filter { $0.severity == .error })
            return
        }
        let lines = TextLines(source.bytes)
        let own = Int(text.roots[index].start.line) - 1
        let before = lines.separator(atOrBefore: own)
        let after = lines.separator(after: own)
        let range = (before ?? -1) + 1..<(after ?? .max)
        let policies = decoded.policies.filter { range.contains(Int($0.location.line) - 1) }
        guard before != own, policies.count == 1 else {
            self = .refused(decoded.findings.filter { $0.severity == .error })
            return
        }
        let conversion = PolicyConversion(policies[0], from: source, to: target, options: options)
        guard let written = conversion.text else {
            self = .refused(conversion.findings)
            return
        }
        // The comments right above the policy are part of what is written.
        var first = own
        while first - 1 >= range.lowerBound, lines.isComment(first - 1) { first -= 1 }
        var bytes = source.bytes
        let ends = lines.endsWithPairs ? written.replacing("\n", with: "\r\n") : written
        bytes.replaceSubrange(lines.start(first)..<(after.map(lines.start) ?? bytes.count), with: Array(ends.utf8))
        self = Self.checked(bytes, against: text, converted: index) ? .converted(bytes) : .refused([])
    }

    /// Whether all other documents say what they said.
    private static func checked(_ bytes: [UInt8], against text: EditableText, converted index: Int) -> Bool {
        guard let result = try? EditableText(bytes), result.roots.count == text.roots.count else { return false }
        return text.roots.indices.allSatisfy {
            $0 == index || TextValue(result.roots[$0]) == TextValue(text.roots[$0])
        }
    }
}
