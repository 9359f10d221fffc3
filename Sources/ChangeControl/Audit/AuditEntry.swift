// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One thing that somebody did, as the audit log keeps it.
///
/// Values never hold secrets: what is secret is written as `changed`.
public struct AuditEntry: Hashable, Sendable, Codable {
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case success, failure
        /// The server refused: not permitted.
        case denied
    }

    /// One field before and after.
    public struct Change: Hashable, Sendable, Codable {
        public var field: String
        /// `nil`: it was not there.
        public var before: String?
        public var after: String?

        public init(field: String, before: String?, after: String?) {
            self.field = field
            self.before = before
            self.after = after
        }
    }

    /// Microseconds since 1970.
    public var time: Int64
    /// `author1`, `token ci of author1`, `owner`, `system`.
    public var actor: String
    /// A stable word with a dot: `session.create`, `user.delete`, `policy.save`, `flows.export`.
    public var action: String
    /// What it was done to: `user/author1`, `policy/shop/allow-web`.
    public var object: String
    /// `nil` where no environment is concerned.
    public var environment: String?
    public var outcome: Outcome
    /// The client's address; `nil` over the unix socket.
    public var address: String?
    /// `palisade-cli 1.0.0`, or the browser's user agent, shortened to 200 bytes.
    public var client: String?
    public var requestID: String?
    /// One sentence, where the rest does not say it.
    public var detail: String?
    public var changes: [Change]

    public init(
        time: Int64,
        actor: String,
        action: String,
        object: String,
        environment: String? = nil,
        outcome: Outcome = .success,
        address: String? = nil,
        client: String? = nil,
        requestID: String? = nil,
        detail: String? = nil,
        changes: [Change] = []
    ) {
        self.time = time
        self.actor = actor
        self.action = action
        self.object = object
        self.environment = environment
        self.outcome = outcome
        self.address = address
        self.client = client
        self.requestID = requestID
        self.detail = detail
        self.changes = changes
    }
}
