// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// One row of the table of flows.
struct FlowRow {
    var item: FlowItem
    var model: FlowsModel
    var context: PageContext

    var html: HTML {
        let id = item.rowID
        let isSelected = model.selected.map { $0.item.rowID == id } ?? false
        return tag(
            "tr",
            .id("row-\(id)"),
            .testID("flows.row"),
            .class("row \(VerdictMark.name(item.verdict))"),
            .init("data-key", id),
            .init("data-count", "\(item.count)"),
            .init("aria-current", isSelected ? "true" : nil)
        ) {
            for column in model.columns { cell(column, id) }
        }
    }

    private func cell(_ column: FlowColumn, _ id: String) -> HTML {
        switch column {
        case .last: return tag("td", .class("when"), .init("data-cell", "last")) { context.clock.html(item.lastSeen) }
        case .first: return tag("td", .class("when")) { context.clock.html(item.firstSeen) }
        case .source:
            return tag("td", .class("party")) { PartyCell.html(item.source, side: "from", isLink: rowLink(id)) }
        case .destination: return tag("td", .class("party")) { PartyCell.html(item.destination, side: "to") }
        case .port:
            return tag("td", .class("port")) {
                item.portText; more(item.portTerms.joined(separator: " "), item.portText)
            }
        case .verdict: return tag("td") { VerdictMark.html(item.verdict) }
        case .count:
            return tag("td", .class("number"), .init("data-cell", "count")) { Figures.grouped(item.count) }
        case .decided: return decided
        case .direction: return tag("td") { item.direction == .ingress ? "inbound" : "outbound" }
        case .reason: return tag("td") { item.decision.reasonText }
        case .packets: return DataTable.number(Figures.grouped(item.packets))
        case .bytes: return DataTable.number(Figures.bytes(item.bytes))
        case .trend:
            return tag("td") { Sparkline.html(model.sparklines[id] ?? [], style: VerdictMark.name(item.verdict)) }
        case .sourceIP: return address(item.source)
        case .destinationIP: return address(item.destination)
        case .labels:
            return tag("td") { Shortened.html((item.source.labels + item.destination.labels).joined(separator: " ")) }
        case .flags: return tag("td") { item.raw?.tcpFlags.joined(separator: " ") ?? "" }
        }
    }

    /// The row's main link: opens the drawer; the module makes the whole row press it.
    private func rowLink(_ id: String) -> Link { context.location.setting("sel", id) }

    private var decided: HTML {
        tag("td", .class("decided")) {
            Shortened.html(item.decision.text, to: 44)
            if let policy = item.decision.policy { more(FilterText.term("policy", policy), policy) }
        }
    }

    private func address(_ party: FlowItem.Party) -> HTML {
        tag("td", .class("mono")) { party.ip.map { HTML.text("\($0)") } ?? .unknown("several or not recorded") }
    }

    private func more(_ term: String, _ text: String) -> HTML { ValueMenu.button(term, text) }
}

/// One end of a flow in a table.
enum PartyCell {
    static func html(_ party: FlowItem.Party, side: String, isLink link: Link? = nil) -> HTML {
        let name = party.kind == .endpoint ? party.workload ?? party.pod ?? "?" : party.title
        let label = party.kind == .endpoint ? party.pod ?? name : name
        return group {
            icon(party.kind)
            if let link {
                tag("a", .class("row-link"), .href(link)) { Shortened.html(label) }
            } else {
                Shortened.html(label)
            }
            if let namespace = party.namespace { tag("span", .class("muted")) { " \(namespace)" } }
            if party.kind == .unknown { tag("span", .class("muted")) { " unknown" } }
            ValueMenu.button(party.term(side), party.title)
        }
    }

    static func icon(_ kind: Flow.Party.Kind) -> HTML {
        switch kind {
        case .endpoint: Icon.workload
        case .host: Icon.host
        case .world: Icon.world
        case .unknown: Icon.unknown
        }
    }
}

/// Filter for, exclude, copy: a button that scripts open in tables, plain links in the drawer.
enum ValueMenu {
    static func button(_ term: String, _ text: String) -> HTML {
        tag(
            "button",
            .type("button"),
            .class("more-button"),
            .init("data-term", term),
            .label("Menu for \(text)")
        ) { "⋯" }
    }

    /// - Parameter terms: tokens of the filter that find the value.
    static func links(_ terms: [String], _ text: String, _ context: PageContext) -> HTML {
        let filter = FilterText(context.location["q"] ?? "")
        let including = terms.reduce(filter) { $0.toggling($1) }
        let excluding = terms.prefix(1).reduce(filter) { $0.toggling("-" + $1) }
        let isExcluded = terms.first.map { filter.tokens.contains("-" + $0) } ?? false
        let isIncluded = terms.allSatisfy(filter.tokens.contains)
        return tag("span", .class("value-menu")) {
            tag(
                "a",
                .href(target(including, context)),
                .label("\(isIncluded ? "No longer filter for" : "Filter for") \(text)")
            ) {
                isIncluded ? "Unfilter" : "Filter"
            }
            tag(
                "a",
                .href(target(excluding, context)),
                .label("\(isExcluded ? "No longer exclude" : "Exclude") \(text)")
            ) {
                isExcluded ? "Include" : "Exclude"
            }
            tag(
                "button",
                .type("button"),
                .class("link scripted"),
                .init("data-copy-text", text),
                .label("Copy \(text)")
            ) {
                "Copy"
            }
        }
    }

    private static func target(_ filter: FilterText, _ context: PageContext) -> Link {
        context.location.setting("q", filter.text.isEmpty ? nil : filter.text).removing("cursor")
    }
}
