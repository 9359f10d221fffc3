// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads NetworkPolicy (networking.k8s.io/v1) as Kubernetes' API reference defines it, or as Cilium reads it.
///
/// For Kubernetes `policyTypes` decides which sections count, and `ipBlock` means whoever has the address. For Cilium a
/// section with rules always counts, and `ipBlock` means addresses outside. For both an empty rule allows everyone.
struct NetworkPolicyReader {
    let options: PolicyDecoder.Options

    func policy(_ object: ObjectReader) -> (policy: Policy, field: Field)? {
        object.refuseUnknown(["apiVersion", "kind", "metadata", "spec", "status"])
        guard let metadata = ObjectMetadata(of: object) else { return nil }
        let namespace = metadata.namespace ?? options.defaultNamespace
        let field = object["spec"] ?? object.field
        guard let spec = spec(object["spec"], in: namespace, at: field.location) else { return nil }
        let policy = Policy(
            id: PolicyID(.networkPolicy, namespace: namespace, name: metadata.name),
            location: object.field.location,
            specs: [spec],
            mode: metadata.mode
        )
        return (policy, object["metadata"]?.anyObject()?["name"] ?? object.field)
    }

    /// The API server accepts an absent spec: it selects every pod and isolates it from all ingress.
    private func spec(_ field: Field?, in namespace: String, at location: SourceLocation) -> PolicySpec? {
        let own = Selector.Requirement.isIn(WellKnownLabel.namespace, [namespace])
        guard let field else {
            let subject = PolicySpec.Subject.endpoints(Selector([own]))
            return PolicySpec(subject: subject, isolates: [.ingress], rules: [], location: location)
        }
        guard let reader = field.anyObject() else { return nil }
        reader.refuseUnknown(["podSelector", "ingress", "egress", "policyTypes"], ofCilium: CiliumFeature.names)
        let selector = reader["podSelector"]?.selector(.pod) ?? .everything
        let ingress = rules(reader["ingress"], .ingress, in: namespace)
        let egress = rules(reader["egress"], .egress, in: namespace)
        var types = policyTypes(reader["policyTypes"], hasEgress: !egress.isEmpty)
        if options.semantics == .cilium {
            types.formUnion((ingress + egress).map(\.direction))
        }
        for (direction, name, rules) in [(Direction.ingress, "ingress", ingress), (.egress, "egress", egress)]
        where !types.contains(direction) && !rules.isEmpty {
            reader.key(name)?.report(
                .questionable("\"\(name)\" has no effect, because policyTypes does not name it.")
            )
        }
        return PolicySpec(
            subject: .endpoints(selector.and(own)),
            isolates: types,
            rules: (ingress + egress).filter { types.contains($0.direction) },
            location: location
        )
    }

    private func policyTypes(_ field: Field?, hasEgress: Bool) -> Set<Direction> {
        let words = field?.strings() ?? []
        guard !words.isEmpty else { return hasEgress ? [.ingress, .egress] : [.ingress] }
        if words.count > 2 { field?.report(.invalid("policyTypes has more than two items.")) }
        var types: Set<Direction> = []
        for (word, item) in words {
            switch word {
            case "Ingress": types.insert(.ingress)
            case "Egress": types.insert(.egress)
            default:
                let allowed = ["Ingress", "Egress"]
                let near = nearest(to: word, among: allowed)
                item.report(.notAllowed(word, for: "policyTypes", allowed: allowed, near: near))
            }
        }
        return types
    }

    private func rules(_ field: Field?, _ direction: Direction, in namespace: String) -> [Rule] {
        (field?.list() ?? []).enumerated().compactMap { index, item in
            rule(item, direction, index: index, in: namespace)
        }
    }

    private func rule(_ field: Field, _ direction: Direction, index: Int, in namespace: String) -> Rule? {
        let peersName = direction == .ingress ? "from" : "to"
        guard let reader = field.anyObject() else { return nil }
        reader.refuseUnknown([peersName, "ports"], ofCilium: CiliumFeature.names)
        let peerItems = reader[peersName]?.list() ?? []
        let portItems = reader["ports"]?.list() ?? []
        if peerItems.isEmpty, portItems.isEmpty { field.report(.emptyRuleAllowsAll) }
        warnAboutSplitSelectors(peerItems)
        let peers = peerItems.compactMap { peer($0, in: namespace) }
        let ports = portItems.compactMap { port($0) }
        return Rule(
            direction: direction,
            action: .allow,
            index: index,
            peers: peerItems.isEmpty ? .anyone : .anyOf(peers),
            ports: portItems.isEmpty ? .all : .anyOf(ports),
            location: field.location
        )
    }

    /// Namespace selector and pod selector in neighbouring items is what people write when they mean both.
    private func warnAboutSplitSelectors(_ items: [Field]) {
        func isOnly(_ name: String, _ item: Field) -> Bool {
            let pairs = item.node.pairs
            return pairs.count == 1 && pairs[0].key.name == name
        }
        for (item, next) in zip(items, items.dropFirst()) {
            let isPair =
                (isOnly("namespaceSelector", item) && isOnly("podSelector", next))
                || (isOnly("podSelector", item) && isOnly("namespaceSelector", next))
            guard isPair else { continue }
            let fix = item.collector.text.joining(item.node, next.node).map { Fix("Join", $0, isSafe: false) }
            next.report(.separateSelectors, fix: fix)
        }
    }

    private func peer(_ field: Field, in namespace: String) -> Peer? {
        guard let reader = field.object(["podSelector", "namespaceSelector", "ipBlock"]) else { return nil }
        let (pods, namespaces, block) = (reader["podSelector"], reader["namespaceSelector"], reader["ipBlock"])
        if let block {
            if pods != nil || namespaces != nil {
                field.report(.invalid("\(field.path) may not have \"ipBlock\" together with a selector."))
            }
            return cidr(block)
        }
        guard pods != nil || namespaces != nil else {
            field.report(.missing("\(field.path)", "a \"podSelector\", \"namespaceSelector\" or \"ipBlock\""))
            return nil
        }
        var selector = pods.map { $0.selector(.pod) ?? .everything } ?? .everything
        if let namespaces {
            let ofNamespaces = namespaces.selector(.namespace) ?? .everything
            selector.requirements += ofNamespaces.requirements
            if ofNamespaces == .everything || demandsNamespace(selector) {
                selector.requirements.append(.exists(WellKnownLabel.namespace))
            } else {
                namespaces.report(.excludingSelector(options.cilium.version))
            }
        } else {
            selector.requirements.append(.isIn(WellKnownLabel.namespace, [namespace]))
        }
        return .endpoints(selector)
    }

    private func cidr(_ field: Field) -> Peer? {
        guard let reader = field.object(["cidr", "except"]) else { return nil }
        guard let block = reader["cidr"] else {
            field.report(.missing("\(field.path)", "a \"cidr\""))
            return nil
        }
        let prefix = block.prefix()
        let except = reader["except"]?.exceptions(to: prefix, strictly: true) ?? []
        let reach = options.semantics == .kubernetes ? CIDRPeer.Reach.anyParty : options.cilium.cidrReach
        return prefix.map { .cidr(CIDRPeer($0, except: except, reach: reach)) }
    }

    /// Whether a selector with negative requirements on namespaces reaches nobody without a namespace.
    ///
    /// Cilium adds the local cluster to every selector where it is set to. A selector that demands any label demands an
    /// endpoint already.
    private func demandsNamespace(_ selector: Selector) -> Bool {
        options.semantics == .kubernetes || options.cilium.selectsLocalCluster || !selector.onlyExcludes
    }

    private func port(_ field: Field) -> PortMatch? {
        guard let reader = field.object(["port", "endPort", "protocol"]) else { return nil }
        let ipProtocol = Field.ipProtocol(reader["protocol"])
        guard let portField = reader["port"] else {
            reader["endPort"]?.report(.missing("\(field.path)", "a \"port\" for its endPort"))
            return .numbered([ipProtocol], .all)
        }
        if case .scalar(let scalar) = portField.node.content, case .string(let name) = scalar.value {
            guard NameSyntax.isPortName(name, allowsUpperCase: false) else {
                portField.report(.unknownPort(name))
                return nil
            }
            reader["endPort"]?.report(.invalid("endPort needs a port with a number, not the name \"\(name)\"."))
            return .named([ipProtocol], name)
        }
        guard let first = portField.port() else { return nil }
        guard let endField = reader["endPort"] else { return .numbered([ipProtocol], PortRange(first)) }
        guard let last = endField.port() else { return nil }
        guard first <= last else {
            let remark = PolicyRemark.reversedRange(from: Int(first), to: Int(last))
            endField.report(remark, fix: endField.swapping(with: portField))
            return nil
        }
        return .numbered([ipProtocol], PortRange(first, last))
    }
}
