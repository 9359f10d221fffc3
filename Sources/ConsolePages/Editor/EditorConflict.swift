// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyAnalysis

extension EditorModel {
    /// The file changed since it was opened (V220): the three texts compared.
    public struct Meanwhile: Hashable, Sendable {
        /// What was done to the file, and what the draft does; both against the text that was opened.
        ///
        /// Without that text (`nil` for `yours`) `theirs` compares the draft with the file.
        public var theirs: LineDifference
        public var yours: LineDifference?
        /// Lines that both changed, and how each was decided so far.
        public var conflicts: [Decision]
        /// Whether putting both together was asked for while something was undecided.
        public var isIncomplete: Bool

        public init(
            theirs: LineDifference,
            yours: LineDifference?,
            conflicts: [Decision] = [],
            isIncomplete: Bool = false
        ) {
            self.theirs = theirs
            self.yours = yours
            self.conflicts = conflicts
            self.isIncomplete = isIncomplete
        }
    }

    public struct Decision: Hashable, Sendable {
        public var conflict: LineMerge.Conflict
        public var side: LineMerge.Side?

        public init(_ conflict: LineMerge.Conflict, _ side: LineMerge.Side?) {
            (self.conflict, self.side) = (conflict, side)
        }

        /// Of its control: it says what is decided, so that nothing else is when the texts change.
        public var name: String { Self.name(conflict) }

        public static func name(_ conflict: LineMerge.Conflict) -> String {
            let parts = [conflict.base, conflict.mine, conflict.theirs].map { "\($0.utf8.count):\($0)" }
            return "merge.\(conflict.line).\(Fingerprint(parts.joined().utf8))"
        }
    }
}

/// The file changed while it was edited: both edits, and what can be done.
enum EditorConflict {
    static func html(_ meanwhile: EditorModel.Meanwhile, _ model: EditorModel) -> HTML {
        tag("div", .class("notice problem conflict"), .testID("editor.conflict")) {
            Icon.warning
            tag("div") {
                tag("p", .init("role", "alert")) {
                    "V220: The policy changed after you opened it. Nothing of yours is lost, and nothing is saved."
                }
                comparison(meanwhile, model)
                if !meanwhile.conflicts.isEmpty { conflicts(meanwhile) }
                actions(meanwhile)
            }
        }
    }

    private static func comparison(_ meanwhile: EditorModel.Meanwhile, _ model: EditorModel) -> HTML {
        group {
            if let yours = meanwhile.yours {
                tag("div", .class("grid")) {
                    side("What they changed", "theirs", "the file as it is now", meanwhile.theirs, model)
                    side("What you changed", "yours", "your text", yours, model)
                }
            } else {
                tag("p") { "The text that you opened is not known any more: your text is compared with the file." }
                DifferenceView(
                    id: "editor.conflict.theirs",
                    label: "Your text against the file",
                    old: "the file as it is now",
                    new: "your text",
                    file: model.path
                ).html(meanwhile.theirs)
            }
        }
    }

    private static func side(
        _ title: String,
        _ id: String,
        _ new: String,
        _ difference: LineDifference,
        _ model: EditorModel
    ) -> HTML {
        tag("section", .init("aria-labelledby", "conflict-\(id)")) {
            tag("h2", .id("conflict-\(id)")) { title }
            DifferenceView(
                id: "editor.conflict.\(id)",
                label: title,
                old: "the text that you opened",
                new: new,
                file: model.path
            ).html(difference)
        }
    }

    private static func conflicts(_ meanwhile: EditorModel.Meanwhile) -> HTML {
        let open = meanwhile.conflicts.count { $0.side == nil }
        return tag("section", .init("aria-labelledby", "conflict-decide"), .testID("editor.conflict.decide")) {
            tag("h2", .id("conflict-decide")) { "Lines that both of you changed" }
            if meanwhile.isIncomplete, open > 0 {
                tag("p", .class("problem"), .init("role", "alert")) {
                    "\(Figures.count(open, "place has", "places have")) to be decided first."
                }
            }
            for (index, decision) in meanwhile.conflicts.enumerated() { choice(decision, index) }
        }
    }

    private static func choice(_ decision: EditorModel.Decision, _ index: Int) -> HTML {
        let conflict = decision.conflict
        return tag("fieldset", .class("merge"), .testID("editor.merge.\(index + 1)")) {
            tag("legend") { "Place \(index + 1), line \(conflict.line) of the text that you opened" }
            option(decision, .mine, "Mine", index)
            option(decision, .theirs, "Theirs", index)
        }
    }

    private static func option(
        _ decision: EditorModel.Decision,
        _ side: LineMerge.Side,
        _ title: String,
        _ index: Int
    ) -> HTML {
        let text = decision.conflict.shown(side)
        return tag("label") {
            tag(
                "input",
                .type("radio"),
                .name(decision.name),
                .value(side.rawValue),
                .flag("checked", decision.side == side),
                .testID("editor.merge.\(index + 1).\(side.rawValue)")
            )
            tag("span") {
                tag("strong") { title }
                tag("code", .class("lines")) { text.isEmpty ? "(these lines are removed)" : text }
            }
        }
    }

    private static func actions(_ meanwhile: EditorModel.Meanwhile) -> HTML {
        group {
            tag("p", .class("actions")) {
                tag(
                    "button",
                    .type("submit"),
                    .name("do"),
                    .value("rebase"),
                    .class("primary"),
                    .testID("editor.conflict.mine")
                ) { meanwhile.yours == nil ? "Keep my text" : "Keep mine on top of theirs" }
                tag("button", .type("submit"), .name("do"), .value("reload"), .testID("editor.conflict.take")) {
                    "Take theirs, drop mine"
                }
            }
            tag("p", .class("muted")) {
                meanwhile.yours == nil
                    ? "Keeping your text takes back what they changed, once you save."
                    : "Keeping yours puts both edits together in this draft. It is checked again, and saved when you save it."
            }
        }
    }
}
