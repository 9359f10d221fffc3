// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// The policy as sentences: whom it applies to, and what each rule allows.
enum RulesView {
    static func html(_ model: EditorModel, _ context: PageContext) -> HTML {
        tag(
            "div",
            .class(model.isFormStale ? "rules stale" : "rules"),
            .id("editor-rules"),
            .testID("editor.rules"),
            .init("aria-label", "Rules"),
            .init("role", "group")
        ) {
            if model.isFormStale { stale(model) }
            // A form of an earlier text is to be read, not to be changed.
            tag("fieldset", .flag("disabled", model.isFormStale), .class("plain")) {
                tag("legend", .class("quiet")) { "Rules of this policy" }
                content(model)
            }
        }
    }

    private static func stale(_ model: EditorModel) -> HTML {
        let problem = model.findings.first { $0.code == "V101" } ?? model.findings.first
        return tag("div", .class("notice problem"), .init("role", "alert"), .testID("editor.stale")) {
            Icon.warning
            tag("p") {
                (problem?.message ?? "The text cannot be read.") + " Fix it in YAML to continue."
                if let line = problem?.location.line {
                    " "
                    tag(
                        "button",
                        .type("submit"),
                        .name("view"),
                        .value("both"),
                        .class("link"),
                        .init("data-line", "\(line)")
                    ) { "Go to line \(line)" }
                }
            }
        }
    }

    @HTMLBuilder
    private static func content(_ model: EditorModel) -> HTML {
        if let form = model.document?.form {
            SubjectCard.html(form, model)
            SectionCards.html(form.inbound, form, model)
            SectionCards.html(form.outbound, form, model)
            for block in form.locked { LockedCard.html(block) }
        } else if let block = model.document?.locked {
            LockedCard.html(block)
        } else {
            tag("p", .class("muted")) {
                "There is no policy in this text yet. Write one in YAML, or start from a template."
            }
        }
    }
}

/// Whom the policy applies to.
enum SubjectCard {
    static func html(_ form: PolicyForm, _ model: EditorModel) -> HTML {
        tag("fieldset", .class("panel card"), .testID("editor.subject")) {
            tag("legend") { "Applies to" }
            if model.isNew { names(form, model) }
            tag("p") {
                form.subject.tests.isEmpty
                    ? "All pods" + place(form) : "Pods" + place(form) + " where"
            }
            SelectorFields.html(form.subject, model)
            MatchCount.html(form.subject.part.id, model)
        }
    }

    private static func place(_ form: PolicyForm) -> String {
        form.policyKind == .ciliumClusterwideNetworkPolicy ? " of the cluster" : " in \(form.namespace ?? "default")"
    }

    private static func names(_ form: PolicyForm, _ model: EditorModel) -> HTML {
        tag("div", .class("fields")) {
            EditorField.text("Name", "v.name", form.name ?? "", model)
            if form.policyKind != .ciliumClusterwideNetworkPolicy {
                EditorField.text("Namespace", "v.namespace", form.namespace ?? "", model, list: "namespaces")
            }
        }
    }
}

/// `3 pods match`.
enum MatchCount {
    static func html(_ id: String, _ model: EditorModel) -> HTML {
        guard let count = model.matches[id] else { return .empty }
        return tag("p", .class(count == 0 ? "match none" : "match"), .testID("editor.matches.\(id)")) {
            if count == 0 { Icon.warning }
            tag("span") { count == 1 ? "1 pod matches" : "\(count) pods match" }
        }
    }
}

/// The tests of a selector, joined by AND, and one more to add.
enum SelectorFields {
    static func html(_ selector: FormSelector, _ model: EditorModel) -> HTML {
        group {
            for (index, test) in selector.tests.enumerated() {
                if index > 0 { tag("p", .class("joint")) { "AND" } }
                row(test, model)
            }
            for block in selector.locked { LockedCard.html(block) }
            add(selector, model)
        }
    }

    private static func row(_ test: FormSelector.Test, _ model: EditorModel) -> HTML {
        let id = test.part.id
        let needsValues = test.test.comparison != .exists && test.test.comparison != .doesNotExist
        return tag("div", .class("fields chip"), .testID("editor.test.\(id)")) {
            EditorField.text("Label", "v.\(id).key", test.test.key, model, list: "label-keys")
            EditorField.choice("Comparison", "v.\(id).comparison", comparisons, test.test.comparison.rawValue, model)
            if needsValues {
                EditorField.text(
                    "Value",
                    "v.\(id).values",
                    test.test.values.joined(separator: ", "),
                    model,
                    list: "values-of-\(EditorID.html(test.test.key))"
                )
            }
            EditorField.remove("removeTest:\(id)", "Remove label \(test.test.key)")
            unseen(test.test, model)
        }
    }

    /// Free text is allowed, and marked.
    private static func unseen(_ test: LabelTest, _ model: EditorModel) -> HTML {
        guard !model.labels.keys.isEmpty else { return .empty }
        let key = test.key.split(separator: ":", maxSplits: 1).last.map(String.init) ?? test.key
        // Labels that stand for the namespace (Cilium, Kubernetes).
        if key.hasPrefix("io.kubernetes.pod.namespace") || key == "kubernetes.io/metadata.name" {
            return test.values.allSatisfy(model.labels.namespaces.contains)
                ? .empty : tag("p", .class("hint")) { "no such namespace in this environment" }
        }
        let isKnown =
            model.labels.keys.contains(key) && test.values.allSatisfy { model.labels.values[key]?.contains($0) ?? true }
        return isKnown ? .empty : tag("p", .class("hint")) { "not seen in this environment" }
    }

    private static func add(_ selector: FormSelector, _ model: EditorModel) -> HTML {
        let id = selector.part.id
        return tag("div", .class("fields add")) {
            EditorField.text("New label", "new.\(id).key", "", model, list: "label-keys")
            EditorField.text("is", "new.\(id).value", "", model)
            EditorField.button("Add label", "addTest:\(id)")
        }
    }

    private static let comparisons = [
        ("equals", "="), ("in", "in"), ("not-in", "not in"), ("exists", "exists"), ("not-exists", "does not exist"),
    ]
}

/// A part that this form cannot edit, at its place.
enum LockedCard {
    static func html(_ block: LockedBlock) -> HTML {
        let span = block.part.span
        let lines =
            span.firstLine == span.lastLine ? "line \(span.firstLine)" : "lines \(span.firstLine)–\(span.lastLine)"
        return tag("div", .class("locked"), .testID("editor.locked.\(block.part.id)")) {
            tag("p") {
                Icon.remark
                tag("strong") { "\(block.title) " }
                tag("span", .class("muted")) { "(\(lines))" }
            }
            tag("p") { block.description }
            tag(
                "button",
                .type("submit"),
                .name("view"),
                .value("both"),
                .class("small link"),
                .init("data-line", "\(span.firstLine)"),
                .init("data-last-line", "\(span.lastLine)")
            ) { "Edit in YAML" }
        }
    }
}

/// Controls of the editor: each keeps what was typed when it is refused, and says why beside it.
enum EditorField {
    static func text(
        _ label: String,
        _ name: String,
        _ value: String,
        _ model: EditorModel,
        list: String? = nil
    ) -> HTML {
        let id = EditorID.html(name)
        let problem = model.problems[name]
        return tag("div", .class("field inline")) {
            tag("label", .init("for", id)) { label }
            tag(
                "input",
                .type("text"),
                .id(id),
                .name(name),
                .value(model.typed[name] ?? value),
                .init("list", list),
                .init("autocomplete", "off"),
                .init("spellcheck", "false"),
                .testID("editor.field.\(name)"),
                .init("aria-invalid", problem == nil ? nil : "true"),
                .init("aria-describedby", problem == nil ? nil : "\(id)-problem")
            )
            complaint(problem, id)
        }
    }

    static func choice(
        _ label: String,
        _ name: String,
        _ options: [(String, String)],
        _ selected: String,
        _ model: EditorModel
    ) -> HTML {
        let id = EditorID.html(name)
        let chosen = model.typed[name] ?? selected
        return tag("div", .class("field inline")) {
            tag("label", .init("for", id)) { label }
            tag("select", .id(id), .name(name), .testID("editor.field.\(name)")) {
                for (value, title) in options {
                    tag("option", .value(value), .flag("selected", value == chosen)) { title }
                }
            }
            complaint(model.problems[name], id)
        }
    }

    static func button(_ title: String, _ edit: String) -> HTML {
        tag("button", .type("submit"), .name("edit"), .value(edit), .class("small"), .testID("editor.do.\(edit)")) {
            title
        }
    }

    static func remove(_ edit: String, _ label: String) -> HTML {
        tag(
            "button",
            .type("submit"),
            .name("edit"),
            .value(edit),
            .class("small bare"),
            .label(label),
            .testID("editor.do.\(edit)")
        ) { Icon.close }
    }

    private static func complaint(_ problem: String?, _ id: String) -> HTML {
        guard let problem else { return .empty }
        return tag("p", .class("problem"), .id("\(id)-problem")) {
            Icon.warning
            tag("span") { problem }
        }
    }
}
