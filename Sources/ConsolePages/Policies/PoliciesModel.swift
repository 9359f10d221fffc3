// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the list of policies shows.
public struct PoliciesModel: Hashable, Sendable {
    /// One policy with how it was used over the range.
    public struct Row: Hashable, Sendable {
        public var report: PolicyReport
        /// `nil` when use is not known.
        public var use: PolicyUseReport.Use?

        public init(report: PolicyReport, use: PolicyUseReport.Use? = nil) {
            self.report = report
            self.use = use
        }
    }

    /// One workload and what isolates it.
    public struct Workload: Hashable, Sendable {
        public var namespace: String
        public var name: String
        public var inbound: Bool
        public var outbound: Bool
        public var policies: [String]
        /// Why policies do not reach it; `nil` when they do.
        public var unprotected: String?

        public init(
            namespace: String,
            name: String,
            inbound: Bool,
            outbound: Bool,
            policies: [String] = [],
            unprotected: String? = nil
        ) {
            self.namespace = namespace
            self.name = name
            self.inbound = inbound
            self.outbound = outbound
            self.policies = policies
            self.unprotected = unprotected
        }

        public init(_ item: CoverageReport.Item) {
            self.init(
                namespace: item.namespace,
                name: item.workload,
                inbound: item.inbound,
                outbound: item.outbound,
                policies: item.policies,
                unprotected: item.unprotected
            )
        }
    }

    public struct Disabled: Hashable, Sendable {
        public var path: String
        public var link: Link

        public init(path: String, link: Link) {
            self.path = path
            self.link = link
        }
    }

    public enum Tab: String, Hashable, Sendable { case list, coverage }

    public var tab: Tab
    public var rows: [Row]
    public var workloads: [Workload]
    /// What `use` counts: `in the last 8 h`.
    public var usePeriod: String
    /// The text that names are searched for; rows are already filtered by it.
    public var search: String
    /// Policies before the search.
    public var all: Int
    /// Policies after the search, on all pages.
    public var matching: Int
    /// Workloads on all pages, and those among them that no policy isolates.
    public var allWorkloads: Int
    public var withoutPolicy: Int
    /// What the next page of rows or workloads begins behind; `nil` on the last.
    public var next: String?
    /// In the drawer: with summary and source.
    public var selected: PolicyReport?
    public var broken: [PolicyHealth.BrokenFile]
    /// Files that are kept and not in force, with where each is edited; empty for whoever may not.
    public var disabled: [Disabled] = []
    public var state: PanelState

    public init(
        tab: Tab = .list,
        rows: [Row],
        workloads: [Workload] = [],
        usePeriod: String,
        search: String = "",
        all: Int? = nil,
        selected: PolicyReport? = nil,
        broken: [PolicyHealth.BrokenFile] = [],
        state: PanelState = .ready
    ) {
        self.tab = tab
        self.rows = rows
        self.workloads = workloads
        self.usePeriod = usePeriod
        self.search = search
        self.all = all ?? rows.count
        matching = rows.count
        allWorkloads = workloads.count
        withoutPolicy = workloads.count { !$0.inbound && !$0.outbound }
        self.selected = selected
        self.broken = broken
        self.state = state
    }
}

/// What the page of one policy shows.
public struct PolicyModel: Hashable, Sendable {
    /// One rule with its use.
    public struct Rule: Hashable, Sendable {
        /// `inbound/1`.
        public var name: String
        /// In English; empty when it is not known.
        public var sentence: String
        /// Of the source; `nil` when it is not known.
        public var line: Int?
        public var use: PolicyUseReport.Use?

        public init(name: String, sentence: String = "", line: Int? = nil, use: PolicyUseReport.Use? = nil) {
            self.name = name
            self.sentence = sentence
            self.line = line
            self.use = use
        }
    }

    /// With summary and source.
    public var report: PolicyReport
    public var rules: [Rule]
    public var use: PolicyUseReport.Use?
    public var usePeriod: String
    /// The line of the file at which the source begins.
    public var firstLine: Int
    /// Workloads that it selects, `shop/web`.
    public var subjects: [String]

    public init(
        report: PolicyReport,
        rules: [Rule] = [],
        use: PolicyUseReport.Use? = nil,
        usePeriod: String,
        firstLine: Int = 1,
        subjects: [String] = []
    ) {
        self.report = report
        self.rules = rules
        self.use = use
        self.usePeriod = usePeriod
        self.firstLine = firstLine
        self.subjects = subjects
    }
}
