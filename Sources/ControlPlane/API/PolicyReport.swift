// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// Loaded policies, for lists and for one at a time.
public struct PolicyList: Hashable, Sendable, Codable, PagedList {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "PolicyList"
    public var environment: String
    /// By namespace, name and kind.
    public var items: [PolicyReport]
    /// On all pages.
    public var total: Int
    @OrNull public var next: String?

    public init(environment: String, items: [PolicyReport]) {
        self.environment = environment
        self.items = items
        total = items.count
    }

    // Names have no spaces and nothing that sorts before one.
    public static func place(of item: PolicyReport) -> String {
        "\(item.namespace ?? "") \(item.name) \(item.policyKind.rawValue)"
    }
}

/// One loaded policy.
public struct PolicyReport: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case active
        /// In force, more closed than written.
        case degraded
        /// The file that it was read from is broken now; this is the last good revision.
        case stale
    }

    public var policyKind: PolicyKind
    @OrNull public var namespace: String?
    public var name: String
    public var mode: Mode
    public var state: State
    /// Directions in which it isolates its subjects.
    public var isolates: [Direction]
    public var ruleCount: Int
    /// Endpoints that it selects now.
    public var subjectCount: Int
    /// Where it is written.
    public var location: SourceLocation
    /// When it came into force as it is.
    public var since: Timestamp
    /// In English, line by line; in lists empty.
    public var summary: [String]
    /// The YAML document that it is written in, as it is in force; in lists `nil`.
    @OrNull public var source: String?
    public var findings: [Finding]

    public init(
        policyKind: PolicyKind,
        namespace: String?,
        name: String,
        mode: Mode,
        state: State,
        isolates: [Direction],
        ruleCount: Int,
        subjectCount: Int,
        location: SourceLocation,
        since: Timestamp,
        summary: [String] = [],
        source: String? = nil,
        findings: [Finding] = []
    ) {
        self.policyKind = policyKind
        self.namespace = namespace
        self.name = name
        self.mode = mode
        self.state = state
        self.isolates = isolates
        self.ruleCount = ruleCount
        self.subjectCount = subjectCount
        self.location = location
        self.since = since
        self.summary = summary
        self.source = source
        self.findings = findings
    }
}
