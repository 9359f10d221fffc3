// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// Reads and writes the policy files of an environment, for the editor.
public protocol PolicyEditing: Sendable {
    /// The file that a policy is written in, as it is now.
    /// - Throws: `ServiceError` `notFound`.
    func policyDocument(_ path: String) async throws -> PolicyDocument

    /// What a draft means, is warned of, and would do to recorded traffic. Changes nothing.
    func check(_ request: DraftRequest) async throws -> DraftCheck

    /// Writes a file, in full or not at all, and returns when the environment has taken it.
    /// - Throws: `ServiceError` `conflict` when the file changed after `base`, `badRequest` with findings that are errors.
    func save(_ request: SaveRequest) async throws -> PolicyDocument

    /// Removes a policy from its file, or the file when nothing else is in it.
    func delete(_ request: DeleteRequest) async throws
}

/// One policy file and which state of it that is.
public struct PolicyDocument: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "PolicyDocument"
    public var environment: String
    /// Relative to the policy directory.
    public var path: String
    public var text: String
    /// SHA-256 of the text in hexadecimal; empty for a file that does not exist yet.
    public var hash: String

    public init(environment: String, path: String, text: String, hash: String) {
        self.environment = environment
        self.path = path
        self.text = text
        self.hash = hash
    }
}

/// A text in the editor.
public struct DraftRequest: Hashable, Sendable, Codable {
    /// The file that it will replace; a name of its own when new.
    public var path: String
    public var text: String
    /// Microseconds of recorded traffic to replay; 0 is none.
    public var window: Int64

    public init(path: String, text: String, window: Int64) {
        self.path = path
        self.text = text
        self.window = window
    }
}

/// What the editor shows beside a text.
public struct DraftCheck: Hashable, Sendable, Codable {
    /// The recorded connections whose verdict the draft may change.
    public struct Impact: Hashable, Sendable, Codable {
        public enum Class: String, Hashable, Sendable, Codable, CaseIterable {
            case newlyDropped = "newly-dropped"
            case newlyAllowed = "newly-allowed"
            case stillAllowed = "still-allowed"
            case stillDropped = "still-dropped"
            case uncertain
        }

        public struct Row: Hashable, Sendable, Codable {
            public var source: String
            public var destination: String
            /// `TCP 5432`.
            public var connection: String
            public var connections: UInt64
            public var packets: UInt64
            public var lastSeen: Timestamp
            public var result: Class
            /// `Allowed by shop/allow-web inbound/1`, and the same with the draft.
            public var before: String
            public var after: String
            /// Why it is not certain; empty when it is.
            public var doubts: [String]
        }

        /// By class, all five.
        public var connections: [String: UInt64]
        public var kinds: [String: Int]
        /// Newly dropped first; at most 200.
        public var rows: [Row]
        public var omitted: Int
        /// What it is based on.
        public var range: FlowPage.Range
        public var flows: UInt64
        public var distinct: Int
        public var complete: Bool
        public var lost: UInt64
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "DraftCheck"
    /// Syntax first, then remarks, errors before warnings.
    public var findings: [Finding]
    /// By document of the text; the summary of each policy, line by line.
    public var summaries: [[String]]
    /// `nil` when nothing was to be replayed or the text cannot be read.
    @OrNull public var impact: Impact?
    /// Lines of the difference to the deployed file, `+`, `-` or space before each; unchanged stretches folded.
    public var difference: [String]
    /// Of the deployed file, to save against.
    public var base: String
}

/// A text to write.
public struct SaveRequest: Hashable, Sendable, Codable {
    public var path: String
    public var text: String
    /// `PolicyDocument.hash` of the state that was edited; empty to create.
    public var base: String

    public init(path: String, text: String, base: String) {
        self.path = path
        self.text = text
        self.base = base
    }
}

/// A policy to remove.
public struct DeleteRequest: Hashable, Sendable, Codable {
    public var policyKind: PolicyKind
    public var namespace: String?
    public var name: String
    public var base: String

    public init(policyKind: PolicyKind, namespace: String?, name: String, base: String) {
        self.policyKind = policyKind
        self.namespace = namespace
        self.name = name
        self.base = base
    }
}
