// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, read line by line.
struct CiliumOracle {
    let policy: Manifest
    let subject: Oracle.Subject
    let peer: Oracle.Party
    let question: RandomQuestion
    let world: RandomWorld

    var service: Service { question.service }
    var isChecked: Bool { world.reach == .layer7 }

    /// `nil` for a cluster-wide policy.
    var namespace: String? { Oracle.namespace(of: policy) }

    func voice() -> Oracle.Voice {
        var voice = Oracle.Voice(policy: Oracle.label(of: policy))
        // C 1.1: spec and specs may both be present; all rules are added.
        let specs = (policy.field("spec").map { [$0] } ?? []) + (policy.field("specs")?.items ?? [])
        for (index, spec) in specs.enumerated() where selectsSubject(spec, index) {
            say(spec, index, &voice)
        }
        return voice
    }

    private func say(_ spec: Manifest, _ number: Int, _ voice: inout Oracle.Voice) {
        let name = subject.direction == .ingress ? "ingress" : "egress"
        let allows = spec.field(name)?.items ?? []
        let denies = spec.field(name + "Deny")?.items ?? []
        // C 1.6 section level, C 1.7: a direction without items is not concerned, whatever enableDefaultDeny says; with
        // items, allow or deny, it is isolated unless enableDefaultDeny says false.
        if !allows.isEmpty || !denies.isEmpty {
            voice.hasSay = true
            if spec.field("enableDefaultDeny")?.field(name)?.truth ?? true { voice.isolates = true }
        }
        for (index, item) in allows.enumerated() {
            let id = Oracle.rule(policy, spec: number, subject.direction, "allow", index)
            let truth = allowed(item, in: spec)
            if truth != .no { voice.rules.append(.init(id: id, action: .allow, truth: truth)) }
        }
        for (index, item) in denies.enumerated() {
            let id = Oracle.rule(policy, spec: number, subject.direction, "deny", index)
            let truth = matches(item, in: spec, isDeny: true)
            if truth != .no { voice.rules.append(.init(id: id, action: .deny, truth: truth)) }
        }
    }

    /// C 1.4, namespace scoping of the subject.
    private func selectsSubject(_ spec: Manifest, _ number: Int) -> Bool {
        // C 1.9: nodeSelector rules never apply to pods, nor endpointSelector rules to hosts.
        if case .host(let selection) = subject.kind {
            guard let written = spec.field("nodeSelector") else { return false }
            let selector = OracleSelector(written, split: OracleSelector.ciliumKey)
            switch selection {
            case .labels(let labels): return selector.matches(labels)
            case .chosen(let chosen):
                return selector.requirements.isEmpty || chosen.contains("\(Oracle.label(of: policy)) \(number)")
            }
        }
        guard let written = spec.field("endpointSelector") else { return false }
        var selector = OracleSelector(nil, split: OracleSelector.ciliumKey)
        for pair in written.field("matchLabels")?.pairs ?? [] {
            // In matchLabels another namespace under exactly this key is overwritten by the policy's.
            if namespace != nil, pair.key == "k8s:io.kubernetes.pod.namespace" { continue }
            let key = OracleSelector.ciliumKey(pair.key)
            selector.add(key.source, key.name, "In", [pair.value.text])
        }
        let expressions: Manifest = .object([
            .init(key: "matchExpressions", value: written.field("matchExpressions") ?? .null)
        ])
        selector.requirements += OracleSelector(expressions, split: OracleSelector.ciliumKey).requirements
        if let namespace { selector.add("k8s", "io.kubernetes.pod.namespace", "In", [namespace]) }
        return selector.matches(subject.labels)
    }

    // MARK: Rules

    private func allowed(_ item: Manifest, in spec: Manifest) -> Oracle.Truth {
        let truth = matches(item, in: spec, isDeny: false)
        // C 1.2: authentication `disabled` asks for nothing.
        guard let mode = item.field("authentication")?.field("mode")?.text, mode != "disabled" else { return truth }
        // H: what a host cannot check allows nothing; nobody authenticates with test-always-fail.
        guard isChecked, mode == "required" else { return .no }
        switch truth {
        case .yes: return .limited
        case .open: return .open(isLimited: true)
        default: return truth
        }
    }

    private func matches(_ item: Manifest, in spec: Manifest, isDeny: Bool) -> Oracle.Truth {
        let ports = portsAnswer(item)
        switch peersAnswer(item, in: spec, isDeny: isDeny) {
        // C 1.6 row 1: no peers written: everyone on the ports, and nothing without ports.
        case .notWritten:
            guard let ports else { return .no }
            // H: an unknown address is never allowed, but denied with everyone.
            return isDeny || peer.kind != .unknown ? ports : .no
        // C 1.6 row 2: an empty list of peers is no one.
        case .noOne: return .no
        // C 1.6 row 3: with ports, on those; without, on all protocols and ports.
        case .listed(let isPeer):
            switch (isPeer, ports ?? .yes) {
            case (.no, _), (_, .no): return .no
            case (.open, let ports): return .open(isLimited: ports == .limited)
            case (_, let ports): return ports
            }
        }
    }
}
