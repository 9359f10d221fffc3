// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import PolicyAnalysis
import PolicyModel

/// The policy editor: rules and YAML as two views of one text, with summary, impact, checks and difference beside them.
///
/// One form holds everything. Without scripts its buttons post it and the whole page comes back; with them the same page is
/// fetched and only its parts are exchanged.
public enum EditorPage {
    public static func page(_ model: EditorModel, _ context: PageContext) -> Page {
        let title = model.document?.form?.name ?? model.path
        return Page(
            title: model.isNew ? "New policy" : "Edit \(title)",
            heading: model.isNew ? "New policy" : title,
            section: .policies,
            crumbs: [
                .init(context.environmentName ?? "", context.link("overview")),
                .init("Policies", context.link("policies")), .init(model.isNew ? "New" : title),
            ],
            body: body(model, context),
            modules: (model.hasCodeEditor ? ["codemirror.js", "codemirror-yaml.js"] : []) + ["editor.js"],
            styles: (model.hasCodeEditor ? ["codemirror.css"] : []) + ["editor.css"]
        )
    }

    private static func body(_ model: EditorModel, _ context: PageContext) -> HTML {
        Form.post(model.action, context, .id("editor"), .class("editor"), .testID("editor.form"), .flag("data-editor"))
        {
            hidden(model)
            EditorHeader.html(model, context)
            if let question = model.question { EditorQuestion.html(question) }
            if let conversion = model.conversion { EditorConversion.html(conversion, model) }
            if let meanwhile = model.meanwhile { EditorConflict.html(meanwhile, model) }
            tag("div", .class("editor-columns")) {
                tag("div", .class("editor-main"), .id("editor-main")) {
                    if model.view != .yaml { RulesView.html(model, context) }
                    EditorText.html(model)
                    EditorConversion.offer(model)
                    EditorRemoval.html(model)
                }
                tag("div", .class("editor-side"), .id("editor-side")) { EditorSide.html(model, context) }
            }
            EditorFooter.html(model)
            completion(model)
        }
    }

    private static func hidden(_ model: EditorModel) -> HTML {
        group {
            // The first submit button is the one that Enter presses: it must change nothing by itself.
            tag("button", .type("submit"), .class("quiet"), .name("do"), .value("update"), .init("tabindex", "-1")) {
                "Update"
            }
            for (name, value) in [
                ("base", model.base), ("opened", model.opened), ("path", model.isNew ? nil : model.path),
                ("document", "\(model.documentIndex)"),
                ("shown", model.view.rawValue), ("side", model.side.rawValue),
                // Text areas know one line end only; what the file has is said beside them.
                // The text that the controls show: they say nothing about another one.
                ("controls-of", "\(Fingerprint(model.text.utf8))"),
                ("crlf", model.text.contains("\r\n") ? "true" : "false"),
            ] {
                if let value { tag("input", .type("hidden"), .name(name), .value(value)) }
            }
        }
    }

    private static func completion(_ model: EditorModel) -> HTML {
        group {
            tag("datalist", .id("label-keys")) { for key in model.labels.keys { tag("option", .value(key)) } }
            tag("datalist", .id("namespaces")) { for name in model.labels.namespaces { tag("option", .value(name)) } }
            for key in model.labels.keys {
                tag("datalist", .id("values-of-\(EditorID.html(key))")) {
                    for value in model.labels.values[key] ?? [] { tag("option", .value(value)) }
                }
            }
        }
    }
}

/// Ids of elements from texts of anybody's.
enum EditorID {
    /// Letters, digits, `-` and `_`; everything else as its number.
    static func html(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-")
            return isPlain ? String(scalar) : "_\(scalar.value)"
        }.joined()
    }
}

/// Name, kind and views of what is edited.
enum EditorHeader {
    static func html(_ model: EditorModel, _ context: PageContext) -> HTML {
        tag("div", .class("editor-head"), .id("editor-head")) {
            tag("p", .class("muted")) { facts(model) }
            if model.forms.documents.count > 1 { documents(model) }
            tag("fieldset", .class("segments")) {
                tag("legend", .class("quiet")) { "View" }
                for view in EditorModel.View.allCases {
                    tag(
                        "button",
                        .type("submit"),
                        .name("view"),
                        .value(view.rawValue),
                        .init("aria-pressed", view == model.view ? "true" : "false"),
                        .testID("editor.view.\(view.rawValue)")
                    ) { view.title }
                }
            }
            if model.isNew { newName(model) }
        }
    }

    private static func facts(_ model: EditorModel) -> String {
        let form = model.document?.form
        let kind = form?.policyKind.rawValue ?? model.document?.title ?? "YAML"
        let place = form?.namespace.map { " · namespace \($0)" } ?? ""
        return "\(kind)\(place) · file \(model.path)"
    }

    private static func documents(_ model: EditorModel) -> HTML {
        tag("fieldset", .class("segments")) {
            tag("legend") { "Documents of this file" }
            for document in model.forms.documents {
                tag(
                    "button",
                    .type("submit"),
                    .name("show-document"),
                    .value("\(document.index)"),
                    .init("aria-pressed", document.index == model.documentIndex ? "true" : "false")
                ) { document.title }
            }
        }
    }

    private static func newName(_ model: EditorModel) -> HTML {
        Form.input(
            "File",
            name: "path",
            id: "editor-path",
            value: model.path,
            hint: "Relative to the policy directory; ends in .yaml.",
            problem: model.problems["path"],
            .flag("required")
        )
    }
}

/// What waits for a yes.
enum EditorQuestion {
    static func html(_ question: EditorModel.Question) -> HTML {
        tag("div", .class("notice remark"), .init("role", "alert"), .testID("editor.question")) {
            Icon.remark
            tag("p") { question.sentence }
            tag("p", .class("actions")) {
                for alternative in question.alternatives {
                    tag("button", .type("submit"), .name("edit"), .value(alternative.edit), .class("primary")) {
                        alternative.title
                    }
                }
                tag("button", .type("submit"), .name("confirmed"), .value(question.edit)) { "Yes, that is meant" }
                tag("button", .type("submit"), .name("do"), .value("update")) { "Leave it as it is" }
            }
        }
    }
}

/// Taking a policy out of force, and removing it.
enum EditorRemoval {
    static func html(_ model: EditorModel) -> HTML {
        guard !model.isNew else { return .empty }
        let name = model.document?.form?.name ?? model.path
        return tag("details", .class("panel card"), .testID("editor.removal")) {
            tag("summary") { model.isDisabled ? "Enable or delete" : "Disable or delete" }
            tag("p") {
                model.isDisabled
                    ? "This file is kept and not in force. Enabling moves it back into the policy directory."
                    : "Disabling moves the file into the folder disabled/: it is kept, and no longer in force."
            }
            tag("p") {
                tag(
                    "button",
                    .type("submit"),
                    .name("do"),
                    .value(model.isDisabled ? "enable" : "disable"),
                    .testID("editor.toggle")
                ) { model.isDisabled ? "Enable" : "Disable" }
            }
            Form.input(
                "Type \(name) to delete the policy",
                name: "confirm-delete",
                id: "confirm-delete",
                problem: model.problems["confirm-delete"],
                .type("text"),
                .init("autocomplete", "off")
            )
            tag(
                "button",
                .type("submit"),
                .name("do"),
                .value("delete"),
                .class("danger"),
                .testID("editor.delete")
            ) { "Delete" }
        }
    }
}

/// Saving, and why it is not possible.
enum EditorFooter {
    static func html(_ model: EditorModel) -> HTML {
        tag("div", .class("editor-foot"), .id("editor-foot")) {
            tag("p", .id("editor-state"), .init("role", "status")) {
                if let obstacle = model.obstacle {
                    obstacle
                } else if let saved = model.draftSaved {
                    "Draft saved \(CivilTime(microseconds: saved.microseconds).timeText) UTC"
                } else {
                    "Saving writes the file; it takes effect at once."
                }
            }
            tag("button", .type("submit"), .name("do"), .value("check"), .testID("editor.check")) { "Check" }
            tag("button", .type("submit"), .name("do"), .value("discard"), .class("danger"), .testID("editor.discard"))
            {
                "Discard changes"
            }
            tag(
                "button",
                .type("submit"),
                .name("do"),
                .value("save"),
                .class("primary"),
                .testID("editor.save"),
                .flag("disabled", model.obstacle != nil),
                .init("aria-describedby", "editor-state")
            ) { "Save" }
        }
    }
}
