// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// What a form says, without places: edits are made in it by plain rules, to be compared with what the text says then.
struct FormModel: Hashable {
    struct Rule: Hashable {
        var action: RuleAction
        var peers: [PeerValue]
        var ports: Set<PortValue>
        var http: [HTTPValue]
        var dns: [DNSValue]
        var icmp: [ICMPValue]
        var locked: Int

        init(_ rule: FormRule) {
            action = rule.action
            peers = rule.peers.map { $0.value.normalised }
            ports = Set(rule.ports.map(\.value))
            (http, dns, icmp) = (rule.http.map(\.value), rule.dns.map(\.value), rule.icmp.map(\.value))
            locked = rule.locked.count
        }
    }

    var name: String?
    var subject: Set<LabelTest>
    var inbound: [Rule]
    var outbound: [Rule]
    var locked: Int

    init(_ form: PolicyForm) {
        name = form.name
        subject = Set(form.subject.tests.map(\.test.normalised))
        inbound = form.inbound.rules.map(Rule.init)
        outbound = form.outbound.rules.map(Rule.init)
        locked = form.locked.count
    }
}

extension LabelTest {
    /// One value is the same by either comparison.
    var normalised: LabelTest {
        LabelTest(key, comparison == .isIn && values.count == 1 ? .equals : comparison, values)
    }
}

extension PeerValue {
    var normalised: PeerValue {
        guard case .pods(let labels, let namespaces) = self else { return self }
        let sorted = labels.map(\.normalised).sorted { $0.description < $1.description }
        guard case .matching(let tests) = namespaces else { return .pods(labels: sorted, namespaces: namespaces) }
        let own = tests.map(\.normalised).sorted { $0.description < $1.description }
        return .pods(labels: sorted, namespaces: .matching(labels: own))
    }
}
