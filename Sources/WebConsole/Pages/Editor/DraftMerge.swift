// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import PolicyAnalysis
import PolicyModel

/// A draft whose file has changed since it was opened: three texts, and what was decided about them.
struct DraftMerge {
    let draft: EditorDraft
    /// The file as it is now.
    let file: PolicyDocument
    let form: FormBody

    /// What the page shows.
    func meanwhile(isIncomplete: Bool) -> EditorModel.Meanwhile {
        guard let opened = draft.opened else {
            return .init(theirs: difference(file.text, draft.text), yours: nil)
        }
        return .init(
            theirs: difference(opened, file.text),
            yours: difference(opened, draft.text),
            conflicts: merge(opened).conflicts.map { .init($0, decision($0)) },
            isIncomplete: isIncomplete
        )
    }

    /// The draft on top of the file as it is now; `nil` while lines that both changed are undecided.
    var rebased: EditorDraft? {
        var result = draft
        if let opened = draft.opened {
            guard let text = merge(opened).text(decision) else { return nil }
            result.text = text
        }
        result.base = file.hash
        result.opened = file.text
        return result
    }

    private func merge(_ opened: String) -> LineMerge {
        LineMerge(base: opened, mine: draft.text, theirs: file.text)
    }

    private func decision(_ conflict: LineMerge.Conflict) -> LineMerge.Side? {
        form[EditorModel.Decision.name(conflict)].flatMap(LineMerge.Side.init)
    }

    private func difference(_ old: String, _ new: String) -> LineDifference {
        let forms = [old, new].map { PolicyFormText(SourceDocument(name: file.path, bytes: Array($0.utf8))) }
        return LineDifference(old: old, new: new) { line in
            line.new.map { forms[1].words(atLine: $0) } ?? line.old.map { forms[0].words(atLine: $0) } ?? ""
        }
    }
}
