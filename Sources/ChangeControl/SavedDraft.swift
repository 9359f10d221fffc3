// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A policy text that somebody has written and not yet saved, kept so that neither a closed window nor an ended session
/// loses it.
public struct SavedDraft: Hashable, Sendable, Codable {
    /// Whose and of which file: one draft each.
    public struct Key: Hashable, Sendable, Codable {
        /// Of the person, never a name that could pass to somebody else.
        public var user: String
        public var environment: String
        /// Relative to the policy directory.
        public var path: String

        public init(user: String, environment: String, path: String) {
            self.user = user
            self.environment = environment
            self.path = path
        }
    }

    public var key: Key
    public var text: String
    /// The state of the file that it was begun from; empty for a new file.
    public var base: String
    /// The text of that state, to compare with when the file has moved on; `nil` where it is not known.
    public var opened: String?
    /// Microseconds since 1970.
    public var saved: Int64

    public init(key: Key, text: String, base: String, opened: String? = nil, saved: Int64) {
        self.key = key
        self.text = text
        self.base = base
        self.opened = opened
        self.saved = saved
    }
}

/// Where drafts are kept.
public protocol DraftStore: Sendable {
    /// - Returns: `nil` where there is none.
    func draft(_ key: SavedDraft.Key) async throws -> SavedDraft?

    /// Keeps a draft in place of the one before. A person has a bounded number; the oldest goes.
    func save(_ draft: SavedDraft) async throws

    func remove(_ key: SavedDraft.Key) async throws
}
