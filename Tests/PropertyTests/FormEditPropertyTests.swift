// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct FormEditPropertyTests {
    @Test func `random edits of forms change their own lines, and the form says what was meant`() {
        var random = SeededRandom(seed: Sizes.seed)
        var counts: [String: Int] = [:]
        for round in 0..<Sizes.texts {
            var generator = PolicyGenerator(random: random, namespaces: ["shop", "data"])
            let manifests = generator.policies(1 + round % 3)
            var written = WrittenText(random: generator.random)
            let text = written.text(manifests)
            random = written.random
            let document = SourceDocument(name: "p.yaml", bytes: Array(text.utf8))
            let forms = PolicyFormText(document)
            #expect(forms.problem == nil, "seed \(random.seed) round \(round)\n\(text)")
            for shown in forms.documents {
                guard let form = shown.form else { continue }
                for _ in 0..<4 {
                    guard let made = RandomFormEdit.any(of: form, in: shown.span, &random) else { continue }
                    let word = check(made, document, shown, forms)
                    let kind = "\(made.edit)".prefix { $0 != "(" }
                    counts["\(kind) \(word)", default: 0] += 1
                    counts[word, default: 0] += 1
                    guard word != "wrong" else {
                        Issue.record("seed \(Sizes.seed) round \(round): \(made.edit)")
                        return
                    }
                }
            }
        }
        let (made, refused) = (counts["made"] ?? 0, counts["refused"] ?? 0)
        #expect(made > Sizes.texts, "\(counts)")
        // Refused where a rule may not have it, or the text is written so that a small edit is not sure.
        #expect(refused * 2 < made, "\(counts)")
    }

    private enum Sizes {
        static let seed = SeededRandom.runSeed
        static let texts = ProcessInfo.processInfo.environment["PALISADE_NIGHTLY"] == "1" ? 10_000 : 400
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// What came of an edit: `made`, `refused` or `wrong`.
    private func check(
        _ made: RandomFormEdit,
        _ document: SourceDocument,
        _ shown: FormDocument,
        _ forms: PolicyFormText
    ) -> String {
        let editor = FormEditor(document, document: shown.index)
        switch editor.applying(made.edit, confirmed: true) {
        case .question: return "wrong"
        case .refused(let findings):
            let isTold = !findings.isEmpty && findings.allSatisfy { $0.severity == .error }
            #expect(isTold)
            return isTold ? "refused" : "wrong"
        case .edited(let bytes):
            let text = String(decoding: document.bytes, as: UTF8.self)
            let new = String(decoding: bytes, as: UTF8.self)
            let told: Comment = "\(made.edit)\n--- before\n\(text)\n--- after\n\(new)"
            let (old, changed) = (lines(document.bytes), lines(bytes))
            let (first, last) = (made.span.firstLine - 1, made.span.lastLine)
            // The comments above a rule belong to it.
            let isBefore = old[..<max(0, first - 4)].elementsEqual(changed.prefix(max(0, first - 4)))
            let behind = old.count - min(old.count, last)
            let isBehind =
                behind <= changed.count
                && old.suffix(max(0, behind - 1)).elementsEqual(changed.suffix(max(0, behind - 1)))
            #expect(isBefore && isBehind, told)
            let after = PolicyFormText(SourceDocument(name: "p.yaml", bytes: bytes))
            guard after.documents.count == forms.documents.count, let form = after.documents[shown.index].form else {
                Issue.record(told)
                return "wrong"
            }
            for other in forms.documents where other.index != shown.index {
                #expect(other.form.map(FormModel.init) == after.documents[other.index].form.map(FormModel.init), told)
            }
            if case .setState(let direction, let state) = made.edit {
                #expect(form.section(direction).state == state, told)
            }
            if let expected = made.expected {
                let isRight = FormModel(form) == expected
                #expect(isRight, told)
                #expect(FormModel(form) == expected, told)
                if !isRight { return "wrong" }
            }
            return isBefore && isBehind ? "made" : "wrong"
        }
    }
}
