// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Writes a NetworkPolicy as a CiliumNetworkPolicy.
struct CiliumConversion {
    private let policy: Policy
    private let source: ConversionSource
    private static let maximumPorts = 40

    init(_ policy: Policy, _ source: ConversionSource) {
        self.policy = policy
        self.source = source
    }

    /// The new object; adds what it cannot say to `losses`.
    func object(_ losses: inout [Finding]) -> JSONValue? {
        guard policy.id.kind == .networkPolicy, let spec = policy.specs.first,
            case .endpoints(let subject) = spec.subject
        else {
            losses.append(
                PolicyRemark.lost("a \(policy.id.kind.rawValue)", to: .ciliumNetworkPolicy, at: policy.location)
            )
            return nil
        }
        var fields: [(String, JSONValue)] = [("endpointSelector", withoutNamespace(subject).object(Self.key))]
        for direction in Direction.allCases where spec.isolates.contains(direction) {
            let rules = spec.rules.filter { $0.direction == direction }
            let items = rules.flatMap { self.items($0, &losses) }
            fields.append((direction.rawValue, .array(items.isEmpty ? [.object([])] : items)))
        }
        return .object([
            ("apiVersion", .string("cilium.io/v2")), ("kind", .string(PolicyKind.ciliumNetworkPolicy.rawValue)),
            ("metadata", source.newMetadata), ("spec", .object(fields)),
        ])
    }

    /// One item for each kind of peer, as Cilium has them.
    private func items(_ rule: Rule, _ losses: inout [Finding]) -> [JSONValue] {
        let prefix = rule.direction == .ingress ? "from" : "to"
        let ports = ports(rule)
        let mark: (String, JSONValue) = ("#", .string("\(rule.direction.rawValue) \(rule.index)"))
        guard case .anyOf(let peers) = rule.peers else {
            let everyone: [(String, JSONValue)] = [("\(prefix)Entities", .array([.string(Entity.all.rawValue)]))]
            return [.object([mark] + (ports.isEmpty ? everyone : ports))]
        }
        var selectors: [JSONValue] = []
        var blocks: [JSONValue] = []
        for peer in peers {
            switch peer {
            case .endpoints(let selector): selectors.append(withoutNamespace(selector).object(Self.key))
            case .cidr(let block):
                if block.reach != .world {
                    let what = "that ipBlock \(block.prefix) also matches pods and nodes"
                    losses.append(PolicyRemark.lost(what, to: .ciliumNetworkPolicy, at: rule.location))
                }
                var fields: [(String, JSONValue)] = [("cidr", .string("\(block.prefix)"))]
                if !block.except.isEmpty {
                    fields.append(("except", .array(block.except.map { .string("\($0)") })))
                }
                blocks.append(.object(fields))
            case .entity, .cidrGroup, .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups:
                losses.append(PolicyRemark.lost("a peer", to: .ciliumNetworkPolicy, at: rule.location))
            }
        }
        var items: [JSONValue] = []
        if !selectors.isEmpty { items.append(.object([mark, ("\(prefix)Endpoints", .array(selectors))] + ports)) }
        let second = items.isEmpty ? [mark] : []
        if !blocks.isEmpty { items.append(.object(second + [("\(prefix)CIDRSet", .array(blocks))] + ports)) }
        return items
    }

    private func ports(_ rule: Rule) -> [(String, JSONValue)] {
        guard case .anyOf(let list) = rule.ports else { return [] }
        let entries = list.flatMap(Self.entries)
        let lists = stride(from: 0, to: entries.count, by: Self.maximumPorts).map { start -> JSONValue in
            let part = entries[start..<min(start + Self.maximumPorts, entries.count)]
            return .object([("ports", .array(Array(part)))])
        }
        return [("toPorts", .array(lists))]
    }

    private static func entries(_ port: PortMatch) -> [JSONValue] {
        switch port {
        case .numbered(let protocols, let range):
            return protocols.map { ipProtocol in
                let isEveryPort = range == .all
                var fields: [(String, JSONValue)] = [("port", .string(isEveryPort ? "0" : "\(range.lowerBound)"))]
                if !isEveryPort, !range.isSinglePort { fields.append(("endPort", .number(Int(range.upperBound)))) }
                return .object(fields + [("protocol", .string("\(ipProtocol)"))])
            }
        case .named(let protocols, let name):
            return protocols.map { .object([("port", .string(name)), ("protocol", .string("\($0)"))]) }
        case .icmp: return []
        }
    }

    /// The policy's own namespace is what a selector means that names none.
    private func withoutNamespace(_ selector: Selector) -> Selector {
        let own = Selector.Requirement.isIn(WellKnownLabel.namespace, policy.id.namespace.map { [$0] } ?? [])
        return Selector(selector.requirements.filter { $0 != own })
    }

    private static func key(_ key: LabelKey) -> String { "\(key.source.rawValue):\(key.name)" }
}
