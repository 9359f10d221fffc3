// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import PolicyAnalysis
import PolicyModel

/// What somebody may edit who may write policies in some namespaces only: files whose every policy is in one of them.
struct EditorScope {
    /// Where policies may be written.
    let view: NamespaceView

    /// Findings that the text alone gives rise to: the others tell about policies and workloads of other namespaces.
    private static let ownCodes: Set<String> = {
        let syntax = (101...119).map { "V\($0)" }
        return Set(syntax + ["V150", "V181", "V201", "V202"])
    }()

    /// - Throws: `ServiceError` `notPermitted` when anything in the text is not the caller's to write. What cannot be read is
    ///   nobody's but whose who may write everything.
    func check(_ text: String) throws {
        guard view != .all else { return }
        let forms = PolicyFormText(SourceDocument(name: "-", bytes: Array(text.utf8)))
        let isOwn =
            forms.problem == nil
            && forms.documents.allSatisfy { document in
                // A cluster-wide policy is in no namespace, whatever its text says.
                guard let form = document.form, form.policyKind != .ciliumClusterwideNetworkPolicy else { return false }
                return form.namespace.map { view.contains($0) } ?? false
            }
        guard isOwn else {
            let names = view.names?.joined(separator: ", ") ?? ""
            throw ServiceError(
                .notPermitted,
                "You may write policies of these namespaces only: \(names).",
                fix: "Every policy of the file must name one of them."
            )
        }
    }

    /// The check of a draft without what it says about other namespaces.
    func shown(_ check: DraftCheck) -> DraftCheck {
        guard view != .all else { return check }
        var check = check
        check.findings = check.findings.filter { Self.ownCodes.contains($0.code) }
        check.impact = nil
        return check
    }
}
