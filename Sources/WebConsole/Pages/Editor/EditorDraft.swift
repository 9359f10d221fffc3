// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// A text in the editor on its way through one request: what was posted, and what the buttons made of it.
struct EditorDraft {
    /// Changed controls of one request that are taken over: each is an edit of its own.
    private static let mostSteps = 100

    /// Text, file and state of the file that was opened.
    var text: String
    var path: String
    var base: String
    /// The text that was opened, where it is known: what both edits are compared with when the file moves on.
    var opened: String?
    var documentIndex = 0
    var view = EditorModel.View.rules
    var side = EditorModel.Side.summary
    /// Microseconds of recorded traffic.
    var window: Int64 = 86_400_000_000
    private(set) var problems: [String: String] = [:]
    private(set) var typed: [String: String] = [:]
    private(set) var question: EditorModel.Question?
    private(set) var conversion: EditorModel.Conversion?
    /// The last text that could be read, when this one cannot.
    private(set) var readable: String?

    init(text: String, path: String, base: String) {
        self.text = text
        self.path = path
        self.base = base
    }

    /// - Parameters:
    ///   - form: what the editor's page posted.
    ///   - file: the text of the file that the draft began with; `nil` where it is new or no longer there.
    init(_ form: FormBody, path: String?, file: String? = nil) {
        // Forms send every line end as CR LF, scripts as LF, whatever the file has (WHATWG HTML, 4.10.21.4).
        let hasPairs = form["crlf"] == "true"
        func lines(_ posted: String) -> String {
            if let file { return PostedText.restored(posted, from: file, shown: EditorText.shown) }
            let plain = posted.replacing("\r\n", with: "\n")
            return hasPairs ? plain.replacing("\n", with: "\r\n") : plain
        }
        text = lines(form["text"] ?? "")
        self.path = path ?? form["path"] ?? ""
        base = form["base"] ?? ""
        documentIndex = form["document"].flatMap(Int.init) ?? 0
        view = form["shown"].flatMap(EditorModel.View.init) ?? .rules
        side = form["side"].flatMap(EditorModel.Side.init) ?? .summary
        window = form["present-window"].flatMap(Int64.init) ?? window
        readable = form["readable"].map(lines)
        opened = form["opened"].map(lines)
    }

    var source: SourceDocument { SourceDocument(name: path, bytes: Array(text.utf8)) }

    var forms: PolicyFormText { PolicyFormText(source) }

    /// Takes over what controls and buttons say.
    mutating func apply(_ form: FormBody) {
        if let word = form["view"], let wanted = EditorModel.View(rawValue: word) { view = wanted }
        if let word = form["show-side"], let wanted = EditorModel.Side(rawValue: word) { side = wanted }
        if let value = form["window"].flatMap(Int64.init), value > 0, value <= 2_592_000_000_000 { window = value }
        guard let current = currentForm else {
            choose(form)
            return
        }
        // Controls beside a text that was edited meanwhile show what it was before: they would take the editing back.
        if form["controls-of"].map({ $0 == "\(Fingerprint(text.utf8))" }) ?? true {
            let posted = PostedEdits(form, of: current)
            for (index, step) in posted.steps.enumerated() {
                if index < Self.mostSteps {
                    make(step.edit, from: step.control, form)
                } else {
                    refuse(step.control, "More than \(Self.mostSteps) changes at once: send it again.", form)
                }
            }
            for problem in posted.problems { refuse(problem.control, problem.message, form) }
        }
        let confirmed = form["confirmed"]
        if let button = confirmed ?? form["edit"] { press(button, form, isConfirmed: confirmed != nil) }
        choose(form)
    }

    private var currentForm: PolicyForm? {
        let documents = forms.documents
        return documents.indices.contains(documentIndex) ? documents[documentIndex].form : nil
    }

    /// The document is changed last: controls belong to the one that was shown.
    private mutating func choose(_ form: FormBody) {
        if let index = form["show-document"].flatMap(Int.init), index >= 0 { documentIndex = index }
    }

    private mutating func press(_ button: String, _ form: FormBody, isConfirmed: Bool) {
        do throws(PressedButton.Incomplete) {
            guard let edit = try PressedButton.edit(button, form) else { return }
            make(edit, from: control(of: button), form, button: button, isConfirmed: isConfirmed)
        } catch {
            refuse(error.control, error.message, form)
        }
    }

    /// Where problems with a button are shown: at the control that says the most about it.
    private func control(of button: String) -> String {
        let words = button.split(separator: ":", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return "part" }
        switch words[0] {
        case "addPort": return "new.\(words[1]).port"
        case "addPeer": return "new.\(words[1]).value"
        case "addTest": return "new.\(words[1]).key"
        case "addHTTP": return "new.\(words[1]).path"
        case "addRule": return "new.\(words[1])"
        case "setState": return "state.\(words[1].split(separator: ":").first ?? "")"
        default: return "part.\(words[1])"
        }
    }

    /// Makes an edit that nobody typed; one that is refused says why at the top of its part.
    mutating func make(_ edit: FormEdit) { make(edit, from: "part.\(edit.partID ?? "")", FormBody()) }

    /// Writes the document that is shown as the other kind of policy, when its meaning stays.
    mutating func convert() {
        guard let form = currentForm, let target = form.conversionTarget else { return }
        switch DocumentConversion(ofDocument: documentIndex, in: source, to: target) {
        case .converted(let bytes):
            text = String(decoding: bytes, as: UTF8.self)
            conversion = .done(target.kind)
        case .refused(let findings): conversion = .refused(target.kind, findings)
        }
    }

    private mutating func make(
        _ edit: FormEdit,
        from control: String,
        _ form: FormBody,
        button: String? = nil,
        isConfirmed: Bool = false
    ) {
        switch FormEditor(source, document: documentIndex).applying(edit, confirmed: isConfirmed) {
        case .edited(let bytes): text = String(decoding: bytes, as: UTF8.self)
        case .refused(let findings):
            let finding = findings.first
            refuse(control, finding.map { "\($0.code): \($0.message)" } ?? "This is not possible here.", form)
        case .question(let asked):
            let alternatives = asked.alternatives.compactMap { edit in
                Self.button(of: edit).map { EditorModel.Alternative(title: Self.title(of: edit), edit: $0) }
            }
            if let button {
                question = .init(sentence: asked.sentence(), edit: button, alternatives: alternatives)
            } else {
                refuse(control, asked.sentence(), form)
            }
        }
    }

    mutating func refuse(_ control: String, _ message: String, _ form: FormBody) {
        problems[control] = message
        // Everything that was typed beside it stays as it was typed.
        let stem = control.split(separator: ".").dropLast().joined(separator: ".")
        for name in form.names where name == control || name.hasPrefix(stem + ".") { typed[name] = form[name] }
    }

    private static func button(of edit: FormEdit) -> String? {
        guard case .setState(let direction, let state) = edit else { return nil }
        return "setState:\(direction == .ingress ? "inbound" : "outbound"):\(state.rawValue)"
    }

    private static func title(of edit: FormEdit) -> String {
        guard case .setState(_, let state) = edit else { return "Do that instead" }
        switch state {
        case .notRestricted: return "Set to Not restricted"
        case .restricted: return "Set to Restricted"
        case .denyAll: return "Set to Deny all"
        case .additive: return "Keep the rules without a default"
        }
    }
}
