// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ConsolePages
import ControlPlane
import HTTPTypes
import Hummingbird
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// The policy editor: opening, editing, checking and saving a policy file.
struct EditorPages: Sendable {
    /// Where editing a file is.
    static func link(_ environment: String, path: String, query: [Link.Parameter] = []) -> Link {
        Link(segments: ["e", environment, "edit"], query: [Link.Parameter("path", path)] + query)
    }

    var routes: [PageRoute] {
        [
            .get("e/{environment}/edit", .namespaces(.proposeChanges), open),
            .post("e/{environment}/edit", .namespaces(.proposeChanges), post),
            .get("e/{environment}/policies/new", .namespaces(.proposeChanges), new),
            .post("e/{environment}/policies/new", .namespaces(.proposeChanges), post),
        ]
    }

    @Sendable
    private func open(_ request: PageRequest) async throws -> Response {
        let file = try await request.place().editing.policyDocument(request.query("path") ?? "")
        try EditorScope(view: request.view).check(file.text)
        var draft = EditorDraft(text: file.text, path: file.path, base: file.hash)
        draft.opened = file.text
        if let view = request.query("view").flatMap(EditorModel.View.init) { draft.view = view }
        let kept = try await DraftKeeping(request).restore(&draft, file)
        if let policy = request.query("policy") { draft.documentIndex = Self.index(of: policy, in: draft.forms) }
        return try await answer(draft, request, restored: kept)
    }

    /// The document of a policy, by `namespace/name`.
    private static func index(of policy: String, in forms: PolicyFormText) -> Int {
        forms.documents.first { document in
            let name = document.form?.name ?? ""
            return document.form?.namespace.map { "\($0)/\(name)" } ?? name == policy
        }?.index ?? 0
    }

    @Sendable
    private func new(_ request: PageRequest) async throws -> Response {
        guard let id = request.query("template") else { return try await choice(request) }
        guard let template = PolicyTemplate(rawValue: id) else {
            throw ServiceError(.notFound, "There is no template \(id).")
        }
        let namespace = Words.trimmed(request.query("namespace") ?? "default")
        let name = Words.orNothing(Words.trimmed(request.query("name") ?? ""))
        var labels: [String: String] = [:]
        for word in Words.list(request.query("labels") ?? "") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ServiceError(
                    .badRequest,
                    "\"\(word)\" is not a label.",
                    fix: "Write labels like app=web, tier=front."
                )
            }
            labels[parts[0]] = parts[1]
        }
        let text = template.text(.init(name: name, namespace: namespace, labels: labels))
        let folder = template.startsDisabled ? "disabled/" : ""
        let path = "\(folder)\(namespace)/\(name ?? template.rawValue).yaml"
        return try await answer(EditorDraft(text: text, path: path, base: ""), request)
    }

    private func choice(_ request: PageRequest) async throws -> Response {
        let context = await request.pageContext()
        let place = try request.place()
        let namespaces = await place.insight.coverage(request.view).items.map(\.namespace)
        let model = NewPolicyModel(
            templates: PolicyTemplate.allCases.map { template in
                let state = template.startsDisabled ? " It starts disabled." : ""
                return .init(id: template.rawValue, title: template.title, summary: template.summary + state)
            },
            namespaces: Set(namespaces).sorted()
        )
        return request.answer(NewPolicyPage.page(model, context), context)
    }

    @Sendable
    private func post(_ request: PageRequest) async throws -> Response {
        let form = request.form
        let isNew = (form["base"] ?? "").isEmpty
        var draft: EditorDraft
        if isNew {
            draft = EditorDraft(form, path: nil)
            try await checkNew(draft.path, request)
        } else {
            let present = try await request.place().editing.policyDocument(request.query("path") ?? "")
            try EditorScope(view: request.view).check(present.text)
            // As it is on disk, to the byte: forms lose mixed line ends.
            let file = present.hash == form["base"] ? present.text : nil
            draft = EditorDraft(form, path: request.query("path"), file: file)
            if let file { draft.opened = file }
        }
        draft.apply(form)
        switch form["do"] {
        case "discard":
            try await DraftKeeping(request).forget(draft.path)
            return request.redirect(to: try afterwards(draft, request))
        case "reload":
            try await DraftKeeping(request).forget(draft.path)
            let file = try await request.place().editing.policyDocument(draft.path)
            return request.redirect(to: Self.link(try request.place().name, path: file.path))
        case "rebase":
            let file = try await request.place().editing.policyDocument(draft.path)
            try EditorScope(view: request.view).check(file.text)
            let rebased = DraftMerge(draft: draft, file: file, form: form).rebased
            return try await answer(rebased ?? draft, request, isUndecided: rebased == nil)
        case "convert": draft.convert()
        case "save":
            // What was typed and refused is shown first: nothing is written without it.
            guard draft.problems.isEmpty, draft.question == nil else { break }
            return try await save(draft, request)
        case "enable", "disable": return try await setEnabled(form["do"] == "enable", draft, request)
        case "delete": return try await delete(draft, request)
        default: break
        }
        if let index = form["fix"].flatMap(Int.init) { try await fix(index, &draft, request) }
        if let index = form["allow"].flatMap(Int.init) { try await allow(index, &draft, request) }
        return try await answer(draft, request)
    }

    /// A new file may have the name of one that is there: what is compared with it would show it.
    private func checkNew(_ path: String, _ request: PageRequest) async throws {
        guard request.view != .all, PolicyPath.problem(path) == nil else { return }
        let present: PolicyDocument
        do {
            present = try await request.place().editing.policyDocument(path)
        } catch let error as ServiceError where error.code == .notFound {
            return  // The name is free.
        }
        try EditorScope(view: request.view).check(present.text)
    }

    /// Makes the fix of a finding, by its place in the list of the present check.
    private func fix(_ index: Int, _ draft: inout EditorDraft, _ request: PageRequest) async throws {
        // Of the list that is shown: others' findings are not in it.
        let check = EditorScope(view: request.view).shown(
            try await request.place().editing.check(DraftRequest(path: draft.path, text: draft.text, window: 0))
        )
        guard check.findings.indices.contains(index) else { return }
        let fixed = FixedText.applying([check.findings[index]], to: Array(draft.text.utf8), onlySafe: false)
        draft.text = String(decoding: fixed.bytes, as: UTF8.self)
    }

    /// Puts the narrowest rule for a newly dropped connection into the draft.
    private func allow(_ index: Int, _ draft: inout EditorDraft, _ request: PageRequest) async throws {
        // Recorded traffic is replayed for who sees all of it only.
        guard request.view == .all else { throw ServiceError(.notPermitted, "You may not do that here.") }
        let check = try await request.place().editing.check(
            DraftRequest(path: draft.path, text: draft.text, window: draft.window)
        )
        guard let rows = check.impact?.rows, rows.indices.contains(index), !rows[index].allow.isEmpty else {
            throw ServiceError(.conflict, "That connection is no longer newly dropped.", fix: "Look at Impact again.")
        }
        let shown = draft.documentIndex
        for proposal in rows[index].allow {
            guard let document = draft.forms.index(of: proposal.policy) else { continue }
            draft.documentIndex = document
            draft.make(proposal.edit)
        }
        draft.documentIndex = shown
    }

    private func save(_ draft: EditorDraft, _ request: PageRequest) async throws -> Response {
        let place = try request.place()
        try EditorScope(view: request.view).check(draft.text)
        let wanted = SaveRequest(path: draft.path, text: draft.text, base: draft.base)
        do {
            _ = try await request.console.audit.recording(
                AuditAction("policy.save", on: "policy-file/\(draft.path)", in: place.name),
                request.context
            ) { record in
                let saved = try await place.editing.save(wanted)
                record.changes = [.init(field: "sha256", before: draft.base, after: saved.hash)]
                return saved
            }
        } catch let error as ServiceError where error.code == .conflict {
            return try await answer(draft, request, isConflict: true)
        } catch let error as ServiceError where error.code == .badRequest {
            return try await answer(draft, request, obstacle: error.description)
        }
        try await DraftKeeping(request).forget(draft.path)
        return request.redirect(to: try afterwards(draft, request).setting("done", "saved"))
    }

    /// Moves the file as it is on disk; what is in the draft and not saved stays with its author.
    private func setEnabled(_ isEnabled: Bool, _ draft: EditorDraft, _ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let action = AuditAction(
            isEnabled ? "policy.enable" : "policy.disable",
            on: "policy-file/\(draft.path)",
            in: place.name
        )
        let wanted = EnableRequest(path: draft.path, enabled: isEnabled, base: draft.base)
        do {
            let moved = try await request.console.audit.recording(action, request.context) { _ in
                try await place.editing.setEnabled(wanted)
            }
            return request.redirect(to: Self.link(place.name, path: moved.path))
        } catch let error as ServiceError where error.code == .conflict {
            return try await answer(draft, request, isConflict: true)
        } catch let error as ServiceError where error.code == .badRequest {
            return try await answer(draft, request, obstacle: error.description)
        }
    }

    private func delete(_ draft: EditorDraft, _ request: PageRequest) async throws -> Response {
        var draft = draft
        let place = try request.place()
        let documents = draft.forms.documents
        guard documents.indices.contains(draft.documentIndex), let form = documents[draft.documentIndex].form,
            let name = form.name
        else { throw ServiceError(.badRequest, "The document that is shown is no policy with a name.") }
        guard Words.trimmed(request.form["confirm-delete"] ?? "") == name else {
            draft.refuse("confirm-delete", "That is not \(name). Nothing was deleted.", request.form)
            return try await answer(draft, request)
        }
        // The text is the caller's, and need not be that of the file.
        try EditorScope(view: request.view).check(draft.text)
        let wanted = DeleteRequest(policyKind: form.policyKind, namespace: form.namespace, name: name, base: draft.base)
        let full = form.namespace.map { "\($0)/\(name)" } ?? name
        do {
            try await request.console.audit.recording(
                AuditAction("policy.delete", on: "policy/\(full)", in: place.name),
                request.context
            ) { _ in try await place.editing.delete(wanted) }
        } catch let error as ServiceError where error.code == .conflict {
            return try await answer(draft, request, isConflict: true)
        }
        return request.redirect(to: Link("e", place.name, "policies"))
    }

    /// The page of the policy that was edited; the list where it has no name.
    private func afterwards(_ draft: EditorDraft, _ request: PageRequest) throws -> Link {
        let name = try request.place().name
        // What is kept and not in force has no page of its own.
        if draft.path.hasPrefix("disabled/") { return Link("e", name, "policies") }
        let documents = draft.forms.documents
        guard documents.indices.contains(draft.documentIndex), let form = documents[draft.documentIndex].form,
            let policy = form.name, form.namespace != nil || form.policyKind == .ciliumClusterwideNetworkPolicy
        else { return Link("e", name, "policies") }
        return PoliciesPages.link(name, kind: form.policyKind, namespace: form.namespace, name: policy)
    }

    func answer(
        _ draft: EditorDraft,
        _ request: PageRequest,
        isConflict: Bool = false,
        isUndecided: Bool = false,
        obstacle: String? = nil,
        restored: Int64? = nil
    ) async throws -> Response {
        let place = try request.place()
        let notices: [PageContext.Notice] =
            restored.map { time in
                let text =
                    "Your draft of \(CivilTime(microseconds: time).timeText) UTC is back. Discard changes goes back to the file."
                return [.init(.remark, text)]
            } ?? []
        let context = await request.pageContext(command: "palisade policy lint \(draft.path)", notices: notices)
        let isNew = draft.base.isEmpty
        let action =
            isNew ? Link("e", place.name, "policies", "new") : Self.link(place.name, path: draft.path)
        var model = EditorModel(action: action, path: draft.path, isNew: isNew, text: draft.text, base: draft.base)
        try await EditorFacts(place: place, request: request, draft: draft).fill(&model)
        if let obstacle { model.obstacle = obstacle }
        if !isNew { try await compare(&model, draft, request, isUndecided: isUndecided) }
        // What is the file's own text is no draft: kept, it would come back when the file has moved on.
        if request.request.method == .post, isNew || model.check?.difference.isEmpty == false {
            model.draftSaved = try await DraftKeeping(request).keep(draft)
        }
        return request.answer(EditorPage.page(model, context), context, status: isConflict ? .conflict : .ok)
    }

    /// Blocks saving when the file is not the one that was opened, and shows both edits.
    private func compare(
        _ model: inout EditorModel,
        _ draft: EditorDraft,
        _ request: PageRequest,
        isUndecided: Bool
    ) async throws {
        model.opened = draft.opened?.replacing("\r\n", with: "\n")
        let file = try await request.place().editing.policyDocument(draft.path)
        guard file.hash != draft.base else { return }
        try EditorScope(view: request.view).check(file.text)
        model.meanwhile = DraftMerge(draft: draft, file: file, form: request.form).meanwhile(isIncomplete: isUndecided)
        model.obstacle = "Saving is not possible: the policy changed after you opened it (V220). Decide above."
    }
}
