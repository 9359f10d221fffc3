// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Writes a CiliumNetworkPolicy as a NetworkPolicy.
struct KubernetesConversion {
    private let policy: Policy
    private let source: ConversionSource

    init(_ policy: Policy, _ source: ConversionSource) {
        self.policy = policy
        self.source = source
    }

    /// The new object; adds what it cannot say to `losses`.
    func object(_ losses: inout [Finding]) -> JSONValue? {
        func lose(_ what: String, _ location: SourceLocation) -> JSONValue? {
            losses.append(PolicyRemark.lost(what, to: .networkPolicy, at: location))
            return nil
        }
        guard policy.id.kind == .ciliumNetworkPolicy else {
            return lose("a \(policy.id.kind.rawValue)", policy.location)
        }
        guard policy.specs.count == 1, let spec = policy.specs.first else {
            return lose("several specs", policy.location)
        }
        guard case .endpoints(let subject) = spec.subject, let pods = podSelector(of: subject) else {
            return lose("its subject", spec.location)
        }
        var fields: [(String, JSONValue)] = [("podSelector", pods)]
        let directions = Direction.allCases.filter(spec.isolates.contains)
        let types = directions.map { JSONValue.string($0 == .ingress ? "Ingress" : "Egress") }
        fields.append(("policyTypes", .array(types)))
        for direction in Direction.allCases {
            let rules = spec.rules.filter { $0.direction == direction && !RuleText.isEmpty($0) }
            guard spec.isolates.contains(direction) else {
                if spec.concerns(direction) { _ = lose("that it allows without isolating", spec.location) }
                continue
            }
            let items = rules.compactMap { self.item($0, &losses) }
            if !items.isEmpty { fields.append((direction.rawValue, .array(items))) }
        }
        return .object([
            ("apiVersion", .string("networking.k8s.io/v1")), ("kind", .string(PolicyKind.networkPolicy.rawValue)),
            ("metadata", source.newMetadata), ("spec", .object(fields)),
        ])
    }

    private func item(_ rule: Rule, _ losses: inout [Finding]) -> JSONValue? {
        func lose(_ what: String) {
            losses.append(PolicyRemark.lost(what, to: .networkPolicy, at: rule.location))
        }
        if rule.action != .allow { lose("a deny rule") }
        for condition in rule.conditions { lose(condition.feature) }
        var fields: [(String, JSONValue)] = [("#", .string("\(rule.direction.rawValue) \(rule.index)"))]
        if case .anyOf(let peers) = rule.peers, !peers.contains(.entity(.all)) {
            let written = peers.compactMap { peer -> JSONValue? in
                let found = self.peer(peer)
                if found == nil { lose("\(rule.direction == .ingress ? "from" : "to") \(RuleText.peers(rule))") }
                return found
            }
            fields.append((rule.direction == .ingress ? "from" : "to", .array(written)))
        }
        if case .anyOf(let ports) = rule.ports {
            let written = ports.flatMap { port -> [JSONValue] in
                let found = Self.ports(port)
                if found.isEmpty { lose("a protocol that NetworkPolicy does not have") }
                return found
            }
            fields.append(("ports", .array(written)))
        }
        return .object(fields)
    }

    private func peer(_ peer: Peer) -> JSONValue? {
        switch peer {
        case .endpoints(let selector): return selectors(selector).map { .object($0) }
        case .cidr(let block):
            var fields: [(String, JSONValue)] = [("cidr", .string("\(block.prefix)"))]
            if !block.except.isEmpty { fields.append(("except", .array(block.except.map { .string("\($0)") }))) }
            return .object([("ipBlock", .object(fields))])
        case .entity, .cidrGroup, .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups: return nil
        }
    }

    /// `podSelector` and `namespaceSelector` of a selector for pods; `nil` when it asks for more than these can.
    private func selectors(_ selector: Selector) -> [(String, JSONValue)]? {
        let all = PolicyMeaning.normalised(selector).requirements
        let prefix = WellKnownLabel.namespaceLabelPrefix
        var (pods, namespaces): ([Selector.Requirement], [Selector.Requirement]) = ([], [])
        var demandsNamespace = false
        for requirement in all {
            let key = requirement.key
            guard key.source == .k8s else { return nil }
            if key == WellKnownLabel.namespace {
                demandsNamespace = true
                namespaces.append(requirement)
            } else if key.name.hasPrefix(prefix) {
                namespaces.append(requirement)
            } else if WellKnownLabel.isDerived(key.name) {
                return nil
            } else {
                pods.append(requirement)
            }
        }
        guard demandsNamespace else { return nil }
        let podSelector = Selector(pods).object { $0.name }
        if let namespace = policy.id.namespace, namespaces == [.isIn(WellKnownLabel.namespace, [namespace])] {
            return [("podSelector", podSelector)]
        }
        namespaces.removeAll { $0 == .exists(WellKnownLabel.namespace) }
        let namespaceSelector = Selector(namespaces).object { key in
            key == WellKnownLabel.namespace ? WellKnownLabel.namespaceName : String(key.name.dropFirst(prefix.count))
        }
        return [("namespaceSelector", namespaceSelector)] + (pods.isEmpty ? [] : [("podSelector", podSelector)])
    }

    /// The subject's labels, when it asks for nothing else but its own namespace.
    private func podSelector(of subject: Selector) -> JSONValue? {
        guard let selectors = selectors(subject), selectors.count == 1, selectors[0].0 == "podSelector" else {
            return nil
        }
        return selectors[0].1
    }

    private static func ports(_ port: PortMatch) -> [JSONValue] {
        switch port {
        case .numbered(let protocols, let range):
            return protocols.filter(\.hasPorts).map { ipProtocol in
                var fields: [(String, JSONValue)] = []
                if range != .all { fields.append(("port", .number(Int(range.lowerBound)))) }
                if range != .all, !range.isSinglePort { fields.append(("endPort", .number(Int(range.upperBound)))) }
                return .object(fields + [("protocol", .string("\(ipProtocol)"))])
            }
        case .named(let protocols, let name):
            return protocols.filter(\.hasPorts).map { ipProtocol in
                .object([("port", .string(name)), ("protocol", .string("\(ipProtocol)"))])
            }
        case .icmp: return []
        }
    }
}
