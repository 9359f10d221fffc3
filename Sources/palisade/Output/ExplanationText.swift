// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyModel

/// The numbered steps of an explanation as text.
struct ExplanationText {
    let lines: [String]

    /// - Parameter isWide: adds every policy that has a say, and its matching rules.
    init(_ explanation: Explanation, isWide: Bool, isColored: Bool) {
        let labels = explanation.steps.flatMap { [$0.label] + $0.notes.map(\.label) }
        let labelWidth = (labels.map(\.count).max() ?? 0) + 2
        let resultWidth = (explanation.steps.map { Escaping.terminal($0.result).count }.max() ?? 0) + 2
        var lines: [String] = []
        for (index, step) in explanation.steps.enumerated() {
            let result = Escaping.terminal(step.result)
            let blanks = String(repeating: " ", count: resultWidth - result.count)
            let painted = isColored && Self.judged.contains(step.label) ? VerdictColor.painted(result) : result
            let head = "\(Self.padded("\(index + 1)", -2)) \(Self.padded(step.label, labelWidth))\(painted)"
            let text = Self.text(step, explanation.observed)
            lines.append(text.isEmpty ? head : head + blanks + Escaping.terminal(text))
            for note in step.notes {
                lines.append(Escaping.terminal("   \(Self.padded(note.label, labelWidth))\(note.text)"))
            }
        }
        if let host = explanation.hostTraffic {
            lines.append(Escaping.terminal("   \(Self.padded("host", labelWidth))\(host)"))
        }
        if isWide { lines += Self.policies(explanation.policies) }
        if let advice = explanation.advice { lines += ["", Escaping.terminal(advice)] }
        if let rule = explanation.rule { lines.append(Escaping.terminal("  \(rule)")) }
        self.lines = lines
    }

    /// Steps whose result is a judgement, in contrast to a name that may read like one.
    private static let judged: Set<String> = ["outbound", "inbound", "verdict"]

    /// The verdict's text with the time on the reader's clock.
    private static func text(_ step: Explanation.Step, _ observed: Explanation.Observed?) -> String {
        guard step.label == "verdict", let observed else { return step.text }
        return observed.sentence(since: TimeExpression.minute(observed.since))
    }

    private static func policies(_ parts: [Explanation.PolicyPart]) -> [String] {
        parts.flatMap { part -> [String] in
            let side = part.direction == .ingress ? "inbound" : "outbound"
            let isolates = part.isolates ? ", isolates" : ""
            let policy = "   policy \(part.policy) (\(side), \(part.mode.rawValue)\(isolates)) at \(part.location)"
            return [policy]
                + part.matchingRules.map { "     rule \($0.name) (\($0.action.rawValue)) at \($0.location)" }
        }.map { Escaping.terminal($0) }
    }

    /// Blanks after the text, or before it for a negative width.
    private static func padded(_ text: String, _ width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blanks + text : text + blanks
    }
}
