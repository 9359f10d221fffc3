// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension AuditEntry {
    /// Bytes of one text in an entry.
    public static let longestText = 4096
    /// Bytes of `client`.
    public static let longestClient = 200
    public static let mostChanges = 100

    /// The same with every text cut to its bound, so that nobody fills the disk with one request.
    ///
    /// What is cut ends in `…`; of too many changes the last says how many are left out.
    public var bounded: AuditEntry {
        var entry = self
        entry.actor = Self.shortened(actor, 256)
        entry.action = Self.shortened(action, 256)
        entry.object = Self.shortened(object, 1024)
        entry.environment = environment.map { Self.shortened($0, 256) }
        entry.address = address.map { Self.shortened($0, 64) }
        entry.client = client.map { Self.shortened($0, Self.longestClient) }
        entry.requestID = requestID.map { Self.shortened($0, 128) }
        entry.detail = detail.map { Self.shortened($0, Self.longestText) }
        entry.changes = changes.prefix(Self.mostChanges).map { change in
            Change(
                field: Self.shortened(change.field, 256),
                before: change.before.map { Self.shortened($0, Self.longestText) },
                after: change.after.map { Self.shortened($0, Self.longestText) }
            )
        }
        if changes.count > Self.mostChanges {
            entry.changes[Self.mostChanges - 1] = Change(
                field: "…",
                before: nil,
                after: "\(changes.count - Self.mostChanges + 1) more changes"
            )
        }
        return entry
    }

    /// The user behind the actor: `author1` of `token ci of author1`, else the actor.
    ///
    /// Names of users and tokens have no spaces in them, so this is never ambiguous.
    public var person: String {
        let words = actor.split(separator: " ", omittingEmptySubsequences: false)
        return words.count == 4 && words[0] == "token" && words[2] == "of" ? String(words[3]) : actor
    }

    private static func shortened(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var bytes = Array(text.utf8.prefix(limit - 3))
        // A character that was cut in the middle goes whole.
        while let last = bytes.last, last & 0xc0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last & 0x80 != 0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self) + "…"
    }
}
