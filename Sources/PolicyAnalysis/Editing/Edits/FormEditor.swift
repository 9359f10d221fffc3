// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyFormats
public import PolicyModel

/// Makes edits of a form in the text that the form shows.
///
/// The text changes in the smallest range that says what is new. What is outside of it stays byte for byte: comments,
/// order, quotes, blank lines, unknown fields. An edit whose text would be wrong, or would say anything else than what is
/// meant, is refused with findings.
///
/// ```swift
/// let editor = FormEditor(SourceDocument(name: "web.yaml", bytes: bytes))
/// editor.applying(.setPort(id: "inbound.1.ports.0", port: PortValue("8443", transport: "TCP")))
/// ```
public struct FormEditor: Sendable {
    public var source: SourceDocument
    /// Which document of the text, from 0.
    public var index: Int
    public var decoder: PolicyDecoder

    public init(_ source: SourceDocument, document index: Int = 0, decoder: PolicyDecoder = PolicyDecoder()) {
        self.source = source
        self.index = index
        self.decoder = decoder
    }

    /// The text after an edit.
    ///
    /// - Parameters:
    ///   - edit: what to do.
    ///   - confirmed: whether the edit's consequences are meant, so that nothing is asked.
    /// - Complexity: linear in the text, which is read a few times.
    public func applying(_ edit: FormEdit, confirmed: Bool = false) -> FormOutcome {
        let text: EditableText
        do throws(EditableText.TextFailure) {
            text = try EditableText(source.bytes)
        } catch {
            return .refused([error.finding(in: source.name)])
        }
        guard text.roots.indices.contains(index) else {
            return .refused([PolicyRemark.notEditable("there is no such document").finding(at: place(1, 1))])
        }
        var session = FormSession(text, index, isConfirmed: confirmed)
        let location = location(of: edit, session.index)
        do throws(FormFailure) {
            try session.apply(edit)
        } catch {
            switch error {
            case .question(let question): return .question(question)
            case .remark(let remark): return .refused([remark.finding(at: location)])
            case .refusal(let refusal):
                let place = place(Int(refusal.mark.line), Int(refusal.mark.column))
                return .refused([PolicyRemark.notEditable(refusal.reason).finding(at: place)])
            }
        }
        let changed = session.text.bytes
        let findings = newErrors(in: changed, at: location)
        return findings.isEmpty ? .edited(changed) : .refused(findings)
    }

    /// Errors that the text does not have now, told of the part that was edited.
    private func newErrors(in changed: [UInt8], at location: SourceLocation) -> [Finding] {
        struct Key: Hashable {
            var code: String
            var message: String
        }
        func errors(_ bytes: [UInt8]) -> [Finding] {
            decoder.decode(SourceDocument(name: source.name, bytes: bytes)).findings.filter { $0.severity == .error }
        }
        var known = errors(source.bytes).reduce(into: [Key: Int]()) {
            $0[Key(code: $1.code, message: $1.message), default: 0] += 1
        }
        return errors(changed).filter { finding in
            let key = Key(code: finding.code, message: finding.message)
            guard let count = known[key], count > 0 else { return true }
            known[key] = count - 1
            return false
        }.map { Finding($0.code, $0.severity, $0.message, at: location) }
    }

    private func location(of edit: FormEdit, _ index: FormIndex) -> SourceLocation {
        var mark = index.text.roots[index.index].start
        if let id = edit.partID, let path = index.paths[id] {
            let surgery = TextSurgery(bytes: source.bytes, root: index.text.roots[index.index], style: index.text.style)
            // A part that is written elsewhere is told of where the document begins.
            if let place = try? surgery.place(path) { mark = place.key?.start ?? place.node.start }
        }
        return place(Int(mark.line), Int(mark.column))
    }

    private func place(_ line: Int, _ column: Int) -> SourceLocation {
        SourceLocation(document: source.name, line: line, column: column)
    }
}

/// Why an edit of a form is not made.
enum FormFailure: Error {
    case refusal(EditRefusal)
    case remark(PolicyRemark)
    case question(FormQuestion)
}

/// One edit of a form on its way: a text and the changes made so far.
struct FormSession {
    private(set) var text: EditableText
    /// The form of the text before any change.
    let index: FormIndex
    let isConfirmed: Bool

    init(_ text: EditableText, _ document: Int, isConfirmed: Bool) {
        self.text = text
        self.isConfirmed = isConfirmed
        index = FormIndex(text, document: document)
    }

    var root: TextNode { text.roots[index.index] }

    func form() throws(FormFailure) -> PolicyForm {
        guard let form = index.document.form else { throw .remark(.notEditable("the whole document is locked")) }
        return form
    }

    var isCilium: Bool { index.document.form.map { $0.policyKind != .networkPolicy } ?? false }

    /// A node of the text as it is now; `nil` where there is none, or nothing in it.
    func node(_ path: TreeEdit.Path) -> TextNode? {
        var node = root
        for step in path {
            switch step {
            case .key(let key):
                guard let value = node[key] else { return nil }
                node = value
            case .item(let index):
                guard node.items.indices.contains(index) else { return nil }
                node = node.items[index]
            }
        }
        return node.isNull ? nil : node
    }

    func path(_ id: String) throws(FormFailure) -> TreeEdit.Path {
        guard let path = index.paths[id] else {
            throw .remark(.notEditable("there is no part \"\(Escaped.plain(id))\" in this text"))
        }
        return path
    }

    func ask(_ question: FormQuestion) throws(FormFailure) {
        guard isConfirmed else { throw .question(question) }
    }

    mutating func change(_ edit: TreeEdit) throws(FormFailure) {
        do throws(EditRefusal) {
            text = try text.applying(edit, to: index.index)
        } catch {
            throw .refusal(error)
        }
    }

    /// Sets a value, and makes the objects around it that are not there yet.
    mutating func set(_ path: TreeEdit.Path, _ value: TextValue, after: [String] = []) throws(FormFailure) {
        var (path, value) = (path, value)
        while path.count > 1, case .key(let key) = path.last, node(Array(path.dropLast())) == nil,
            case .key = path[path.count - 2]
        {
            value = .fields([(key, value)])
            path.removeLast()
        }
        if node(path).map(TextValue.init) == value { return }
        try change(.set(path, value, after: after))
    }

    /// Sets a value, or takes its key away where there is none.
    mutating func set(_ path: TreeEdit.Path, optional value: TextValue?) throws(FormFailure) {
        guard let value else {
            if node(path) != nil { try change(.remove(path)) }
            return
        }
        try set(path, value)
    }

    /// Puts an item at the end of a list, which is made where there is none.
    mutating func append(_ value: TextValue, to list: TreeEdit.Path, after: [String] = []) throws(FormFailure) {
        guard let items = node(list)?.items, !items.isEmpty else { return try set(list, .list([value]), after: after) }
        try change(.insert(list: list, index: items.count, value))
    }

    mutating func apply(_ edit: FormEdit) throws(FormFailure) {
        _ = try form()
        switch edit {
        case .setName(let name): try set([.key("metadata"), .key("name")], .string(name))
        case .setNamespace(let namespace): try set([.key("metadata"), .key("namespace")], .string(namespace))
        case .setDescription(let text):
            guard isCilium else { throw .remark(.needsCilium("A description")) }
            try set(FormReader.spec + "description", optional: text.map(TextValue.string))
        case .setAnnotation(let key, let value): try setAnnotation(key, value)
        case .setState(let direction, let state): try setState(direction, state)
        case .addRule(let direction, let action, let rule): try addRule(direction, action, rule)
        case .removeRule(let id): try removeRule(id)
        case .duplicateRule(let id): try duplicateRule(id)
        case .moveRule(let id, let distance): try moveRule(id, by: distance)
        case .setAction(let id, let action): try setAction(id, action)
        case .addPeer(let rule, let peer): try addPeer(rule, peer)
        case .setPeer(let id, let peer): try setPeer(id, peer)
        case .removePeer(let id): try removePeer(id)
        case .addTest(let selector, let test): try addTest(test, to: path(selector))
        case .setTest(let id, let test): try setTest(id, test)
        case .removeTest(let id): try removeTest(id)
        case .addPort(let rule, let port): try addPort(rule, port)
        case .setPort(let id, let port): try setPort(id, port)
        case .removePort(let id): try removePort(id)
        case .addHTTP, .setHTTP, .removeHTTP, .addDNS, .setDNS, .removeDNS, .addICMP, .setICMP, .removeICMP:
            try applyCondition(edit)
        }
    }

    private mutating func setAnnotation(_ key: String, _ value: String?) throws(FormFailure) {
        let annotations: TreeEdit.Path = [.key("metadata"), .key("annotations")]
        if value == nil, node(annotations)?.pairs.map(\.key.name) == [key] {
            return try change(.remove(annotations))
        }
        try set(annotations + key, optional: value.map(TextValue.string))
    }
}
