// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What a new policy can start from.
public struct NewPolicyModel: Hashable, Sendable {
    public struct Template: Hashable, Sendable {
        public var id: String
        public var title: String
        public var summary: String

        public init(id: String, title: String, summary: String) {
            self.id = id
            self.title = title
            self.summary = summary
        }
    }

    public var templates: [Template]
    /// Those that workloads are in, for completion.
    public var namespaces: [String]
    public var problem: String?

    public init(templates: [Template], namespaces: [String], problem: String? = nil) {
        self.templates = templates
        self.namespaces = namespaces
        self.problem = problem
    }
}

/// Chooses what a new policy starts from: a template, or a text that somebody has.
public enum NewPolicyPage {
    public static func page(_ model: NewPolicyModel, _ context: PageContext) -> Page {
        Page(
            title: "New policy",
            section: .policies,
            crumbs: [
                .init(context.environmentName ?? "", context.link("overview")),
                .init("Policies", context.link("policies")), .init("New"),
            ],
            body: group {
                if let problem = model.problem { NoticeLine.html(.init(.problem, problem)) }
                Panel.html("From a template", id: "new.template", context) { templates(model, context) }
                Panel.html("From a text", id: "new.text", context) { paste(context) }
            },
            styles: ["editor.css"]
        )
    }

    private static func templates(_ model: NewPolicyModel, _ context: PageContext) -> HTML {
        Form.get(context.link("policies", "new"), .class("form-grid"), .testID("new.form")) {
            tag("fieldset", .class("choices")) {
                tag("legend") { "Template" }
                for (index, template) in model.templates.enumerated() {
                    tag("label", .class("choice")) {
                        tag(
                            "input",
                            .type("radio"),
                            .name("template"),
                            .value(template.id),
                            .flag("checked", index == 0),
                            .testID("new.template.\(template.id)")
                        )
                        tag("span") {
                            tag("strong") { template.title }
                            tag("span", .class("muted block")) { template.summary }
                        }
                    }
                }
            }
            Form.input(
                "Namespace",
                name: "namespace",
                id: "new-namespace",
                value: model.namespaces.first ?? "default",
                .type("text"),
                .init("list", "new-namespaces"),
                .flag("required"),
                .init("autocomplete", "off")
            )
            Form.input(
                "Labels of the pods",
                name: "labels",
                id: "new-labels",
                hint: "app=web, tier=front; empty is all pods of the namespace",
                .type("text"),
                .init("autocomplete", "off")
            )
            Form.input(
                "Name",
                name: "name",
                id: "new-name",
                hint: "empty is the template's own",
                .type("text"),
                .init("autocomplete", "off")
            )
            tag("datalist", .id("new-namespaces")) { for name in model.namespaces { tag("option", .value(name)) } }
            Form.submit("Continue", .testID("new.continue"))
        }
    }

    private static func paste(_ context: PageContext) -> HTML {
        Form.post(context.link("policies", "new"), context, .testID("new.paste")) {
            tag("input", .type("hidden"), .name("shown"), .value("both"))
            Form.input(
                "File",
                name: "path",
                id: "new-path",
                value: "new.yaml",
                hint: "Relative to the policy directory.",
                .type("text"),
                .flag("required")
            )
            tag("label", .init("for", "new-text")) { "Policy text" }
            tag(
                "textarea",
                .id("new-text"),
                .name("text"),
                .init("rows", "12"),
                .init("cols", "80"),
                .init("spellcheck", "false"),
                .flag("required")
            )
            Form.submit("Open in the editor")
        }
    }
}
