// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which entries of the audit log to show.
public struct AuditQuery: Hashable, Sendable {
    public static let largestLimit = 1000
    /// Records looked at for one page; a page may have fewer entries than asked for, even none, and still be followed by
    /// another.
    public static let scanLimit: Int64 = 100_000

    /// The actor as a whole, `token ci of author1`, or the person behind one, `author1`.
    public var actor: String?
    /// The action's beginning: `user.` for all actions on users, `user.create`.
    public var action: String?
    /// Text that the object contains.
    public var object: String?
    public var environment: String?
    public var outcome: AuditEntry.Outcome?
    /// Microseconds since 1970; the end is not part of it.
    public var from: Int64?
    public var to: Int64?
    /// Text that some field contains; capital and small ASCII letters are the same.
    public var text: String?
    /// Only entries of this person, whatever else is asked for.
    public var person: String?
    /// From `AuditPage.next` of the page before.
    public var cursor: Int64?
    /// Oldest first, for exports; else newest first.
    public var isAscending: Bool
    /// 1...`largestLimit`.
    public var limit: Int

    public init(limit: Int = 100, isAscending: Bool = false, cursor: Int64? = nil) {
        self.limit = min(max(limit, 1), Self.largestLimit)
        self.isAscending = isAscending
        self.cursor = cursor
    }

    /// Whether the filters let the entry through; cursor and limit are not its business.
    public func matches(_ entry: AuditEntry) -> Bool {
        if let actor, entry.actor != actor, entry.person != actor { return false }
        if let person, entry.person != person { return false }
        if let action, !entry.action.utf8.starts(with: action.utf8) { return false }
        if let object, !Self.contains(entry.object, Self.folded(object)) { return false }
        if let environment, entry.environment != environment { return false }
        if let outcome, entry.outcome != outcome { return false }
        if let from, entry.time < from { return false }
        if let to, entry.time >= to { return false }
        guard let text, !text.isEmpty else { return true }
        let wanted = Self.folded(text)
        return Self.texts(of: entry).contains { Self.contains($0, wanted) }
    }

    private static func texts(of entry: AuditEntry) -> [String] {
        let fields = [entry.environment, entry.address, entry.client, entry.requestID, entry.detail].compactMap { $0 }
        let changes = entry.changes.flatMap { [$0.field, $0.before, $0.after].compactMap { $0 } }
        return [entry.actor, entry.action, entry.object, entry.outcome.rawValue] + fields + changes
    }

    /// ASCII letters small, everything else as it is.
    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func contains(_ text: String, _ wanted: [UInt8]) -> Bool {
        let bytes = folded(text)
        guard let first = wanted.first else { return true }
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}

/// Entries in the order asked for.
public struct AuditPage: Hashable, Sendable {
    public var records: [AuditRecord]
    /// What to pass as `cursor` for the next page; `nil` at the end.
    public var next: Int64?

    public init(records: [AuditRecord], next: Int64?) {
        self.records = records
        self.next = next
    }
}
