// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import FlowModel
import NetworkPrimitives

/// Why a flow has its verdict, in sentences made from the record alone.
///
/// `Explanation` knows more (the closest rule); this is what can be said without asking again.
public enum DecisionStory {
    public static func sentences(_ item: FlowItem) -> [String] {
        let decision = item.decision
        let subject = item.direction == .ingress ? item.destination : item.source
        let side = item.direction == .ingress ? "inbound" : "outbound"
        let word = VerdictMark.word(item.verdict)
        switch decision.reason {
        case .allowedByRule:
            return ["\(word) by \(decision.policy ?? "a policy"), \(ruleText(decision.rule, side))."]
        case .policyDeny:
            let by = "\(decision.policy ?? "a policy"), \(ruleText(decision.rule, side))"
            return ["\(word) at \(side) of \(subject.title): \(by) denies it."]
        case .policyDenied:
            return ["\(word) at \(side) of \(subject.title)."] + isolation(item, subject, side)
        case .notIsolated:
            return ["\(word): no policy restricts \(item.source.title) outbound or \(item.destination.title) inbound."]
        case .hostTraffic:
            return ["\(word): traffic from the host to its own container is not judged by policies here."]
        case .unknownEndpoint, .invalidSource, .invalidPacket:
            return ["\(word) at \(side) of \(subject.title): \(decision.reasonText.lowercased())."]
        }
    }

    private static func isolation(_ item: FlowItem, _ subject: FlowItem.Party, _ side: String) -> [String] {
        let names = item.decision.isolatedBy
        let other = item.direction == .ingress ? item.source : item.destination
        let relation = item.direction == .ingress ? "from" : "to"
        guard !names.isEmpty else { return ["No rule allows \(item.portText) \(relation) \(other.title)."] }
        let list = names.joined(separator: ", ")
        let isolates = names.count == 1 ? "1 policy isolates" : "\(names.count) policies isolate"
        let none = names.count == 1 ? "It does not allow" : names.count == 2 ? "Neither allows" : "None of them allows"
        return [
            "\(isolates) it \(side): \(list).",
            "\(none) \(item.portText) \(relation) \(other.title).",
        ]
    }

    /// `inbound/1` as `inbound rule 1`.
    private static func ruleText(_ rule: String?, _ side: String) -> String {
        guard let rule else { return "\(side) rule" }
        let parts = rule.split(separator: "/")
        return parts.count == 2 ? "\(parts[0]) rule \(parts[1])" : "rule \(rule)"
    }
}
