// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// Tables with bars: bar and number are the same row.
enum StatisticsTables {
    private static let legend = tag("p", .class("legend")) {
        VerdictMark.html(.allowed)
        VerdictMark.html(.wouldDrop)
        VerdictMark.html(.dropped)
    }

    static func namespaces(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let state = model.states[.namespaces] ?? .ready
        let columns: [(String, String)] = [
            ("in", "In"), ("out", "Out"), ("total", "Total"), ("dropped", "Dropped"), ("share", "Share"),
        ]
        return Panel.html("By namespace", id: "stats.namespaces", state: state, context, note: "packets") {
            legend
        } content: {
            let largest = model.byNamespace.map { Double($0.totals.total.packets) }.max() ?? 0
            DataTable.html(
                "Packets by namespace",
                id: "stats.namespaces.rows",
                columns: [.init("Namespace"), .init("By verdict")]
                    + columns.map { .init($0.1, isNumber: true, sort: sort($0.0, context)) }
            ) {
                for item in model.byNamespace { row(item, largest, context) }
            }
            if model.omittedNamespaces > 0 {
                tag("p", .class("truth")) { "Other (\(model.omittedNamespaces)) not shown." }
            }
        }
    }

    private static func sort(_ name: String, _ context: PageContext) -> (link: Link, state: String?) {
        let current = context.location["sort"] ?? "-total"
        let state = current == name ? "ascending" : current == "-\(name)" ? "descending" : nil
        return (context.location.setting("sort", current == "-\(name)" ? name : "-\(name)"), state)
    }

    private static func row(_ item: NamespaceReport.Item, _ largest: Double, _ context: PageContext) -> HTML {
        let totals = item.totals
        let parts = [
            ("allowed", totals.allowed), ("would-drop", totals.wouldDrop), ("dropped", totals.dropped),
        ].map { (style: $0.0, value: Double($0.1.packets)) }
        return tag("tr", .testID("stats.namespace.\(item.namespace)")) {
            tag("th", .init("scope", "row")) {
                tag("a", .href(context.location.setting("ns", item.namespace))) { Shortened.html(item.namespace) }
            }
            tag("td", .class("bars")) { ShareBar.html(parts, of: largest) }
            for volume in [totals.inbound, totals.outbound, totals.total, totals.dropped] {
                DataTable.number(Figures.grouped(volume.packets))
            }
            tag("td", .class("number")) {
                totals.droppedShare == nil ? HTML.unknown("no packets") : .text(Figures.percent(totals.droppedShare))
            }
        }
    }

    static func drops(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let state = model.states[.drops] ?? .ready
        return Panel.html("Top dropped connections", id: "stats.drops", state: state, context) {
            StatisticsPage.openFlows(context, query: "verdict:dropped verdict:would-drop")
        } content: {
            if case .empty = state {
                HTML.empty
            } else {
                DropsTable.html(model.drops, id: "stats.drops.rows", context)
            }
            if model.omittedDrops > 0 {
                tag("p", .class("truth")) {
                    "\(Figures.grouped(model.omittedDrops)) more kinds of connections not shown."
                }
            }
        }
    }

    /// - Parameter key: of the filter that finds a name; `nil` when the name is a port.
    static func shares(
        _ title: String,
        _ panel: StatisticsModel.PanelName,
        _ shares: [StatisticsModel.Share],
        _ key: String?,
        _ model: StatisticsModel,
        _ context: PageContext
    ) -> HTML {
        let largest = shares.map(packets).max() ?? 0
        return Panel.html(title, id: "stats.\(panel.rawValue)", state: model.states[panel] ?? .ready, context) {
            DataTable.html(
                title,
                id: "stats.\(panel.rawValue).rows",
                columns: [.init("Name"), .init("By verdict")]
                    + ["Allowed", "Would drop", "Dropped"].map { .init($0, isNumber: true) }
            ) {
                for share in shares {
                    tag("tr") {
                        tag("th", .init("scope", "row")) { name(share.name, key, context) }
                        tag("td", .class("bars")) {
                            ShareBar.html(
                                [
                                    ("allowed", Double(share.allowed.packets)),
                                    ("would-drop", Double(share.wouldDrop.packets)),
                                    ("dropped", Double(share.dropped.packets)),
                                ],
                                of: largest
                            )
                        }
                        for volume in [share.allowed, share.wouldDrop, share.dropped] {
                            DataTable.number(Figures.grouped(volume.packets))
                        }
                    }
                }
            }
        }
    }

    private static func packets(_ share: StatisticsModel.Share) -> Double {
        Double(share.allowed.packets) + Double(share.wouldDrop.packets) + Double(share.dropped.packets)
    }

    private static func name(_ name: String, _ key: String?, _ context: PageContext) -> HTML {
        let parts = name.split(separator: " ")
        let port = parts.count == 2 ? "proto:\(parts[0].lowercased()) port:\(parts[1])" : name
        let words = Flow.Reason(rawValue: name).map(ReasonText.phrase) ?? name
        let link = context.link("flows").setting("q", key.map { FilterText.term($0, name) } ?? port)
        return tag("a", .href(link)) { Shortened.html(words, to: 36) }
    }
}

/// Dropped connections, here and on the overview.
enum DropsTable {
    static func html(_ items: [FlowItem], id: String, _ context: PageContext) -> HTML {
        let columns: [DataTable.Column] = [
            .init("Source"), .init("Destination"), .init("Port"), .init("Verdict"), .init("Count", isNumber: true),
            .init("Decided by"),
        ]
        return DataTable.html("Dropped connections, most frequent first", id: id, columns: columns) {
            for item in items {
                tag("tr", .class("row \(VerdictMark.name(item.verdict))")) {
                    tag("td", .class("party")) {
                        PartyCell.icon(item.source.kind); link(item, context)
                    }
                    tag("td", .class("party")) {
                        PartyCell.icon(item.destination.kind); Shortened.html(item.destination.title)
                    }
                    tag("td", .class("port")) { item.portText }
                    tag("td") { VerdictMark.html(item.verdict) }
                    DataTable.number(Figures.grouped(item.count))
                    tag("td", .class("decided")) { Shortened.html(item.decision.text, to: 48) }
                }
            }
        }
    }

    private static func link(_ item: FlowItem, _ context: PageContext) -> HTML {
        let terms = [item.source.term("from"), item.destination.term("to")] + item.portTerms
        let link = context.link("flows").setting("q", terms.joined(separator: " ")).setting("sel", item.rowID)
        return tag("a", .href(link)) { Shortened.html(item.source.title) }
    }
}
