// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// Everything that the editor shows beside a text: what it means, does, and matches.
struct EditorFacts {
    let place: ConsoleEnvironment
    let request: PageRequest
    let draft: EditorDraft

    func fill(_ model: inout EditorModel) async throws {
        model.documentIndex = draft.documentIndex
        model.view = draft.view
        model.side = draft.side
        model.window = draft.window
        model.problems = draft.problems
        model.typed = draft.typed
        model.question = draft.question
        model.conversion = draft.conversion
        model.hasCodeEditor = AssetPages.hasEditor
        try await forms(&model)
        do {
            // Who does not see the whole environment sees nothing of its traffic here: counts would tell of the rest.
            let window = request.view == .all ? draft.window : 0
            let check = try await place.editing.check(
                DraftRequest(path: draft.path, text: draft.text, window: window)
            )
            model.check = EditorScope(view: request.view).shown(check)
            model.seesTraffic = request.view == .all
        } catch let error as ServiceError {
            model.checkProblem = error.description
        }
        try await world(&model)
        try await use(&model)
        model.obstacle = obstacle(model)
    }

    /// The form of the text; of the file as it is in force when this text cannot be read.
    private func forms(_ model: inout EditorModel) async throws {
        model.forms = draft.forms
        guard model.forms.problem != nil, !draft.base.isEmpty else {
            model.isFormStale = model.forms.problem != nil
            return
        }
        let deployed = try await place.editing.policyDocument(draft.path)
        model.forms = PolicyFormText(SourceDocument(name: draft.path, bytes: Array(deployed.text.utf8)))
        model.isFormStale = true
    }

    private func obstacle(_ model: EditorModel) -> String? {
        let errors = model.check?.findings.filter { $0.severity == .error } ?? []
        if let problem = model.checkProblem { return problem }
        if let first = errors.first {
            let more = errors.count == 1 ? "" : " There are \(errors.count) errors in all."
            return "Saving is not possible: \(first.code): \(first.message)\(more)"
        }
        if let problem = draft.problems.values.sorted().first { return "Saving is not possible: \(problem)" }
        return nil
    }

    /// Labels for completion, and how many endpoints each selector matches.
    private func world(_ model: inout EditorModel) async throws {
        // Without the whole world nothing is counted: a number would be of a part of it.
        // Nor before the world was read for the first time: what cannot be counted is left out.
        guard request.view == .all, let world = try? await place.service.world(.all, texts: false) else { return }
        var values: [String: Set<String>] = [:]
        for endpoint in world.endpoints {
            for (key, value) in endpoint.labels { values[key, default: []].insert(value) }
        }
        model.labels = EditorModel.Labels(
            keys: Array(values.keys.sorted().prefix(200)),
            values: values.mapValues { Array($0.sorted().prefix(50)) },
            namespaces: Set(world.endpoints.map(\.namespace)).sorted()
        )
        guard let form = model.forms.documents.first(where: { $0.index == draft.documentIndex })?.form else { return }
        model.matches = SelectorMatches(world: world, form: form).counts
    }

    /// `last matched 2 min ago · `.
    private func ago(_ time: Timestamp?) -> String {
        guard let time else { return "" }
        let seconds = max(0, request.console.now() - time.microseconds) / 1_000_000
        let text =
            switch seconds {
            case ..<60: "\(seconds) s"
            case ..<3_600: "\(seconds / 60) min"
            case ..<86_400: "\(seconds / 3_600) h"
            default: "\(seconds / 86_400) d"
            }
        return "last matched \(text) ago · "
    }

    private func use(_ model: inout EditorModel) async throws {
        guard let form = model.forms.documents.first(where: { $0.index == draft.documentIndex })?.form,
            let name = form.name
        else { return }
        let policy = form.namespace.map { "\($0)/\(name)" } ?? name
        guard let use = try await PoliciesPages.use(request)[policy] else { return }
        for rule in form.inbound.rules + form.outbound.rules {
            let word = rule.part.id.hasPrefix("inbound") ? "inbound" : "outbound"
            let suffix = rule.action == .deny ? "-deny" : ""
            guard let count = use.rules["\(word)\(suffix)/\(rule.number)"] else { continue }
            model.ruleUse[rule.part.id] =
                count.total == 0
                ? "never matched \(PoliciesPages.usePhrase)"
                : "\(ago(count.lastUsed))\(count.total) flows \(PoliciesPages.usePhrase)"
        }
    }
}

/// How many endpoints the selectors of a form match now.
struct SelectorMatches {
    let counts: [String: Int]

    init(world: WorldReport, form: PolicyForm) {
        var counts: [String: Int] = [:]
        let isClusterwide = form.policyKind == .ciliumClusterwideNetworkPolicy
        let own = form.namespace ?? "default"
        let endpoints = world.endpoints
        counts[form.subject.part.id] = endpoints.count { endpoint in
            (isClusterwide || endpoint.namespace == own) && Self.passes(form.subject.tests.map(\.test), endpoint)
        }
        for peer in (form.inbound.rules + form.outbound.rules).flatMap(\.peers) {
            guard case .pods(let tests, let namespaces) = peer.value, peer.selectors.allSatisfy(\.locked.isEmpty) else {
                continue
            }
            counts[peer.part.id] = endpoints.count { endpoint in
                Self.isIn(endpoint.namespace, namespaces, own, world) && Self.passes(tests, endpoint)
            }
        }
        self.counts = counts
    }

    private static func isIn(
        _ namespace: String,
        _ choice: NamespaceChoice,
        _ own: String,
        _ world: WorldReport
    ) -> Bool {
        switch choice {
        case .own: namespace == own
        case .all: true
        case .named(let name): namespace == name
        case .matching(let tests):
            tests.allSatisfy { passes($0, world.namespaceLabels[namespace] ?? [:]) }
        }
    }

    private static func passes(_ tests: [LabelTest], _ endpoint: WorldReport.Item) -> Bool {
        tests.allSatisfy { passes($0, endpoint.labels) }
    }

    /// Cilium writes the source of a label before its key; what comes from Kubernetes is what endpoints have here.
    private static func passes(_ test: LabelTest, _ labels: [String: String]) -> Bool {
        var key = test.key
        for source in ["k8s:", "any:"] where key.hasPrefix(source) { key.removeFirst(source.count) }
        let value = labels[key]
        switch test.comparison {
        case .equals, .isIn: return value.map(test.values.contains) ?? false
        case .isNotIn: return !(value.map(test.values.contains) ?? false)
        case .exists: return value != nil
        case .doesNotExist: return value == nil
        }
    }
}
