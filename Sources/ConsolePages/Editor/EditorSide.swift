// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// What the text means, does to traffic, is warned of, and changes.
enum EditorSide {
    static func html(_ model: EditorModel, _ context: PageContext) -> HTML {
        group {
            tag("fieldset", .class("segments")) {
                tag("legend", .class("quiet")) { "Beside the text" }
                for side in EditorModel.Side.allCases {
                    tag(
                        "button",
                        .type("submit"),
                        .name("show-side"),
                        .value(side.rawValue),
                        .init("aria-pressed", side == model.side ? "true" : "false"),
                        .testID("editor.side.\(side.rawValue)")
                    ) { side.title + count(side, model) }
                }
            }
            tag("section", .class("panel"), .init("aria-labelledby", "editor-side-title"), .testID("editor.side")) {
                tag("h2", .id("editor-side-title")) { model.side.title }
                if let problem = model.checkProblem { failed(problem) }
                content(model, context)
            }
        }
    }

    private static func count(_ side: EditorModel.Side, _ model: EditorModel) -> String {
        switch side {
        case .checks where !model.findings.isEmpty: return " \(model.findings.count)"
        case .impact:
            let changed = model.check?.impact.map { impact in
                [DraftCheck.Impact.Class.newlyDropped, .newlyAllowed].reduce(0) {
                    $0 + (impact.kinds[$1.rawValue] ?? 0)
                }
            }
            return changed.map { $0 == 0 ? "" : " \($0)" } ?? ""
        default: return ""
        }
    }

    private static func failed(_ problem: String) -> HTML {
        tag("div", .class("state error"), .init("role", "alert")) {
            Icon.warning
            tag("p") { problem }
        }
    }

    @HTMLBuilder
    private static func content(_ model: EditorModel, _ context: PageContext) -> HTML {
        switch model.side {
        case .summary: summary(model)
        case .impact: EditorImpact.html(model, context)
        case .checks: checks(model)
        case .diff: difference(model)
        }
    }

    private static func summary(_ model: EditorModel) -> HTML {
        let summaries = model.check?.summaries ?? []
        return tag("div", .testID("editor.summary")) {
            if summaries.isEmpty {
                tag("p", .class("muted")) { "A text that cannot be read has no meaning yet." }
            }
            for lines in summaries {
                tag("ul", .class("summary")) { for line in lines { tag("li") { line } } }
            }
        }
    }

    private static func checks(_ model: EditorModel) -> HTML {
        tag("div", .testID("editor.checks")) {
            if model.findings.isEmpty { tag("p") { "Nothing to remark." } }
            tag("ol", .class("findings")) {
                for (index, finding) in model.findings.enumerated() { item(finding, index) }
            }
        }
    }

    private static func item(_ finding: Finding, _ index: Int) -> HTML {
        tag("li", .class("finding \(finding.severity.rawValue)"), .testID("editor.finding.\(finding.code)")) {
            tag("p") {
                finding.severity == .info ? Icon.remark : Icon.warning
                tag("strong") { "\(finding.severity.rawValue) \(finding.code) " }
                finding.message
            }
            tag("p", .class("actions")) {
                tag(
                    "button",
                    .type("submit"),
                    .name("view"),
                    .value("both"),
                    .class("small link"),
                    .init("data-line", "\(finding.location.line)")
                ) { "Go to line \(finding.location.line)" }
                if let fix = finding.fix {
                    tag(
                        "button",
                        .type("submit"),
                        .name("fix"),
                        .value("\(index)"),
                        .class("small"),
                        .testID("editor.fix.\(finding.code)")
                    ) { fix.title }
                }
            }
        }
    }

    private static func difference(_ model: EditorModel) -> HTML {
        let view = DifferenceView(
            id: "editor.diff",
            label: "Difference to the file",
            old: model.base.isEmpty ? "nothing: the file is new" : "the file as it is now",
            new: "this draft",
            file: model.path
        )
        return model.check.map { view.html($0.hunks) } ?? .empty
    }
}

/// What the draft would have done to recorded traffic.
enum EditorImpact {
    private static let windows: [(Int64, String)] = [
        (3_600_000_000, "1 h"), (86_400_000_000, "24 h"), (604_800_000_000, "7 d"), (2_592_000_000_000, "30 d"),
    ]

    static func html(_ model: EditorModel, _ context: PageContext) -> HTML {
        tag("div", .testID("editor.impact")) {
            tag("fieldset", .class("segments")) {
                tag("legend") { "Recorded traffic of the last" }
                for (value, title) in windows {
                    tag(
                        "button",
                        .type("submit"),
                        .name("window"),
                        .value("\(value)"),
                        .init("aria-pressed", value == model.window ? "true" : "false")
                    ) { title }
                }
                tag("input", .type("hidden"), .name("present-window"), .value("\(model.window)"))
            }
            if let impact = model.check?.impact {
                result(impact, context)
            } else {
                tag("p") {
                    model.seesTraffic
                        ? "A text with errors cannot be replayed."
                        : "Recorded traffic is replayed for people who see the whole environment."
                }
            }
        }
    }

    private static func result(_ impact: DraftCheck.Impact, _ context: PageContext) -> HTML {
        guard impact.flows > 0 else {
            return tag("p") {
                "No traffic was recorded for these pods in this window, so nothing can be predicted."
            }
        }
        return group {
            tag("ul", .class("tallies")) {
                for each in DraftCheck.Impact.Class.allCases {
                    let kinds = impact.kinds[each.rawValue] ?? 0
                    tag("li", .class(each.rawValue), .testID("editor.impact.\(each.rawValue)")) {
                        tag("strong") { "\(Figures.grouped(UInt64(kinds)))" }
                        " \(each.title)"
                    }
                }
            }
            tag("p", .class("muted"), .testID("editor.evidence")) { evidence(impact, context) }
            if impact.rows.contains(where: isChanged) {
                rows(impact, context)
            } else {
                tag("p") { "The draft changes nothing for recorded traffic." }
            }
            if impact.omitted > 0 { tag("p") { "\(impact.omitted) more connections are not shown." } }
        }
    }

    private static func isChanged(_ row: DraftCheck.Impact.Row) -> Bool {
        [.newlyDropped, .newlyAllowed, .uncertain].contains(row.result)
    }

    private static func evidence(_ impact: DraftCheck.Impact, _ context: PageContext) -> String {
        let clock = context.clock
        let range = "\(clock.text(impact.range.from, seconds: false)) – \(clock.text(impact.range.to, seconds: false))"
        let lost = impact.complete ? "no gaps" : "with gaps, \(Figures.grouped(impact.lost)) events lost"
        return "Based on \(Figures.grouped(impact.flows)) flows (\(Figures.grouped(UInt64(impact.distinct))) distinct "
            + "connections) recorded \(range) \(clock.zone.name); \(lost)."
    }

    private static func rows(_ impact: DraftCheck.Impact, _ context: PageContext) -> HTML {
        let columns: [DataTable.Column] = [
            .init("Connection"), .init("Flows", isNumber: true), .init("Before and after"),
        ]
        return DataTable.html("Connections that the draft changes", id: "editor.impact.rows", columns: columns) {
            for (index, row) in impact.rows.enumerated() where isChanged(row) {
                tag("tr", .class(row.result.rawValue), .testID("editor.impact.row")) {
                    tag("td") {
                        "\(row.source) → \(row.destination) \(row.connection)"
                        tag("span", .class("muted block")) { row.result.title }
                        if row.result == .newlyDropped { allow(index, row) }
                    }
                    DataTable.number(Figures.grouped(row.connections))
                    tag("td") {
                        tag("span", .class("block")) { "Before: \(row.before)" }
                        tag("span", .class("block")) { "After: \(row.after)" }
                        for doubt in row.doubts { tag("span", .class("muted block")) { doubt } }
                    }
                }
            }
        }
    }

    private static func allow(_ index: Int, _ row: DraftCheck.Impact.Row) -> HTML {
        tag(
            "button",
            .type("submit"),
            .name("allow"),
            .value("\(index)"),
            .class("small"),
            .label("Allow this: \(row.source) → \(row.destination) \(row.connection)"),
            .testID("editor.allow.\(index)")
        ) { "Allow this" }
    }
}

extension DraftCheck.Impact.Class {
    var title: String {
        switch self {
        case .newlyDropped: "newly dropped"
        case .newlyAllowed: "newly allowed"
        case .stillAllowed: "still allowed"
        case .stillDropped: "still dropped"
        case .uncertain: "uncertain"
        }
    }
}
