// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import PolicyAnalysis
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
    /// - Throws: `ServiceError` `notFound`, `conflict` when the file changed after `base`, `badRequest` where the policy is
    ///   written so that nobody can be sure which bytes are its own.
    func delete(_ request: DeleteRequest) async throws

    /// Moves a file into the folder of those that are kept and not in force (`disabled/`), or back.
    /// - Returns: the file under its new path.
    /// - Throws: `ServiceError` `conflict` when the file changed after `base` or the other place is taken, `badRequest` with
    ///   findings when a file that is to be in force has errors.
    func setEnabled(_ request: EnableRequest) async throws -> PolicyDocument
}

/// Which policy to open, and what to add to it, so that a recorded connection passes.
public protocol RuleProposing: Sendable {
    /// One proposal for each end that drops the connection; empty when nothing drops it, or a deny rule does.
    func proposals(for connection: FlowKey) async throws -> [RuleProposal]

    /// Paths of policy files that are kept and not in force, sorted.
    func disabledPolicies() async throws -> [String]
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
            /// What "Allow this" does: edits of the draft's policies; empty where they would not be enough.
            public var allow: [RuleProposal]
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
    /// The same with line numbers, hunk by hunk.
    public var hunks: LineDifference
    /// What Rule mode shows of each document; empty when the text cannot be read.
    public var documents: [FormDocument]
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

/// A file to put in force, or out of it.
public struct EnableRequest: Hashable, Sendable, Codable {
    /// Where it is now.
    public var path: String
    public var enabled: Bool
    public var base: String

    public init(path: String, enabled: Bool, base: String) {
        self.path = path
        self.enabled = enabled
        self.base = base
    }
}
