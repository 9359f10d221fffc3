// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// The edit that a button of the rule form stands for: `addPort:inbound.1`, with the controls beside it.
enum PressedButton {
    /// Why there is no edit: the control that misses something, and the sentence.
    struct Incomplete: Error {
        var control: String
        var message: String
    }

    /// - Throws: `Incomplete` when the controls beside the button say too little.
    /// - Returns: `nil` for text that is no button of ours.
    static func edit(_ text: String, _ posted: FormBody) throws(Incomplete) -> FormEdit? {
        let words = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return nil }
        let id = words[1]
        switch words[0] {
        case "removeRule": return .removeRule(id: id)
        case "duplicateRule": return .duplicateRule(id: id)
        case "removePeer": return .removePeer(id: id)
        case "removeTest": return .removeTest(id: id)
        case "removePort": return .removePort(id: id)
        case "removeHTTP": return .removeHTTP(id: id)
        case "removeDNS": return .removeDNS(id: id)
        case "removeICMP": return .removeICMP(id: id)
        case "moveRule": return move(id)
        case "setState": return state(id)
        case "addTest": return try test(id, posted)
        case "addPort": return .addPort(rule: id, port: try port(id, posted))
        case "addHTTP": return http(id, posted)
        case "addPeer": return .addPeer(rule: id, peer: try peer(id, posted))
        case "addRule": return try rule(id, posted)
        default: return nil
        }
    }

    private static func move(_ text: String) -> FormEdit? {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2, let places = Int(parts[1]), abs(places) == 1 else { return nil }
        return .moveRule(id: parts[0], by: places)
    }

    private static func state(_ text: String) -> FormEdit? {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2, let direction = direction(parts[0]), let state = FormSection.State(rawValue: parts[1])
        else {
            return nil
        }
        return .setState(direction: direction, state: state)
    }

    private static func direction(_ word: String) -> Direction? {
        switch word {
        case "inbound": .ingress
        case "outbound": .egress
        default: nil
        }
    }

    private static func test(_ id: String, _ posted: FormBody) throws(Incomplete) -> FormEdit {
        let key = value("new.\(id).key", posted)
        guard !key.isEmpty else { throw Incomplete(control: "new.\(id).key", message: "Name the label.") }
        let values = Words.list(value("new.\(id).value", posted))
        let comparison: LabelTest.Comparison = values.isEmpty ? .exists : values.count == 1 ? .equals : .isIn
        return .addTest(selector: id, test: LabelTest(key, comparison, values))
    }

    private static func port(_ id: String, _ posted: FormBody) throws(Incomplete) -> PortValue {
        let text = value("new.\(id).port", posted)
        guard !text.isEmpty else { throw Incomplete(control: "new.\(id).port", message: "Name the port.") }
        if let problem = Words.portProblem(text) { throw Incomplete(control: "new.\(id).port", message: problem) }
        return Words.port(text, transport: value("new.\(id).transport", posted))
    }

    private static func http(_ id: String, _ posted: FormBody) -> FormEdit {
        .addHTTP(
            rule: id,
            http: HTTPValue(
                method: Words.orNothing(value("new.\(id).method", posted)),
                path: Words.orNothing(value("new.\(id).path", posted))
            )
        )
    }

    private static func rule(_ word: String, _ posted: FormBody) throws(Incomplete) -> FormEdit? {
        guard let direction = direction(word) else { return nil }
        let action = RuleAction(rawValue: value("new.\(word).action", posted)) ?? .allow
        let hasPeer = !value("new.\(word).value", posted).isEmpty || !value("new.\(word).namespace", posted).isEmpty
        let port = value("new.\(word).port", posted)
        guard hasPeer || !port.isEmpty else {
            throw Incomplete(control: "new.\(word)", message: "Say whom the rule is about, or on which port.")
        }
        let peers = hasPeer ? [try peer(word, posted)] : []
        if let problem = Words.portProblem(port) { throw Incomplete(control: "new.\(word)", message: problem) }
        let ports = port.isEmpty ? [] : [Words.port(port, transport: value("new.\(word).transport", posted))]
        return .addRule(direction: direction, action: action, rule: RuleDraft(peers: peers, ports: ports))
    }

    private static func peer(_ id: String, _ posted: FormBody) throws(Incomplete) -> PeerValue {
        let text = value("new.\(id).value", posted)
        let namespace = value("new.\(id).namespace", posted)
        let kind = value("new.\(id).kind", posted)
        guard !text.isEmpty || kind == "pods" && !namespace.isEmpty else {
            throw Incomplete(control: "new.\(id).value", message: "Say which.")
        }
        switch kind {
        case "entity": return .entity(name: text)
        case "cidr": return .block(cidr: text, except: [])
        case "dns": return text.contains("*") ? .dnsPattern(pattern: text) : .dnsName(name: text)
        case "service": return .service(name: text, namespace: Words.orNothing(namespace))
        default:
            let tests = try labels(text, "new.\(id).value")
            return .pods(labels: tests, namespaces: namespace.isEmpty ? .own : .named(name: namespace))
        }
    }

    /// `app=web, tier=front`.
    private static func labels(_ text: String, _ control: String) throws(Incomplete) -> [LabelTest] {
        var tests: [LabelTest] = []
        for word in Words.list(text) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Incomplete(control: control, message: "Write labels like app=web, tier=front.")
            }
            tests.append(LabelTest(parts[0], .equals, [parts[1]]))
        }
        return tests
    }

    private static func value(_ name: String, _ posted: FormBody) -> String { Words.trimmed(posted[name] ?? "") }
}
