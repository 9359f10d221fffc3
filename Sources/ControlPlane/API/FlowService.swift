// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import FlowModel

/// What the HTTP API asks about recorded and live flows.
public protocol FlowService: Sendable {
    /// One page of recorded flows.
    /// - Throws: `ServiceError` `badRequest` for a cursor or a limit that cannot be; or what the store throws.
    func flows(_ request: FlowRequest) async throws -> FlowPage

    /// The same page, and how much of what its filters leave there was over time.
    func flowsOverTime(_ request: FlowRequest) async throws -> FlowsOverTime

    /// Flows from now on. Each reader has a bounded queue; what does not fit is lost for that reader and told in the
    /// next batch's `lost`. Ends when the process stops or the reader goes.
    func liveFlows(_ request: LiveRequest) async -> AsyncStream<LiveFlows>

    /// Kinds of recorded connections with their counts, at most `TrafficReport.largestCount`.
    func traffic(_ request: StatisticsRequest) async throws -> TrafficReport

    func totals(_ request: StatisticsRequest) async throws -> TotalsReport
    func rate(_ request: StatisticsRequest) async throws -> RateReport
    func namespaces(_ request: StatisticsRequest) async throws -> NamespaceReport
    func drops(_ request: StatisticsRequest) async throws -> DropsReport
}

extension FlowService {
    public func flowsOverTime(_ request: FlowRequest) async throws -> FlowsOverTime {
        FlowsOverTime(page: try await flows(request), rate: try await rate(StatisticsRequest(counting: request)))
    }
}

/// A page of recorded flows with their rate.
public struct FlowsOverTime: Sendable {
    public var page: FlowPage
    public var rate: RateReport
}

extension StatisticsRequest {
    /// About all pages of a list of flows together.
    init(counting request: FlowRequest) {
        self.init(
            range: request.range,
            filter: request.filter,
            view: request.view,
            excluding: request.quickFilters.filter(\.isOn).flatMap(\.filters)
        )
    }
}

/// Which recorded flows to show.
public struct FlowRequest: Hashable, Sendable {
    public enum Grouping: String, Hashable, Sendable, Codable, CaseIterable {
        /// One item per kind of connection (`FlowKey`), with counts.
        case connection
        /// One item per record.
        case raw
    }

    /// What grouped items are sorted by; raw items are always newest first.
    public enum Sort: String, Hashable, Sendable, Codable, CaseIterable {
        case lastSeen = "last-seen"
        case count, source, destination, port, verdict

        /// Newest and most first, names and ports from the start of the alphabet.
        public var isDescendingByDefault: Bool { self == .lastSeen || self == .count }
    }

    /// What a page may bring besides its items; each costs a little.
    public enum Extra: String, Hashable, Sendable, Codable, CaseIterable {
        /// `FlowPage.verdicts`.
        case verdicts
        /// `FlowItem.sparkline` of grouped items.
        case sparklines
    }

    /// The most items that a page may have.
    public static let largestLimit = 10_000

    public var filter: FlowFilter
    public var range: TimeRange
    /// 1...`largestLimit`.
    public var limit: Int
    public var grouping: Grouping
    /// From `FlowPage.next` of the page before, with the same filter, grouping and order.
    public var cursor: String?
    /// What the reader may see.
    public var view: NamespaceView
    public var sort: Sort
    public var isDescending: Bool
    /// Quick filters to count for (`FlowPage.hidden`); those that are on hide what they match.
    public var quickFilters: [QuickFilter]
    public var extras: Set<Extra>

    /// - Parameter isDescending: `nil` is as the sort has it by default.
    public init(
        filter: FlowFilter,
        range: TimeRange,
        limit: Int = 100,
        grouping: Grouping = .connection,
        cursor: String? = nil,
        view: NamespaceView = .all,
        sort: Sort = .lastSeen,
        isDescending: Bool? = nil,
        quickFilters: [QuickFilter] = [],
        extras: Set<Extra> = []
    ) {
        self.view = view
        self.sort = sort
        self.isDescending = isDescending ?? sort.isDescendingByDefault
        self.quickFilters = quickFilters
        self.extras = extras
        self.filter = filter
        self.range = range
        self.limit = limit
        self.grouping = grouping
        self.cursor = cursor
    }
}

/// One page of recorded flows.
public struct FlowPage: Hashable, Sendable, Codable {
    /// The time that the page is about.
    public struct Range: Hashable, Sendable, Codable {
        public var from: Timestamp
        public var to: Timestamp

        public init(from: Timestamp, to: Timestamp) {
            self.from = from
            self.to = to
        }

        public init(_ range: TimeRange) {
            from = Timestamp(microseconds: range.from)
            to = Timestamp(microseconds: range.to)
        }
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "FlowList"
    public var environment: String
    public var range: Range
    public var grouping: FlowRequest.Grouping
    /// Whether every event of the range is recorded: nothing lost, nothing pruned.
    public var complete: Bool
    /// Events of the range that are known to be lost.
    public var lost: UInt64
    /// Where and when they were lost; at most 100, newest last.
    public var losses: [LossItem]
    /// Records of the range that the filter matched, and all that were looked at.
    public var matched: UInt64
    public var total: UInt64
    /// The oldest record kept, when it is younger than the start of the range.
    @OrNull public var keptSince: Timestamp?
    public var items: [FlowItem]
    /// What to pass as `cursor` for the next page; `nil` at the end.
    @OrNull public var next: String?
    /// Events of the range by verdict, whatever verdicts the filter asks for; `nil` when not wanted or not yet known.
    @OrNull public var verdicts: VerdictCounts?
    /// By quick filter, in the order of the request.
    public var hidden: [HiddenCount]
    /// Rows of all pages together: kinds of connections that the filter matched and no quick filter hides.
    ///
    /// 0 for raw items, whose number is not worked out.
    public var rows: Int

    public init(
        environment: String,
        range: Range,
        grouping: FlowRequest.Grouping,
        complete: Bool,
        lost: UInt64,
        losses: [LossItem] = [],
        matched: UInt64,
        total: UInt64,
        keptSince: Timestamp? = nil,
        items: [FlowItem],
        next: String? = nil,
        verdicts: VerdictCounts? = nil,
        hidden: [HiddenCount] = [],
        rows: Int = 0
    ) {
        self.verdicts = verdicts
        self.hidden = hidden
        self.rows = rows
        self.environment = environment
        self.range = range
        self.grouping = grouping
        self.complete = complete
        self.lost = lost
        self.losses = losses
        self.matched = matched
        self.total = total
        self.keptSince = keptSince
        self.items = items
        self.next = next
    }
}

/// Events that were lost in some time.
public struct LossItem: Hashable, Sendable, Codable {
    public var from: Timestamp
    public var to: Timestamp
    /// A `LossSource` name.
    public var source: String
    /// 0: a number that is not known.
    public var count: UInt64

    public init(_ loss: FlowLoss) {
        from = Timestamp(microseconds: loss.from)
        to = Timestamp(microseconds: loss.to)
        source = loss.source.rawValue
        count = loss.count
    }
}

/// Which flows to show as they come.
public struct LiveRequest: Hashable, Sendable {
    public var filter: FlowFilter
    /// What any of these matches is left out: quick filters that are on.
    public var hidden: [FlowFilter]
    public var view: NamespaceView
    /// Where to go on; `nil` is from now on.
    public var after: LivePlace?

    public init(
        filter: FlowFilter = .everything,
        hidden: [FlowFilter] = [],
        view: NamespaceView = .all,
        after: LivePlace? = nil
    ) {
        self.filter = filter
        self.hidden = hidden
        self.view = view
        self.after = after
    }
}

/// Flows as they come.
public struct LiveFlows: Hashable, Sendable, Codable {
    /// Raw items, oldest first.
    public var items: [FlowItem]
    /// Events lost since the batch before, for every reader or for this one.
    public var lost: UInt64
    /// Whether events may be missing before this batch; also where their number is not told (`lost` is 0), because they
    /// may be of namespaces that the reader does not see.
    public var isIncomplete: Bool

    /// Where to go on after these, for `LiveRequest.after`; `nil` where nothing is remembered.
    @OrNull public var place: String?

    /// Whether more waits already; not part of what is written.
    public var hasMore = false

    private enum CodingKeys: String, CodingKey { case items, lost, isIncomplete, place }

    public init(items: [FlowItem], lost: UInt64 = 0, isIncomplete: Bool = false, place: String? = nil) {
        self.place = place
        self.items = items
        self.lost = lost
        self.isIncomplete = isIncomplete || lost > 0
    }
}
