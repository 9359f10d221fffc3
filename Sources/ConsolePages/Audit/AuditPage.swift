// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane

/// Who did what and when.
public enum AuditPage {
    public static func page(_ model: AuditModel, _ context: PageContext) -> Page {
        let body = group {
            verification(model)
            if model.isOwnOnly {
                tag("p", .class("muted")) {
                    "You see what you did yourself. Auditors and administrators see everything."
                }
            }
            filters(model, context)
            table(model, context)
        }
        return Page(
            title: "Audit log",
            section: .audit,
            crumbs: [.init("Audit log")],
            actions: actions(model, context),
            timeRange: model.timeRange,
            body: body,
            drawer: model.selected.map { drawer($0, context) }
        )
    }

    private static func actions(_ model: AuditModel, _ context: PageContext) -> HTML {
        let export = Link("audit", "export")
        let shown = context.location.removing("sel", "cursor")
        return group {
            if context.viewer?.access.allows(.readAuditLog, in: .server) ?? false {
                // Verifying is recorded, so no link may do it.
                Form.post(shown, context) { Form.button("Verify chain", .testID("audit.verify")) }
            }
            for (format, title) in [("csv", "Export CSV"), ("jsonl", "Export JSON Lines")] {
                tag(
                    "a",
                    .class("button"),
                    .testID("audit.export.\(format)"),
                    .href(Link(segments: export.segments, query: shown.query).setting("format", format))
                ) { title }
            }
        }
    }

    private static func verification(_ model: AuditModel) -> HTML {
        switch model.verification {
        case nil: .empty
        case .good(let text): NoticeLine.html(.init(.done, text))
        case .broken(let text): NoticeLine.html(.init(.problem, text))
        }
    }

    private static func filters(_ model: AuditModel, _ context: PageContext) -> HTML {
        let kept = context.location.query.filter { ["from", "to"].contains($0.name) }
        let filter = model.filter
        return tag("section", .class("panel"), .label("Filter"), .init("data-state", "ready")) {
            Form.get(context.location, keeping: kept, .class("form-grid"), .init("role", "search")) {
                Form.input(
                    "Actor",
                    name: "actor",
                    id: "audit-actor",
                    value: filter.actor,
                    .type("text"),
                    .init("autocomplete", "off")
                )
                Form.select(
                    "Action",
                    name: "action",
                    id: "audit-action",
                    options: [(value: "", text: "All")] + model.actionGroups.map { (value: $0, text: $0) },
                    selected: filter.action
                )
                Form.input(
                    "Object",
                    name: "object",
                    id: "audit-object",
                    value: filter.object,
                    .type("text"),
                    .init("autocomplete", "off")
                )
                Form.select(
                    "Environment",
                    name: "env",
                    id: "audit-env",
                    options: [(value: "", text: "All")] + context.environments.map { (value: $0.name, text: $0.name) },
                    selected: filter.environment
                )
                Form.select(
                    "Result",
                    name: "outcome",
                    id: "audit-outcome",
                    options: ["", "success", "failure", "denied"].map { (value: $0, text: $0.isEmpty ? "All" : $0) },
                    selected: filter.outcome
                )
                Form.input(
                    "Text",
                    name: "q",
                    id: "audit-text",
                    value: filter.text,
                    .type("search"),
                    .flag("data-slash")
                )
                Form.submit("Filter")
                if !filter.isEmpty { tag("p") { tag("a", .href(Link("audit"))) { "Clear all filters" } } }
            }
        }
    }

    private static func table(_ model: AuditModel, _ context: PageContext) -> HTML {
        let columns = ["Time", "Actor", "Action", "Object", "Environment", "Result", "Address", "Change"]
        let kept = model.keptDays.map { "Entries are kept for \($0) days." } ?? "Entries are kept for ever."
        return Panel.html("Entries, newest first", id: "audit.table", state: model.state, context, note: kept) {
            DataTable.html("Audit log", id: "audit.rows", columns: columns.map { .init($0) }) {
                for row in model.rows { self.row(row, model, context) }
            }
            NextPage.html(model.next, "Older entries", context)
        }
    }

    private static func row(_ row: AuditModel.Row, _ model: AuditModel, _ context: PageContext) -> HTML {
        let entry = row.entry
        let isSelected = model.selected?.number == row.number
        return tag(
            "tr",
            .class("row"),
            .id("entry-\(row.number)"),
            .testID("audit.row.\(row.number)"),
            .init("aria-current", isSelected ? "true" : nil)
        ) {
            tag("td", .class("when")) {
                tag("a", .class("row-link"), .href(context.location.setting("sel", "\(row.number)"))) {
                    context.clock.html(Timestamp(microseconds: entry.time))
                }
            }
            tag("td") { Shortened.html(entry.actor) }
            tag("td") { tag("code") { entry.action } }
            tag("td") { Shortened.html(entry.object, to: 40) }
            tag("td") { entry.environment ?? "" }
            tag("td") { outcome(entry.outcome) }
            tag("td", .class("mono")) { entry.address ?? "" }
            tag("td") { Shortened.html(change(entry), to: 40) }
        }
    }

    private static func change(_ entry: AuditEntry) -> String {
        if entry.changes.isEmpty { return entry.detail ?? "" }
        return entry.changes.map(\.field).joined(separator: ", ")
    }

    private static func outcome(_ outcome: AuditEntry.Outcome) -> HTML {
        switch outcome {
        case .success: tag("span", .class("tag")) { "success" }
        case .failure: tag("span", .class("tag bad")) { "failure" }
        case .denied: tag("span", .class("tag warn")) { "denied" }
        }
    }

    private static func drawer(_ row: AuditModel.Row, _ context: PageContext) -> HTML {
        let entry = row.entry
        let facts: [(String, String?)] = [
            ("Actor", entry.actor), ("Action", entry.action), ("Object", entry.object),
            ("Environment", entry.environment),
            ("Address", entry.address), ("Client", entry.client), ("Request", entry.requestID),
            ("Detail", entry.detail),
        ]
        return Drawer.html("Entry \(row.number)", id: "audit.drawer", context) {
            Facts.html(
                [("Time", context.clock.html(Timestamp(microseconds: entry.time))), ("Result", outcome(entry.outcome))]
                    + facts.compactMap { fact in fact.1.map { (fact.0, HTML.text($0)) } }
            )
            if !entry.changes.isEmpty {
                tag("h3") { "Before and after" }
                DataTable.html(
                    "What changed",
                    id: "audit.drawer.changes",
                    columns: [.init("Field"), .init("Before"), .init("After")]
                ) {
                    for change in entry.changes {
                        tag("tr", .class("change-table")) {
                            tag("th", .init("scope", "row")) { change.field }
                            tag("td") { change.before.map { text in tag("del") { text } } ?? .unknown("not there") }
                            tag("td") { change.after.map { text in tag("ins") { text } } ?? .unknown("not there") }
                        }
                    }
                }
            }
        }
    }
}
