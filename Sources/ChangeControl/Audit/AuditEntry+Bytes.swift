// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension AuditEntry {
    /// The entry at its place as bytes, the same for the same entry for ever and different for different ones.
    ///
    /// ```
    /// version  sequence  time     actor   action  object  environment  ...  changes
    /// 01       8 bytes   8 bytes  text    text    text    optional          count, then field, before, after of each
    /// ```
    /// Numbers are 8 bytes, most significant first; a text is its length in bytes as a number and its UTF-8; an optional is
    /// `00`, or `01` and the text. So no two different entries have the same bytes.
    public func canonicalBytes(sequence: Int64) -> [UInt8] {
        var bytes: [UInt8] = [1]
        Self.append(sequence, to: &bytes)
        Self.append(time, to: &bytes)
        for text in [actor, action, object] { Self.append(text, to: &bytes) }
        Self.append(optional: environment, to: &bytes)
        Self.append(outcome.rawValue, to: &bytes)
        for text in [address, client, requestID, detail] { Self.append(optional: text, to: &bytes) }
        Self.append(Int64(changes.count), to: &bytes)
        for change in changes {
            Self.append(change.field, to: &bytes)
            Self.append(optional: change.before, to: &bytes)
            Self.append(optional: change.after, to: &bytes)
        }
        return bytes
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        for shift in stride(from: Int64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(Int64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private static func append(optional text: String?, to bytes: inout [UInt8]) {
        bytes.append(text == nil ? 0 : 1)
        if let text { append(text, to: &bytes) }
    }
}
