// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel
import TestSupport

/// A random edit of a form, with what the form has to say after it and the lines that may change.
struct RandomFormEdit {
    var edit: FormEdit
    /// `nil`: only the shape of the edit is checked.
    var expected: FormModel?
    var span: TextSpan

    private static let labels = [
        LabelTest("app", .equals, ["changed"]), LabelTest("new.io/key", .equals, ["v1"]),
        LabelTest("tier", .isNotIn, ["a", "b"]), LabelTest("x", .exists, []), LabelTest("y", .doesNotExist, []),
    ]
    private static let ports = [
        PortValue("8443", transport: "TCP"), PortValue("53", transport: "UDP"),
        PortValue("7000", endPort: 7010, transport: "TCP"),
        PortValue("http", transport: "TCP"), PortValue("1234"),
    ]

    /// `nil` where the form has nothing to do it to.
    static func any(of form: PolicyForm, in document: TextSpan, _ random: inout SeededRandom) -> RandomFormEdit? {
        var model = FormModel(form)
        let isInbound = random.chance(50)
        let section = isInbound ? form.inbound : form.outbound
        let way = isInbound ? \FormModel.inbound : \FormModel.outbound
        let whole = document
        guard let index = section.rules.indices.randomElement(using: &random), random.chance(85) else {
            return policy(form, model, section, way, whole, &random)
        }
        let rule = section.rules[index]
        let port = random.pick(Self.ports)
        var span = rule.part.span
        let edit: FormEdit
        switch random.int(0...11) {
        case 0, 1:
            guard let old = rule.ports.randomElement(using: &random) else { return nil }
            edit = .setPort(id: old.part.id, port: port)
            model[keyPath: way][index].ports = Set(
                rule.ports.map { $0.part.id == old.part.id ? port : $0.value }
            )
        case 2:
            edit = .addPort(rule: rule.part.id, port: port)
            model[keyPath: way][index].ports.insert(port)
        case 3:
            guard let old = rule.ports.randomElement(using: &random) else { return nil }
            edit = .removePort(id: old.part.id)
            let rest = rule.ports.filter { $0.part.id != old.part.id }
            model[keyPath: way][index].ports = Set(rest.map(\.value))
            if !rest.contains(where: { $0.group == old.group }), form.policyKind != .networkPolicy {
                model[keyPath: way][index].http = rule.http.filter { $0.group != old.group }.map(\.value)
                model[keyPath: way][index].dns = rule.dns.filter { $0.group != old.group }.map(\.value)
                if rule.locked.count > 0 {
                    return RandomFormEdit(edit: edit, expected: nil, span: span)
                }
            }
        case 4:
            let peer = Self.peer(like: rule, form.policyKind, &random)
            edit = .addPeer(rule: rule.part.id, peer: peer)
            model[keyPath: way][index].peers = Self.appending(peer, to: rule)
        case 5, 6:
            guard let at = rule.peers.indices.randomElement(using: &random) else { return nil }
            let peer = Self.peer(like: rule, form.policyKind, &random)
            edit = .setPeer(id: rule.peers[at].part.id, peer: peer)
            model[keyPath: way][index].peers[at] = peer.normalised
        case 7:
            guard let at = rule.peers.indices.randomElement(using: &random) else { return nil }
            edit = .removePeer(id: rule.peers[at].part.id)
            model[keyPath: way][index].peers.remove(at: at)
        case 8:
            edit = .duplicateRule(id: rule.part.id)
            model[keyPath: way].insert(model[keyPath: way][index], at: index + 1)
        case 9:
            let last = section.rules.lastIndex { $0.action == rule.action } ?? index
            let first = section.rules.firstIndex { $0.action == rule.action } ?? index
            let target = random.int(first...last)
            edit = .moveRule(id: rule.part.id, by: target - index)
            model[keyPath: way].insert(model[keyPath: way].remove(at: index), at: target)
            span = whole
        case 10:
            edit = .removeRule(id: rule.part.id)
            span = whole
            guard section.rules.count > 1 else {
                return RandomFormEdit(edit: edit, expected: nil, span: span)
            }
            model[keyPath: way].remove(at: index)
        default:
            guard let selector = rule.peers.flatMap(\.selectors).randomElement(using: &random) else { return nil }
            return tests(of: selector, &random)
        }
        return RandomFormEdit(edit: edit, expected: model, span: span)
    }

    /// An edit of the policy as a whole.
    private static func policy(
        _ form: PolicyForm,
        _ model: FormModel,
        _ section: FormSection,
        _ way: WritableKeyPath<FormModel, [FormModel.Rule]>,
        _ span: TextSpan,
        _ random: inout SeededRandom
    ) -> RandomFormEdit? {
        var model = model
        let edit: FormEdit
        switch random.int(0...4) {
        case 0:
            edit = .setName(name: "renamed")
            model.name = "renamed"
        case 1:
            return tests(of: form.subject, &random)
        case 2:
            edit = .setAnnotation(key: "note", value: random.chance(50) ? "changed: yes" : nil)
        case 3:
            edit = .setState(direction: section.direction, state: random.pick([.denyAll, .notRestricted, .additive]))
            return RandomFormEdit(edit: edit, expected: nil, span: span)
        default:
            edit = .addRule(
                direction: section.direction,
                action: .allow,
                rule: RuleDraft(peers: [.block(cidr: "192.0.2.0/24", except: [])], ports: [random.pick(Self.ports)])
            )
            return RandomFormEdit(edit: edit, expected: nil, span: span)
        }
        return RandomFormEdit(edit: edit, expected: model, span: span)
    }

    /// An edit of a selector; what comes of it is seen in the lines alone, its tests stand in more than one place.
    private static func tests(of selector: FormSelector, _ random: inout SeededRandom) -> RandomFormEdit? {
        let edit: FormEdit
        let test = random.pick(Self.labels)
        switch (random.int(0...2), selector.tests.randomElement(using: &random)) {
        case (0, let old?): edit = .setTest(id: old.part.id, test: test)
        case (1, let old?): edit = .removeTest(id: old.part.id)
        default: edit = .addTest(selector: selector.part.id, test: test)
        }
        return RandomFormEdit(edit: edit, expected: nil, span: selector.part.span)
    }

    private static func appending(_ peer: PeerValue, to rule: FormRule) -> [PeerValue] {
        rule.peers.map { $0.value.normalised } + [peer.normalised]
    }

    /// A peer that may stand beside those of a rule.
    private static func peer(like rule: FormRule, _ kind: PolicyKind, _ random: inout SeededRandom) -> PeerValue {
        let block = PeerValue.block(
            cidr: "198.51.100.0/24",
            except: random.chance(30) ? ["198.51.100.0/28"] : []
        )
        let pods = PeerValue.pods(
            labels: random.chance(30) ? [] : [LabelTest("app", .equals, ["peer"])],
            namespaces: random.pick([
                .own, .named(name: "other"), .matching(labels: [LabelTest("team", .equals, ["x"])]),
            ])
        )
        guard kind != .networkPolicy else { return random.chance(50) ? block : pods }
        switch rule.peers.first?.value {
        case .entity: return .entity(name: "remote-node")
        case .block: return block
        case .dnsName, .dnsPattern: return .dnsName(name: "changed.example.com")
        case .service: return .service(name: "changed", namespace: nil)
        default:
            guard kind == .ciliumClusterwideNetworkPolicy else { return pods }
            return .pods(labels: [LabelTest("app", .equals, ["peer"])], namespaces: .named(name: "other"))
        }
    }
}
