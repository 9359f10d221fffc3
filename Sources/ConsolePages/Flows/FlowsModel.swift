// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
public import NetworkPrimitives

/// What the page of flows shows.
public struct FlowsModel: Hashable, Sendable {
    /// A switch that hides what is usually not looked for.
    public struct QuickFilter: Hashable, Sendable {
        /// In the address, `hide=dns`.
        public var id: String
        public var title: String
        public var isOn: Bool
        /// Events of the range that it hides, or would hide.
        public var hidden: UInt64

        public init(id: String, title: String, isOn: Bool, hidden: UInt64) {
            self.id = id
            self.title = title
            self.isOn = isOn
            self.hidden = hidden
        }
    }

    /// Namespaces that the viewer does not see.
    public struct PartialView: Hashable, Sendable {
        public var visible: Int
        public var all: Int

        public init(visible: Int, all: Int) {
            self.visible = visible
            self.all = all
        }
    }

    public var page: FlowPage
    public var timeRange: TimeRangeChoice
    /// `q` as typed.
    public var query: String
    /// Events of the range by verdict, the verdict terms of the filter left aside; `nil` when not counted.
    public var verdictCounts: [Verdict: UInt64]?
    public var quickFilters: [QuickFilter]
    public var histogram: TrafficSeries?
    /// Counts over the range by `FlowItem.rowID`.
    public var sparklines: [String: [Double?]]
    public var columns: [FlowColumn]
    public var sort: FlowColumn?
    public var isDescending: Bool
    public var selected: FlowDetail?
    public var partialView: PartialView?
    /// Of the table.
    public var state: PanelState

    public init(
        page: FlowPage,
        timeRange: TimeRangeChoice,
        query: String = "",
        verdictCounts: [Verdict: UInt64]? = nil,
        quickFilters: [QuickFilter] = [],
        histogram: TrafficSeries? = nil,
        sparklines: [String: [Double?]] = [:],
        columns: [FlowColumn] = FlowColumn.standard,
        sort: FlowColumn? = nil,
        isDescending: Bool = true,
        selected: FlowDetail? = nil,
        partialView: PartialView? = nil,
        state: PanelState = .ready
    ) {
        self.page = page
        self.timeRange = timeRange
        self.query = query
        self.verdictCounts = verdictCounts
        self.quickFilters = quickFilters
        self.histogram = histogram
        self.sparklines = sparklines
        self.columns = columns
        self.sort = sort
        self.isDescending = isDescending
        self.selected = selected
        self.partialView = partialView
        self.state = state
    }
}

/// One row with its story, for the drawer.
public struct FlowDetail: Hashable, Sendable {
    /// A policy that has to do with it, and where it is shown.
    public struct PolicyReference: Hashable, Sendable {
        /// `shop/allow-web`.
        public var name: String
        public var link: Link?

        public init(name: String, link: Link? = nil) {
            self.name = name
            self.link = link
        }
    }

    public var item: FlowItem
    /// Sentences, from `Explanation` or from `DecisionStory`.
    public var story: [String]
    public var policies: [PolicyReference]
    /// The line of the rule that comes closest; `nil` when there is none.
    public var closestRule: PolicyReference?
    public var timeline: TrafficSeries?
    /// The item in the API's JSON.
    public var json: String
    /// `palisade explain …`.
    public var command: String
    /// Where a rule from this is drafted; `nil` when the viewer may not.
    public var createRule: Link?

    public init(
        item: FlowItem,
        story: [String],
        policies: [PolicyReference] = [],
        closestRule: PolicyReference? = nil,
        timeline: TrafficSeries? = nil,
        json: String,
        command: String,
        createRule: Link? = nil
    ) {
        self.item = item
        self.story = story
        self.policies = policies
        self.closestRule = closestRule
        self.timeline = timeline
        self.json = json
        self.command = command
        self.createRule = createRule
    }
}

/// A column of the table of flows; the raw value is the word in the address (`columns=last,source`).
public enum FlowColumn: String, Hashable, Sendable, CaseIterable {
    case last, source, destination, port, verdict, count, decided, first, direction, reason, packets, bytes, trend
    case sourceIP = "source-ip"
    case destinationIP = "destination-ip"
    case labels
    case flags = "tcp-flags"

    public static let standard: [FlowColumn] = [.last, .source, .destination, .port, .verdict, .count, .decided]

    var title: String {
        switch self {
        case .last: "Last seen"
        case .source: "Source"
        case .destination: "Destination"
        case .port: "Port"
        case .verdict: "Verdict"
        case .count: "Count"
        case .decided: "Decided by"
        case .first: "First seen"
        case .direction: "Direction"
        case .reason: "Reason"
        case .packets: "Packets"
        case .bytes: "Bytes"
        case .trend: "Trend"
        case .sourceIP: "Source IP"
        case .destinationIP: "Destination IP"
        case .labels: "Labels"
        case .flags: "TCP flags"
        }
    }

    var isNumber: Bool { [.count, .packets, .bytes].contains(self) }
    var isSortable: Bool { ![.trend, .labels, .flags].contains(self) }
}
