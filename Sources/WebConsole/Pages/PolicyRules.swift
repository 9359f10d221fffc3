// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import PolicyAnalysis
import PolicyModel

/// What each rule of a policy says and where it is written, from the policy's text and its summary.
struct PolicyRules {
    private var lines: [String: Int] = [:]
    private var sentences: [String: String] = [:]

    init(_ report: PolicyReport) {
        let source = SourceDocument(name: report.location.document, bytes: Array((report.source ?? "").utf8))
        guard let form = PolicyFormText(source).documents.compactMap(\.form).first else { return }
        for (section, word) in [(form.inbound, "inbound"), (form.outbound, "outbound")] {
            for action in [RuleAction.allow, .deny] {
                let rules = section.rules.filter { $0.action == action }
                let names = rules.map { "\(word)\(action == .deny ? "-deny" : "")/\($0.number)" }
                for (name, rule) in zip(names, rules) {
                    lines[name] = report.location.line + rule.part.span.firstLine - 1
                }
                let start = "\(word == "inbound" ? "Inbound" : "Outbound"): \(action == .deny ? "denies" : "allows") "
                let said = report.summary.filter { $0.hasPrefix(start) }
                // A rule that matches nothing has no sentence; then it is not known which sentence is whose.
                guard said.count == rules.count else { continue }
                for (name, sentence) in zip(names, said) { sentences[name] = sentence }
            }
        }
    }

    /// Every rule that is written or was used, in the order of the text.
    func rules(_ use: [String: PolicyUseReport.Use]) -> [ConsolePages.PolicyModel.Rule] {
        Set(use.keys).union(lines.keys).sorted { Self.order($0) < Self.order($1) }.map { name in
            .init(name: name, sentence: sentences[name] ?? "", line: lines[name], use: use[name])
        }
    }

    /// `inbound/2` before `inbound/10`.
    private static func order(_ rule: String) -> (String, Int) {
        let parts = rule.split(separator: "/")
        return (String(parts.first ?? ""), parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }
}
