// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import PolicyModel

/// The policies of an environment: list, coverage, drawer.
public enum PoliciesPage {
    public static func page(_ model: PoliciesModel, _ context: PageContext) -> Page {
        let base = context.location.removing("sel", "tab", "q", "cursor")
        let body = group {
            Tabs.html(
                "Policies",
                [
                    (title: "Policies (\(model.all))", link: base, isCurrent: model.tab == .list),
                    (title: "Coverage", link: base.setting("tab", "coverage"), isCurrent: model.tab == .coverage),
                ]
            )
            broken(model)
            switch model.tab {
            case .list:
                list(model, context)
                disabled(model, context)
            case .coverage: coverage(model, context)
            }
        }
        return Page(
            title: model.tab == .coverage ? "Coverage · Policies" : "Policies",
            heading: "Policies",
            section: .policies,
            crumbs: FlowsPage.crumbs("Policies", context),
            actions: actions(context),
            body: body,
            drawer: model.selected.map { drawer($0, context) }
        )
    }

    private static func actions(_ context: PageContext) -> HTML {
        guard context.allowsSomewhere(.proposeChanges) else { return .empty }
        return tag("a", .class("button primary"), .href(context.link("policies", "new")), .testID("policies.new")) {
            "New policy"
        }
    }

    private static func broken(_ model: PoliciesModel) -> HTML {
        .joined(
            model.broken.map { file in
                tag("div", .class("notice problem"), .testID("policies.broken")) {
                    Icon.warning
                    tag("div") {
                        tag("p") {
                            tag("strong") { file.path }
                            " cannot be read. "
                            file.keepsLastGood ? "Its last good content is in force." : "Nothing of it is in force."
                        }
                        PolicyParts.findings(file.findings)
                    }
                }
            }
        )
    }

    private static func disabled(_ model: PoliciesModel, _ context: PageContext) -> HTML {
        guard !model.disabled.isEmpty else { return .empty }
        return Panel.html("Disabled", id: "policies.disabled", context, note: "Kept, and not in force") {
            HTML.empty
        } content: {
            tag("ul") {
                for file in model.disabled { tag("li") { tag("a", .href(file.link)) { file.path } } }
            }
        }
    }

    private static func list(_ model: PoliciesModel, _ context: PageContext) -> HTML {
        let columns: [DataTable.Column] = [
            .init("Policy"), .init("Kind"), .init("State"), .init("Isolates"), .init("Rules", isNumber: true),
            .init("Selects", isNumber: true),
        ]
        return Panel.html(
            "All policies",
            id: "policies.list",
            state: model.state,
            context,
            note: "Use \(model.usePeriod)"
        ) {
            search(model, context)
        } content: {
            DataTable.html("Policies", id: "policies.rows", columns: columns + PolicyParts.useColumns) {
                for row in model.rows { self.row(row, model, context) }
            }
            let parts = [
                model.matching < model.all ? "\(model.matching) of \(model.all) policies match the search." : nil,
                model.rows.count < model.matching ? "\(model.rows.count) of \(model.matching) are on this page." : nil,
            ].compactMap { $0 }
            if !parts.isEmpty { tag("p", .class("truth")) { parts.joined(separator: " ") } }
            NextPage.html(model.next, "More policies", context)
        }
    }

    private static func search(_ model: PoliciesModel, _ context: PageContext) -> HTML {
        Form.get(
            context.location,
            keeping: context.location.removing("q", "sel", "cursor").query,
            .class("search"),
            .init("role", "search")
        ) {
            tag("label", .init("for", "policy-search"), .class("quiet")) { "Find policies by name" }
            tag(
                "input",
                .type("search"),
                .id("policy-search"),
                .name("q"),
                .value(model.search),
                .flag("data-slash"),
                .init("placeholder", "Find by name"),
                .init("autocomplete", "off")
            )
            tag("button", .type("submit")) { "Find" }
        }
    }

    private static func row(_ row: PoliciesModel.Row, _ model: PoliciesModel, _ context: PageContext) -> HTML {
        let report = row.report
        let key = "\(report.policyKind.rawValue):\(report.title)"
        let isSelected = model.selected.map { $0.policyKind == report.policyKind && $0.title == report.title } ?? false
        return tag(
            "tr",
            .class("row"),
            .testID("policies.row.\(report.title)"),
            .init("aria-current", isSelected ? "true" : nil)
        ) {
            tag("th", .init("scope", "row")) {
                tag("a", .class("row-link"), .href(context.location.setting("sel", key))) {
                    Shortened.html(report.name)
                }
                tag("span", .class("muted")) { " \(report.namespace ?? "cluster-wide")" }
                if !report.findings.isEmpty {
                    tag("p", .class("muted")) { Figures.count(report.findings.count, "finding", "findings") }
                }
            }
            tag("td") { Shortened.html(report.policyKind.rawValue, to: 22) }
            tag("td") { PolicyParts.state(report) }
            tag("td") { PolicyParts.isolates(report) }
            DataTable.number("\(report.ruleCount)")
            DataTable.number(Figures.grouped(report.subjectCount))
            PolicyParts.use(row.use, context)
        }
    }

    private static func coverage(_ model: PoliciesModel, _ context: PageContext) -> HTML {
        return Panel.html(
            "Which workloads policies isolate",
            id: "policies.coverage",
            state: model.state,
            context,
            note: "\(model.withoutPolicy) of \(model.allWorkloads) have no policy"
        ) {
            DataTable.html(
                "Workloads and what isolates them",
                id: "policies.coverage.rows",
                columns: [.init("Workload"), .init("Inbound"), .init("Outbound"), .init("Policies")]
            ) {
                for workload in model.workloads {
                    tag("tr", .testID("policies.workload.\(workload.namespace)/\(workload.name)")) {
                        tag("th", .init("scope", "row")) {
                            Icon.workload
                            " "
                            Shortened.html(workload.name)
                            tag("span", .class("muted")) { " \(workload.namespace)" }
                        }
                        for isIsolated in [workload.inbound, workload.outbound] {
                            tag("td") { isIsolated ? "Isolated" : tag("span", .class("tag warn")) { "Open" } }
                        }
                        tag("td") {
                            if let reason = workload.unprotected {
                                tag("span", .class("tag bad")) { "Not reached" }
                                " \(reason)"
                            } else {
                                workload.policies.joined(separator: ", ")
                            }
                        }
                    }
                }
            }
            NextPage.html(model.next, "More workloads", context)
        }
    }

    private static func drawer(_ report: PolicyReport, _ context: PageContext) -> HTML {
        Drawer.html(report.title, id: "policies.drawer", context) {
            tag("p") {
                tag("span", .class("tag")) { report.policyKind.rawValue }
                " "
                PolicyParts.state(report)
            }
            tag("div", .class("button-row")) {
                tag("a", .class("button primary"), .href(report.link(context))) { "Open" }
                PolicyPage.editLink(report, context, style: "button")
                tag(
                    "a",
                    .class("button"),
                    .href(context.link("flows").setting("q", FilterText.term("policy", report.title)))
                ) { "Open flows" }
            }
            tag("h3") { "In words" }
            PolicyParts.summary(report.summary)
            if !report.findings.isEmpty {
                tag("h3") { "Findings" }
                PolicyParts.findings(report.findings)
            }
            if let source = report.source {
                tag("h3") { "YAML" }
                PolicyParts.source(source, firstLine: report.location.line)
            }
        }
    }
}
