// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyEvaluation

/// Asks why a connection is allowed or dropped, and answers in numbered steps.
public enum ExplainPage {
    public static func page(_ model: ExplainModel, _ context: PageContext) -> Page {
        let body = group {
            Panel.html("Question", id: "explain.question", context) { form(model, context) }
            if let problem = model.problem {
                Panel.html("Answer", id: "explain.answer", state: .failed(problem), context) { HTML.empty }
            } else if let answer = model.answer {
                Panel.html("Answer", id: "explain.answer", context) { html(answer, model, context) }
            }
        }
        return Page(
            title: "Explain",
            section: .explain,
            crumbs: FlowsPage.crumbs("Explain", context),
            body: body
        )
    }

    private static func form(_ model: ExplainModel, _ context: PageContext) -> HTML {
        Form.get(context.location, .class("form-grid"), .testID("explain.form")) {
            Form.input(
                "Source",
                name: "from",
                id: "explain-from",
                value: model.source,
                hint: "shop/web, an address, host, world",
                .type("text"),
                .init("list", "parties"),
                .flag("required"),
                .init("autocomplete", "off")
            )
            Form.input(
                "Destination",
                name: "to",
                id: "explain-to",
                value: model.destination,
                hint: "data/db, an address, host, world",
                .type("text"),
                .init("list", "parties"),
                .flag("required"),
                .init("autocomplete", "off")
            )
            Form.input(
                "Port",
                name: "port",
                id: "explain-port",
                value: model.port,
                hint: "for ICMP the type",
                .type("text"),
                .init("inputmode", "numeric"),
                .init("autocomplete", "off")
            )
            Form.select(
                "Protocol",
                name: "protocol",
                id: "explain-protocol",
                options: ["tcp", "udp", "sctp", "icmp", "icmpv6"].map { (value: $0, text: $0.uppercased()) },
                selected: model.ipProtocol
            )
            Form.input(
                "HTTP request",
                name: "http",
                id: "explain-http",
                value: model.http,
                hint: "GET /path, may be empty",
                .type("text"),
                .init("autocomplete", "off")
            )
            Form.input(
                "DNS name",
                name: "dns",
                id: "explain-dns",
                value: model.dnsName,
                hint: "may be empty",
                .type("text"),
                .init("autocomplete", "off")
            )
            tag("datalist", .id("parties")) {
                for party in model.parties.prefix(500) { tag("option", .value(party)) }
            }
            Form.submit("Explain", .testID("explain.ask"))
        }
    }

    private static func html(_ answer: Explanation, _ model: ExplainModel, _ context: PageContext) -> HTML {
        group {
            tag("p", .class("lead"), .testID("explain.verdict")) {
                VerdictMark.html(answer.verdict)
                tag("span", .class("muted")) { " with revision \(answer.revision)" }
            }
            tag("ol", .class("steps")) {
                for (index, step) in answer.steps.enumerated() { self.step(step, index + 1) }
            }
            remarks(answer, context)
            if let link = model.createRule {
                tag("p") {
                    tag("a", .class("button primary"), .href(link), .testID("explain.create-rule")) {
                        "Create the missing rule"
                    }
                }
            }
            if let rule = answer.rule {
                tag("h3") { "The smallest rule that allows it" }
                tag("pre", .id("explain-rule"), .init("tabindex", "0"), .label("Rule")) { tag("code") { rule } }
                CopyButton.html(of: "explain-rule", "Copy the rule")
            }
            policies(answer, context)
        }
    }

    private static func step(_ step: Explanation.Step, _ number: Int) -> HTML {
        tag("li", .testID("explain.step.\(number)")) {
            tag("span", .class("step-number")) { "\(number)" }
            tag("span", .class("muted")) { step.label }
            tag("span", .class("result")) { step.result }
            tag("p") { step.text }
            if !step.notes.isEmpty {
                tag("div", .class("notes")) {
                    for note in step.notes { tag("p") { "\(note.label): \(note.text)" } }
                }
            }
        }
    }

    private static func remarks(_ answer: Explanation, _ context: PageContext) -> HTML {
        tag("div", .class("story"), .testID("explain.observed")) {
            if let observed = answer.observed {
                tag("p") { sentence(observed.sentence(since: context.clock.text(observed.since))) }
            }
            if answer.l7 { tag("p") { "Rules about requests decide further." } }
            for doubt in answer.dependsOn { tag("p") { "Not certain: \(doubt.sentence)." } }
            if let text = answer.hostTraffic { tag("p") { text } }
            if let advice = answer.advice { tag("p") { advice } }
        }
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    private static func policies(_ answer: Explanation, _ context: PageContext) -> HTML {
        guard !answer.policies.isEmpty else { return .empty }
        return DataTable.html(
            "Policies that have a say",
            id: "explain.policies",
            columns: [
                .init("Policy"), .init("Direction"), .init("Isolates"), .init("Mode"), .init("Rules that match"),
                .init("Written in"),
            ],
            isCaptionVisible: true
        ) {
            for part in answer.policies {
                tag("tr") {
                    tag("th", .init("scope", "row")) {
                        tag("a", .href(context.link("policies").setting("q", part.policy))) {
                            Shortened.html(part.policy)
                        }
                    }
                    tag("td") { part.direction == .ingress ? "inbound" : "outbound" }
                    tag("td") { part.isolates ? "yes" : "no" }
                    tag("td") { part.mode == .blocking ? "Blocking" : "Audit" }
                    tag("td") {
                        part.matchingRules.isEmpty
                            ? "none" : part.matchingRules.map { "\($0.name) \($0.action)" }.joined(separator: ", ")
                    }
                    tag("td", .class("mono")) { Shortened.html("\(part.location)", to: 40) }
                }
            }
        }
    }
}
