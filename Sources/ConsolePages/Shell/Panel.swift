// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// How a panel is: what `data-state` says, and what stands there instead of its content.
public enum PanelState: Hashable, Sendable {
    case ready
    /// Nothing to show, with the reason in a sentence, and at most one next step.
    case empty(EmptyReason)
    /// What failed, in a sentence; old content stays when there is some.
    case failed(PanelFailure)
    /// The content is older than it should be.
    case stale(since: Timestamp)
}

/// Why there is nothing to show: five cases that people must be able to tell apart.
public enum EmptyReason: Hashable, Sendable {
    /// What is missing, and where to add it.
    case notConfigured(String, step: String? = nil, link: Link? = nil)
    /// What was searched: `No dropped packets between 08:00 and 16:00 UTC in 6 namespaces.`
    case nothingHappened(String)
    /// Rows that the filter hides.
    case filteredOut(hidden: UInt64)
    /// What keeps it from being recorded.
    case notCollecting(String)
    /// `You can see 2 of 9 namespaces. Ask an administrator for Viewer on the rest.`
    case notPermitted(String)
}

/// What failed in a panel while the rest of the page stands.
public struct PanelFailure: Hashable, Sendable {
    public var message: String
    public var fix: String?
    public var requestID: String?

    public init(_ message: String, fix: String? = nil, requestID: String? = nil) {
        self.message = message
        self.fix = fix
        self.requestID = requestID
    }
}

/// A titled part of a page that can fail or be empty by itself.
enum Panel {
    /// - Parameter id: unique on the page; also of the hook `data-testid`.
    static func html(
        _ title: String,
        id: String,
        state: PanelState = .ready,
        _ context: PageContext,
        note: String? = nil,
        @HTMLBuilder tools: () -> HTML = { .empty },
        @HTMLBuilder content: () -> HTML
    ) -> HTML {
        let elementID = String(id.map { $0 == "." ? "-" : $0 })
        let tools = tools()
        return tag(
            "section",
            .class("panel"),
            .id("panel-\(elementID)"),
            .testID(id),
            .init("data-state", name(state)),
            .init("aria-labelledby", "panel-\(elementID)-title")
        ) {
            tag("div", .class("panel-head")) {
                tag("h2", .id("panel-\(elementID)-title")) { title }
                if let note { tag("p", .class("muted")) { note } }
                if case .stale(let since) = state {
                    tag("p", .class("stale-mark")) {
                        Icon.warning
                        tag("span") { "Updated \(context.clock.age(since))" }
                    }
                }
                if tools != .empty { tag("div", .class("tools")) { tools } }
            }
            body(state, context, content)
        }
    }

    private static func body(_ state: PanelState, _ context: PageContext, _ content: () -> HTML) -> HTML {
        switch state {
        case .ready, .stale: content()
        case .empty(let reason): EmptyNote.html(reason, context)
        case .failed(let failure):
            group {
                failed(failure, context); content()
            }
        }
    }

    static func name(_ state: PanelState) -> String {
        switch state {
        case .ready: "ready"
        case .empty: "empty"
        case .failed: "error"
        case .stale: "stale"
        }
    }

    private static func failed(_ failure: PanelFailure, _ context: PageContext) -> HTML {
        tag("div", .class("state error"), .init("role", "alert")) {
            Icon.warning
            tag("div") {
                tag("p") { tag("strong") { failure.message } }
                if let fix = failure.fix { tag("p") { fix } }
                if let id = failure.requestID {
                    tag("p", .class("muted")) {
                        "Request "
                        tag("code") { id }
                    }
                }
                tag("p") { tag("a", .class("button small"), .href(context.location), .flag("data-retry")) { "Retry" } }
            }
        }
    }
}

/// The text of an empty panel.
enum EmptyNote {
    static func html(_ reason: EmptyReason, _ context: PageContext) -> HTML {
        tag("div", .class("state empty"), .testID("state.\(name(reason))")) {
            switch reason {
            case .notConfigured(let text, let step, let link):
                tag("p") { text }
                if let step, let link { tag("p") { tag("a", .class("button"), .href(link)) { step } } }
            case .nothingHappened(let text), .notPermitted(let text):
                tag("p") { text }
            case .notCollecting(let text):
                tag("p") { text }
            case .filteredOut(let hidden):
                tag("p") { "0 of \(Figures.grouped(hidden)) rows match." }
                tag("p") {
                    tag("a", .class("button small"), .href(context.location.removing("q", "cursor", "sel"))) {
                        "Clear all filters"
                    }
                }
            }
        }
    }

    private static func name(_ reason: EmptyReason) -> String {
        switch reason {
        case .notConfigured: "not-configured"
        case .nothingHappened: "nothing"
        case .filteredOut: "filtered"
        case .notCollecting: "not-collecting"
        case .notPermitted: "not-permitted"
        }
    }
}
