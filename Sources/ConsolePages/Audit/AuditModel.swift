// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ChangeControl

/// What the page of the audit log shows.
public struct AuditModel: Hashable, Sendable {
    /// One entry with its number in the chain.
    public struct Row: Hashable, Sendable {
        public var number: UInt64
        public var entry: AuditEntry

        public init(number: UInt64, entry: AuditEntry) {
            self.number = number
            self.entry = entry
        }
    }

    /// What is asked for; empty is everything.
    public struct Filter: Hashable, Sendable {
        public var actor: String
        /// `session`, `user`: the part before the dot.
        public var action: String
        public var object: String
        public var environment: String
        /// `success`, `failure`, `denied`.
        public var outcome: String
        public var text: String

        public init(
            actor: String = "",
            action: String = "",
            object: String = "",
            environment: String = "",
            outcome: String = "",
            text: String = ""
        ) {
            self.actor = actor
            self.action = action
            self.object = object
            self.environment = environment
            self.outcome = outcome
            self.text = text
        }

        var isEmpty: Bool { self == Filter() }
    }

    /// What `Verify` found.
    public enum Verification: Hashable, Sendable {
        /// `Verified 18,204 entries, first 3 Nov 2026, no gaps.`
        case good(String)
        /// Where the chain breaks, in a sentence.
        case broken(String)
    }

    public var rows: [Row]
    public var filter: Filter
    public var timeRange: TimeRangeChoice
    public var actionGroups: [String]
    public var selected: Row?
    public var verification: Verification?
    /// For the next page; `nil` at the end.
    public var next: String?
    /// Whether the viewer sees only what they did themselves.
    public var isOwnOnly: Bool
    /// Days that entries are kept; `nil`: for ever.
    public var keptDays: Int?
    public var state: PanelState

    public init(
        rows: [Row],
        filter: Filter = .init(),
        timeRange: TimeRangeChoice,
        actionGroups: [String] = [],
        selected: Row? = nil,
        verification: Verification? = nil,
        next: String? = nil,
        isOwnOnly: Bool = false,
        keptDays: Int? = nil,
        state: PanelState = .ready
    ) {
        self.rows = rows
        self.filter = filter
        self.timeRange = timeRange
        self.actionGroups = actionGroups
        self.selected = selected
        self.verification = verification
        self.next = next
        self.isOwnOnly = isOwnOnly
        self.keptDays = keptDays
        self.state = state
    }
}
