// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// What somebody did in the rule form, as edits of the text: controls whose value is another one than the text's, then the
/// button that was pressed.
struct PostedEdits {
    /// One edit and the control that it comes from.
    struct Step {
        var edit: FormEdit
        /// The control's name, `v.inbound.1.ports.0.port`; problems are shown there.
        var control: String
    }

    /// A control whose value cannot be an edit.
    struct Problem {
        var control: String
        var message: String
    }

    private(set) var steps: [Step] = []
    private(set) var problems: [Problem] = []

    /// Values that differ from the form of the text that was posted.
    init(_ posted: FormBody, of form: PolicyForm) {
        let fields = ChangedFields(posted)
        if let name = fields.changed("v.name", from: form.name ?? "") { add(.setName(name: name), "v.name") }
        if let name = fields.changed("v.namespace", from: form.namespace ?? "") {
            add(.setNamespace(namespace: name), "v.namespace")
        }
        tests(form.subject, fields)
        for section in [form.inbound, form.outbound] {
            for rule in section.rules { changes(of: rule, fields) }
        }
    }

    private mutating func add(_ edit: FormEdit, _ control: String) { steps.append(Step(edit: edit, control: control)) }

    private mutating func tests(_ selector: FormSelector, _ fields: ChangedFields) {
        for test in selector.tests {
            let name = "v.\(test.part.id)"
            var wanted = test.test
            if let key = fields.changed(name + ".key", from: wanted.key) { wanted.key = key }
            if let word = fields.changed(name + ".comparison", from: wanted.comparison.rawValue),
                let comparison = LabelTest.Comparison(rawValue: word)
            {
                wanted.comparison = comparison
                if comparison == .exists || comparison == .doesNotExist { wanted.values = [] }
            }
            if let values = fields.changed(name + ".values", from: wanted.values.joined(separator: ", ")) {
                wanted.values = Words.list(values)
            }
            if wanted != test.test { add(.setTest(id: test.part.id, test: wanted), name + ".values") }
        }
    }

    private mutating func changes(of rule: FormRule, _ fields: ChangedFields) {
        let name = "v.\(rule.part.id)"
        for peer in rule.peers {
            peer.selectors.forEach { tests($0, fields) }
            changes(of: peer, fields)
        }
        for port in rule.ports { changes(of: port, fields) }
        for icmp in rule.icmp {
            let control = "v.\(icmp.part.id)"
            let type = fields.changed(control + ".type", from: icmp.value.type)
            let family = fields.changed(control + ".family", from: icmp.value.family ?? "")
            guard type != nil || family != nil else { continue }
            let value = ICMPValue(
                family: family.map { $0.isEmpty ? nil : $0 } ?? icmp.value.family,
                type: type ?? icmp.value.type
            )
            add(.setICMP(id: icmp.part.id, icmp: value), control + ".type")
        }
        for http in rule.http {
            let control = "v.\(http.part.id)"
            let method = fields.changed(control + ".method", from: http.value.method ?? "")
            let path = fields.changed(control + ".path", from: http.value.path ?? "")
            guard method != nil || path != nil else { continue }
            let value = HTTPValue(
                method: Words.orNothing(method ?? http.value.method),
                path: Words.orNothing(path ?? http.value.path)
            )
            add(.setHTTP(id: http.part.id, http: value), control + ".path")
        }
        for dns in rule.dns {
            guard let query = fields.changed("v.\(dns.part.id).name", from: dns.value.name) else { continue }
            add(.setDNS(id: dns.part.id, dns: DNSValue(query, isPattern: query.contains("*"))), "v.\(dns.part.id).name")
        }
        if let word = fields.changed(name + ".action", from: rule.action.rawValue),
            let action = RuleAction(rawValue: word)
        {
            add(.setAction(id: rule.part.id, action: action), name + ".action")
        }
    }

    private mutating func changes(of port: FormRule.Port, _ fields: ChangedFields) {
        let name = "v.\(port.part.id)"
        let text = fields.changed(name + ".port", from: Words.port(port.value))
        let transport = fields.changed(name + ".transport", from: port.value.transport ?? "")
        guard text != nil || transport != nil else { return }
        if let problem = text.flatMap(Words.portProblem) {
            problems.append(Problem(control: name + ".port", message: problem))
            return
        }
        let value = Words.port(
            text ?? Words.port(port.value),
            transport: transport ?? port.value.transport ?? ""
        )
        add(.setPort(id: port.part.id, port: value), name + ".port")
    }

    private mutating func changes(of peer: FormPeer, _ fields: ChangedFields) {
        let name = "v.\(peer.part.id)"
        switch peer.value {
        case .pods: return
        case .entity(let entity):
            guard let word = fields.changed(name + ".entity", from: entity) else { return }
            add(.setPeer(id: peer.part.id, peer: .entity(name: word)), name + ".entity")
        case .block(let cidr, let except):
            let block = fields.changed(name + ".cidr", from: cidr)
            let list = fields.changed(name + ".except", from: except.joined(separator: ", "))
            guard block != nil || list != nil else { return }
            let value = PeerValue.block(cidr: block ?? cidr, except: list.map(Words.list) ?? except)
            add(.setPeer(id: peer.part.id, peer: value), name + (block == nil ? ".except" : ".cidr"))
        case .dnsName(let dns):
            guard let text = fields.changed(name + ".dns", from: dns) else { return }
            let value = text.contains("*") ? PeerValue.dnsPattern(pattern: text) : .dnsName(name: text)
            add(.setPeer(id: peer.part.id, peer: value), name + ".dns")
        case .dnsPattern(let pattern):
            guard let text = fields.changed(name + ".pattern", from: pattern) else { return }
            let value = text.contains("*") ? PeerValue.dnsPattern(pattern: text) : .dnsName(name: text)
            add(.setPeer(id: peer.part.id, peer: value), name + ".pattern")
        case .service(let service, let namespace):
            let wanted = fields.changed(name + ".service", from: service)
            let place = fields.changed(name + ".namespace", from: namespace ?? "")
            guard wanted != nil || place != nil else { return }
            let value = PeerValue.service(name: wanted ?? service, namespace: Words.orNothing(place ?? namespace))
            add(.setPeer(id: peer.part.id, peer: value), name + ".service")
        }
    }
}

/// Controls of a posted form.
struct ChangedFields {
    let posted: FormBody

    init(_ posted: FormBody) { self.posted = posted }

    /// What the control says, when it says anything else than the text does.
    func changed(_ name: String, from value: String) -> String? {
        guard let given = posted[name].map(Words.trimmed), given != value else { return nil }
        return given
    }
}

/// Texts of controls.
enum Words {
    static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// `a, b c` as three words.
    static func list(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    static func orNothing(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    static func port(_ value: PortValue) -> String { (value.port ?? "") + (value.endPort.map { "-\($0)" } ?? "") }

    /// V104 for a text that begins like a number and is none; a name that begins with a digit is hardly ever meant.
    static func portProblem(_ text: String) -> String? {
        guard let first = text.first, first.isASCII, first.isNumber else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count <= 2, parts.allSatisfy({ UInt16($0).map { $0 > 0 } ?? false }) { return nil }
        return "V104: Port \"\(text)\" is not a number from 1 to 65535 or a known port name."
    }

    /// `8080`, `8000-8100` or a name; what is no range stays one text, for the editor to refuse.
    static func port(_ text: String, transport: String) -> PortValue {
        let transport = orNothing(transport)
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 2, UInt16(parts[0]) != nil, let end = Int(parts[1]) {
            return PortValue(String(parts[0]), endPort: end, transport: transport)
        }
        return PortValue(orNothing(text), transport: transport)
    }
}
