// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// The filter: chips, input, verdicts, grouping, columns, quick filters.
enum FlowFilterBar {
    static func html(_ model: FlowsModel, _ context: PageContext) -> HTML {
        tag("section", .class("filterbar"), .label("Filter")) {
            chips(model, context)
            tag("div", .class("filter-row")) {
                input(model, context)
                verdicts(model, context)
            }
            tag("div", .class("filter-row")) {
                grouping(model, context)
                columns(model, context)
                quickFilters(model, context)
            }
        }
    }

    private static func target(_ filter: FilterText, _ context: PageContext) -> Link {
        let text = filter.text
        return context.location.setting("q", text.isEmpty ? nil : text).removing("cursor")
    }

    private static func chips(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let filter = FilterText(model.query)
        guard !filter.tokens.isEmpty else { return .empty }
        return tag("ul", .class("chips"), .label("Filter terms")) {
            for (index, (token, problem)) in zip(filter.tokens, filter.problems).enumerated() {
                tag("li", .class(problem == nil ? "chip" : "chip bad"), .testID("flows.chip.\(index)")) {
                    if problem != nil { Icon.warning }
                    tag("code") { token }
                    tag("a", .href(target(filter.removing(at: index), context)), .label("Remove \(token)")) {
                        Icon.close
                    }
                    if let problem { tag("span", .class("chip-problem"), .init("role", "alert")) { problem } }
                }
            }
            tag("li") {
                tag("a", .href(context.location.removing("q", "cursor")), .testID("flows.clear")) { "Clear all" }
            }
        }
    }

    private static func input(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let kept = context.location.query.filter { !["q", "cursor", "sel"].contains($0.name) }
        return Form.get(
            context.location,
            keeping: kept,
            .class("search"),
            .init("role", "search"),
            .id("filter-form")
        ) {
            tag("label", .init("for", "filter"), .class("quiet")) { "Filter" }
            tag(
                "input",
                .type("text"),
                .id("filter"),
                .name("q"),
                .value(model.query),
                .init("list", "filter-keys"),
                .init("placeholder", "ns:shop verdict:dropped -to.ns:kube-system"),
                .init("autocomplete", "off"),
                .init("spellcheck", "false"),
                .init("maxlength", "\(FlowFilter.longestText)"),
                .flag("data-slash")
            )
            tag("datalist", .id("filter-keys")) {
                for key in completions { tag("option", .value(key)) }
            }
            tag("button", .type("submit")) { "Filter" }
        }
    }

    private static let completions: [String] =
        FlowFilter.Key.allCases.filter { $0 != .text }.flatMap { key in
            key.hasSides
                ? ["\(key.rawValue):", "from.\(key.rawValue):", "to.\(key.rawValue):"] : ["\(key.rawValue):"]
        } + Verdict.allCases.map { "verdict:\(VerdictMark.name($0))" }

    private static func verdicts(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let filter = FilterText(model.query)
        let all = model.verdictCounts.map { counts in counts.values.reduce(0, &+) }
        let current = filter.tokens.filter { $0.hasPrefix("verdict:") }
        let options: [Verdict?] = [nil, .dropped, .wouldDrop, .allowed]
        return tag("ul", .class("segments"), .label("Verdict")) {
            for verdict in options {
                let name = verdict.map(VerdictMark.name)
                let isCurrent = name.map { current == ["verdict:\($0)"] } ?? current.isEmpty
                let count = verdict == nil ? all : model.verdictCounts.map { $0[verdict ?? .allowed] ?? 0 }
                tag("li") {
                    tag(
                        "a",
                        .href(target(filter.setting("verdict", to: name), context)),
                        .init("aria-current", isCurrent ? "true" : nil),
                        .class(name),
                        .testID("flows.verdict.\(name ?? "all")")
                    ) {
                        verdict.map(VerdictMark.icon) ?? .empty
                        tag("span") { verdict.map(VerdictMark.word) ?? "All" }
                        if let count { tag("span", .class("count")) { Figures.grouped(count) } }
                    }
                }
            }
        }
    }

    private static func grouping(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let isRaw = model.page.grouping == .raw
        let options = [("connection", "By connection", !isRaw), ("raw", "Raw events", isRaw)]
        return tag("ul", .class("segments"), .label("Rows")) {
            for (value, title, isCurrent) in options {
                tag("li") {
                    tag(
                        "a",
                        .href(
                            context.location.setting("group", value == "raw" ? "raw" : nil).removing("cursor", "sel")
                        ),
                        .init("aria-current", isCurrent ? "true" : nil),
                        .testID("flows.group.\(value)")
                    ) { title }
                }
            }
        }
    }

    private static func columns(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let kept = context.location.query.filter { $0.name != "columns" }
        return tag("details", .class("menu")) {
            tag("summary") { "Columns" }
            tag("div", .class("menu-body")) {
                Form.get(context.location, keeping: kept, .class("checks")) {
                    tag("fieldset") {
                        tag("legend") { "Columns of the table" }
                        for column in FlowColumn.allCases {
                            tag("label") {
                                tag(
                                    "input",
                                    .type("checkbox"),
                                    .name("columns"),
                                    .value(column.rawValue),
                                    .flag("checked", model.columns.contains(column))
                                )
                                tag("span") { column.title }
                            }
                        }
                    }
                    Form.submit("Show these")
                }
            }
        }
    }

    private static func quickFilters(_ model: FlowsModel, _ context: PageContext) -> HTML {
        guard !model.quickFilters.isEmpty else { return .empty }
        let active = model.quickFilters.count { $0.isOn }
        let kept = context.location.query.filter { $0.name != "hide" && $0.name != "cursor" }
        return tag("details", .class("menu"), .testID("flows.quick")) {
            tag("summary") { active == 0 ? "Quick filters" : "Quick filters (\(active) on)" }
            tag("div", .class("menu-body")) {
                Form.get(context.location, keeping: kept, .class("checks")) {
                    tag("fieldset") {
                        tag("legend") { "Hide" }
                        for filter in model.quickFilters {
                            tag("label") {
                                tag(
                                    "input",
                                    .type("checkbox"),
                                    .init("role", "switch"),
                                    .name("hide"),
                                    .value(filter.id),
                                    .flag("checked", filter.isOn),
                                    .testID("flows.quick.\(filter.id)")
                                )
                                tag("span") { filter.title }
                                tag("span", .class("count")) {
                                    "\(filter.isOn ? "hides" : "would hide") \(Figures.grouped(filter.hidden))"
                                }
                            }
                        }
                    }
                    Form.submit("Apply")
                }
            }
        }
    }
}
