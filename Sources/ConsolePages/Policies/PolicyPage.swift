// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import PolicyModel

/// One policy: what it says, what uses it, how it is written.
public enum PolicyPage {
    public static func page(_ model: PolicyModel, _ context: PageContext) -> Page {
        let report = model.report
        let body = group {
            tag("p") {
                tag("span", .class("tag")) { report.policyKind.rawValue }
                " "
                PolicyParts.state(report)
                " "
                tag("span", .class("muted")) {
                    "in force since "; context.clock.html(report.since)
                }
            }
            Panel.html("In words", id: "policy.words", context) { PolicyParts.summary(report.summary) }
            if !report.findings.isEmpty {
                Panel.html("Findings", id: "policy.findings", context) { PolicyParts.findings(report.findings) }
            }
            rules(model, context)
            subjects(model, context)
            source(model, context)
        }
        return Page(
            title: "\(report.title) · Policy",
            heading: report.title,
            section: .policies,
            crumbs: [
                .init(context.environmentName ?? "", context.link("overview")),
                .init("Policies", context.link("policies")), .init(report.title),
            ],
            actions: actions(report, context),
            body: body
        )
    }

    /// Nothing for whoever may not write in the policy's namespace.
    static func editLink(_ report: PolicyReport, _ context: PageContext, style: String = "button primary") -> HTML {
        guard context.allows(.proposeChanges, inNamespace: report.namespace) else { return .empty }
        var link = report.link(context)
        link.segments.append("edit")
        return tag("a", .class(style), .href(link), .testID("policy.edit")) { "Edit" }
    }

    private static func actions(_ report: PolicyReport, _ context: PageContext) -> HTML {
        group {
            editLink(report, context)
            tag(
                "a",
                .class("button"),
                .href(context.link("flows").setting("q", FilterText.term("policy", report.title))),
                .testID("policy.flows")
            ) { "Open flows" }
        }
    }

    private static func rules(_ model: PolicyModel, _ context: PageContext) -> HTML {
        Panel.html("Rules", id: "policy.rules", context, note: "Use \(model.usePeriod)") {
            if model.rules.isEmpty {
                tag("p", .class("muted")) {
                    "No rules: it isolates \(PolicyParts.isolates(model.report)) and allows nothing."
                }
            } else {
                DataTable.html(
                    "Rules and how recorded traffic used them",
                    id: "policy.rules.rows",
                    columns: [.init("Rule"), .init("Says"), .init("Line", isNumber: true)] + PolicyParts.useColumns
                ) {
                    for rule in model.rules {
                        tag("tr", .testID("policy.rule.\(rule.name)")) {
                            tag("th", .init("scope", "row")) { tag("code") { rule.name } }
                            tag("td") { rule.sentence }
                            tag("td", .class("number")) {
                                if let line = rule.line {
                                    tag("a", .init("href", "#L\(line)")) { "\(line)" }
                                } else {
                                    HTML.unknown("not known")
                                }
                            }
                            PolicyParts.use(rule.use, context)
                        }
                    }
                }
            }
        }
    }

    private static func subjects(_ model: PolicyModel, _ context: PageContext) -> HTML {
        let report = model.report
        return Panel.html(
            "Selects",
            id: "policy.subjects",
            context,
            note: Figures.count(report.subjectCount, "endpoint", "endpoints")
        ) {
            if report.subjectCount == 0 {
                tag("p") { "It selects nothing now: no endpoint has these labels. It has no effect." }
            } else {
                tag("ul", .class("inline-list")) {
                    for subject in model.subjects {
                        tag("li") {
                            tag("a", .href(context.link("map").setting("sel", subject))) {
                                Shortened.html(subject, to: 40)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func source(_ model: PolicyModel, _ context: PageContext) -> HTML {
        Panel.html("YAML", id: "policy.yaml", context, note: "\(model.report.location.document)") {
            CopyButton.html(of: "policy-source", "Copy the YAML")
        } content: {
            PolicyParts.source(model.report.source ?? "", firstLine: model.firstLine)
        }
    }
}
