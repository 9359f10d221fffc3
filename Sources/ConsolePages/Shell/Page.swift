// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One page before the shell is put around it.
public struct Page: Sendable {
    /// A step of the path above the heading; the last one has no link.
    public struct Crumb: Hashable, Sendable {
        public var title: String
        public var link: Link?

        public init(_ title: String, _ link: Link? = nil) {
            self.title = title
            self.link = link
        }
    }

    /// A place in the navigation.
    public enum Section: String, Hashable, Sendable, CaseIterable {
        case overview, flows, map, statistics, policies, explain, audit, settings
    }

    /// In the window's title and, unless `heading` says else, the one `h1`.
    public var title: String
    public var heading: String?
    public var section: Section?
    public var crumbs: [Crumb]
    /// Links and buttons beside the heading; the main one first.
    public var actions: HTML
    /// The time range, on pages that have one.
    public var timeRange: TimeRangeChoice?
    public var body: HTML
    /// The `aside`; `nil` when nothing is selected.
    public var drawer: HTML?
    /// Whether rows come by themselves.
    public var isLive: Bool
    /// Modules besides the shell's: `chart.js`.
    public var modules: [String]
    /// Style sheets besides the shell's: `editor.css`.
    public var styles: [String]

    public init(
        title: String,
        heading: String? = nil,
        section: Section? = nil,
        crumbs: [Crumb] = [],
        actions: HTML = .empty,
        timeRange: TimeRangeChoice? = nil,
        body: HTML,
        drawer: HTML? = nil,
        isLive: Bool = false,
        modules: [String] = [],
        styles: [String] = []
    ) {
        self.styles = styles
        self.title = title
        self.heading = heading
        self.section = section
        self.crumbs = crumbs
        self.actions = actions
        self.timeRange = timeRange
        self.body = body
        self.drawer = drawer
        self.isLive = isLive
        self.modules = modules
    }
}

extension Page.Section {
    var title: String {
        switch self {
        case .overview: "Overview"
        case .flows: "Flows"
        case .map: "Map"
        case .statistics: "Statistics"
        case .policies: "Policies"
        case .explain: "Explain"
        case .audit: "Audit log"
        case .settings: "Settings"
        }
    }

    /// Pressed after `g`.
    var shortcut: String {
        switch self {
        case .audit: "a"
        case .explain: "e"
        case .settings: "t"
        default: String(rawValue.prefix(1))
        }
    }

    /// Whether times matter, so that the range goes along from page to page.
    var isTimed: Bool { [.overview, .flows, .map, .statistics].contains(self) }

    func link(_ context: PageContext) -> Link {
        switch self {
        case .audit: return Link("audit")
        case .settings: return Link("settings")
        case .statistics: return kept(context.link("stats"), context)
        default: return kept(context.link(rawValue), context)
        }
    }

    private func kept(_ link: Link, _ context: PageContext) -> Link {
        guard isTimed, let from = context.location["from"] else { return link }
        return link.setting("from", from).setting("to", context.location["to"])
    }
}
