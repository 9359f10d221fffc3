// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
public import PolicyAnalysis
import PolicyModel

/// One policy text in the editor, with everything that is known about it.
///
/// The text is the document: rules, summary, impact and difference are views of it.
public struct EditorModel: Sendable {
    /// Which views of the text are shown.
    public enum View: String, Hashable, Sendable, CaseIterable {
        case rules, yaml, both

        var title: String { self == .yaml ? "YAML" : rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    /// What the side shows.
    public enum Side: String, Hashable, Sendable, CaseIterable {
        case summary, impact, checks, diff

        var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    /// Something that was asked for and waits for a yes.
    public struct Question: Hashable, Sendable {
        /// What to ask: `Removing this rule leaves inbound set to "Deny all"`.
        public var sentence: String
        /// The button that means it: its value for `edit`, as it was pressed.
        public var edit: String
        /// Other ways out: title, and value for `edit`.
        public var alternatives: [Alternative]

        public init(sentence: String, edit: String, alternatives: [Alternative] = []) {
            self.sentence = sentence
            self.edit = edit
            self.alternatives = alternatives
        }
    }

    public struct Alternative: Hashable, Sendable {
        public var title: String
        public var edit: String

        public init(title: String, edit: String) {
            self.title = title
            self.edit = edit
        }
    }

    /// What labels occur in the environment, for completion: values by key, each with the number of pods.
    public struct Labels: Hashable, Sendable {
        public var keys: [String]
        public var values: [String: [String]]
        public var namespaces: [String]

        public init(keys: [String] = [], values: [String: [String]] = [:], namespaces: [String] = []) {
            self.keys = keys
            self.values = values
            self.namespaces = namespaces
        }
    }

    /// Where the form is posted to.
    public var action: Link
    /// Of the file; a new one has the name that it will get.
    public var path: String
    public var isNew: Bool
    public var text: String
    /// The state of the file that was opened.
    public var base: String
    /// From 0.
    public var documentIndex: Int
    /// Of the text, or of the last text that could be read.
    public var forms: PolicyFormText
    /// Whether `forms` is of an earlier text, because this one cannot be read.
    public var isFormStale: Bool
    public var view: View
    public var side: Side
    /// `nil` when it failed, with the reason in `checkProblem`.
    public var check: DraftCheck?
    public var checkProblem: String?
    /// Microseconds of recorded traffic that are replayed.
    public var window: Int64
    /// What is wrong with a control, by its name: `v.inbound.1.ports.0.port`.
    public var problems: [String: String]
    /// What was typed into controls that were refused, so that it stays there.
    public var typed: [String: String]
    public var question: Question?
    public var labels: Labels
    /// How many pods each selector matches now, by the id of its part; missing where it is not known.
    public var matches: [String: Int]
    /// How often each rule decided, by its id: `last matched 2 min ago · 1,204 flows in 24 h`.
    public var ruleUse: [String: String]
    /// Why it cannot be saved; `nil` when it can.
    public var obstacle: String?
    /// The text that was opened, where that is known.
    public var opened: String?
    /// The file changed since it was opened (V220); `nil` when it did not.
    public var meanwhile: Meanwhile?
    /// What became of a conversion that was asked for.
    public var conversion: Conversion?
    public var draftSaved: Timestamp?
    /// Whether recorded traffic is replayed for the viewer.
    public var seesTraffic: Bool
    /// Whether CodeMirror is installed; without it the text is a plain field.
    public var hasCodeEditor: Bool

    public init(action: Link, path: String, isNew: Bool, text: String, base: String) {
        self.action = action
        self.path = path
        self.isNew = isNew
        self.text = text
        self.base = base
        documentIndex = 0
        forms = PolicyFormText(SourceDocument(name: path, bytes: Array(text.utf8)))
        isFormStale = false
        view = .rules
        side = .summary
        check = nil
        checkProblem = nil
        window = 86_400_000_000
        problems = [:]
        typed = [:]
        question = nil
        labels = Labels()
        matches = [:]
        ruleUse = [:]
        obstacle = nil
        opened = nil
        meanwhile = nil
        conversion = nil
        draftSaved = nil
        hasCodeEditor = false
        seesTraffic = true
    }

    /// Whether the file is kept in the folder of those that are not in force.
    var isDisabled: Bool { path.hasPrefix("disabled/") }

    var document: FormDocument? {
        forms.documents.indices.contains(documentIndex) ? forms.documents[documentIndex] : nil
    }

    /// Findings of the check, worst first.
    var findings: [Finding] { check?.findings ?? forms.problem.map { [$0] } ?? [] }

    var hasErrors: Bool { findings.contains { $0.severity == .error } }
}
