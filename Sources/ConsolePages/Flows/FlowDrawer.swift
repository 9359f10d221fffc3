// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// One connection: why it has its verdict, both ends, and what can be done about it.
enum FlowDrawer {
    static func html(_ detail: FlowDetail, _ model: FlowsModel, _ context: PageContext) -> HTML {
        let item = detail.item
        let title = "\(item.source.title) → \(item.destination.title)"
        return Drawer.html(title, id: "flows.drawer", context) {
            tag("p", .class("drawer-verdict")) {
                VerdictMark.html(item.verdict)
                tag("span", .class("mono")) { item.portText }
                tag("span", .class("muted")) { item.direction == .ingress ? "decided inbound" : "decided outbound" }
            }
            story(detail)
            actions(detail, context)
            tag("h3") { "Counts" }
            counts(item, context)
            if let timeline = detail.timeline { trend(timeline, item) }
            party("Source", item.source, "from", context)
            party("Destination", item.destination, "to", context)
            decision(item, context)
            raw(detail)
        }
    }

    private static func story(_ detail: FlowDetail) -> HTML {
        tag("div", .class("story"), .testID("flows.drawer.story")) {
            for sentence in detail.story { tag("p") { sentence } }
            if let rule = detail.closestRule {
                tag("p") {
                    "Closest rule: "; reference(rule)
                }
            }
            if !detail.policies.isEmpty {
                tag("ul", .class("inline-list"), .label("Policies")) {
                    for policy in detail.policies { tag("li") { reference(policy) } }
                }
            }
        }
    }

    private static func reference(_ policy: FlowDetail.PolicyReference) -> HTML {
        guard let link = policy.link else { return tag("code") { policy.name } }
        return tag("a", .href(link)) { policy.name }
    }

    private static func actions(_ detail: FlowDetail, _ context: PageContext) -> HTML {
        let item = detail.item
        var explain = context.link("explain").setting("from", end(item.source)).setting("to", end(item.destination))
        explain = explain.setting("port", item.port.map { "\($0)" }).setting("protocol", item.protocol.lowercased())
        let map = context.link("map").setting("sel", node(item.destination))
        return tag("div", .class("button-row")) {
            if let link = detail.createRule {
                tag("a", .class("button primary"), .href(link), .testID("flows.drawer.create-rule")) {
                    "Create rule from this"
                }
            }
            tag("a", .class("button"), .href(explain), .testID("flows.drawer.explain")) { "Explain" }
            tag("a", .class("button"), .href(map)) { "Open on map" }
            tag("code", .id("drawer-command"), .class("quiet")) { detail.command }
            CopyButton.html(of: "drawer-command", "Copy the command that explains this")
        }
    }

    private static func end(_ party: FlowItem.Party) -> String { party.title }

    private static func node(_ party: FlowItem.Party) -> String {
        party.kind == .endpoint ? party.title : party.kind.rawValue
    }

    private static func counts(_ item: FlowItem, _ context: PageContext) -> HTML {
        var facts: [(String, HTML)] = [
            ("Connections", .text(Figures.grouped(item.count))), ("Packets", .text(Figures.grouped(item.packets))),
            ("Bytes", .text(Figures.bytes(item.bytes))), ("First seen", context.clock.html(item.firstSeen)),
            ("Last seen", context.clock.html(item.lastSeen)),
        ]
        if let raw = item.raw {
            facts.append(("Source port", .text("\(raw.sourcePort)")))
            if !raw.tcpFlags.isEmpty { facts.append(("TCP flags", .text(raw.tcpFlags.joined(separator: " ")))) }
            if let duration = raw.duration { facts.append(("Duration", .text("\(duration / 1000) ms"))) }
            if !raw.agrees { facts.append(("Kernel", "decided otherwise than the policies say: report this")) }
            facts.append(("Revision", .text("\(raw.revision)")))
        }
        return Facts.html(facts)
    }

    private static func trend(_ series: TrafficSeries, _ item: FlowItem) -> HTML {
        let values = series.buckets.map { $0.isGap ? nil : Double($0.total) }
        return tag("p", .class("drawer-trend")) {
            Sparkline.html(values, style: VerdictMark.name(item.verdict))
            tag("span", .class("muted")) { "one point per \(Figures.duration(seconds: Int64(series.bucketSeconds)))" }
        }
    }

    private static func party(
        _ title: String,
        _ party: FlowItem.Party,
        _ side: String,
        _ context: PageContext
    ) -> HTML {
        var facts: [(String, HTML)] = []
        func add(_ name: String, _ text: String?, _ key: String) {
            guard let text else { return }
            let value = tag("span", .class("mono")) { text }
            facts.append((name, value + ValueMenu.links([FilterText.term("\(side).\(key)", text)], text, context)))
        }
        if party.kind == .endpoint {
            add("Workload", party.title, "workload")
            add("Namespace", party.namespace, "ns")
            add("Container", party.pod, "pod")
        } else {
            add("Kind", party.kind.rawValue, "entity")
        }
        add("Address", party.ip.map { "\($0)" }, "ip")
        for label in party.labels { add("Label", label, "label") }
        return group {
            tag("h3") { title }
            Facts.html(facts)
        }
    }

    private static func decision(_ item: FlowItem, _ context: PageContext) -> HTML {
        var facts: [(String, HTML)] = [
            (
                "Verdict",
                .text(VerdictMark.word(item.verdict)) + menu("verdict", VerdictMark.name(item.verdict), context)
            ),
            (
                "Port",
                tag("span", .class("mono")) { item.portText }
                    + ValueMenu.links(item.portTerms.reversed(), item.portText, context)
            ),
            ("Reason", .text(item.decision.reasonText) + menu("reason", item.decision.reason.rawValue, context)),
        ]
        for policy in (item.decision.policy.map { [$0] } ?? []) + item.decision.isolatedBy {
            facts.append(("Policy", tag("span", .class("mono")) { policy } + menu("policy", policy, context)))
        }
        return group {
            tag("h3") { "Decision" }
            Facts.html(facts)
        }
    }

    private static func menu(_ key: String, _ value: String, _ context: PageContext) -> HTML {
        ValueMenu.links([FilterText.term(key, value)], value, context)
    }

    private static func raw(_ detail: FlowDetail) -> HTML {
        tag("details", .class("raw")) {
            tag("summary") { "As JSON" }
            tag("pre", .id("drawer-json"), .init("tabindex", "0"), .label("JSON")) { tag("code") { detail.json } }
            CopyButton.html(of: "drawer-json", "Copy the JSON")
        }
    }
}
