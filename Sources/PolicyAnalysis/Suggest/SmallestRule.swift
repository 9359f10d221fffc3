// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyEvaluation
public import PolicyModel

/// The narrowest rule that lets one connection through, as an item for a policy's `ingress` or `egress` list.
///
/// `- {from: [{podSelector: {matchLabels: {app: "cart"}}}], ports: [{protocol: TCP, port: 5432}]}`
public struct SmallestRule: Hashable, Sendable {
    /// YAML in flow style, on one line.
    public var yaml: String

    /// - Parameters:
    ///   - connection: what is to be let through.
    ///   - direction: the side whose policy is to say so.
    ///   - policy: the policy that the rule is for; its kind decides what can be written.
    ///   - world: where the connection's ends are; it tells which labels are enough.
    /// - Returns: `nil` when a policy of this kind cannot say it (ICMP or the host in a NetworkPolicy).
    public init?(_ connection: Connection, _ direction: Direction, for policy: PolicyID, in world: ResolvedSnapshot) {
        guard policy.kind == .networkPolicy || policy.kind.isCilium else { return nil }
        let writer = Writer(policy: policy, direction: direction, world: world)
        let other = direction == .ingress ? connection.source : connection.destination
        guard let peer = writer.peer(other, connection.request.dnsName), let ports = writer.ports(connection.service)
        else { return nil }
        yaml = "- {\(peer)\(ports.isEmpty ? "" : ", \(ports)")}"
    }

    private struct Writer {
        var policy: PolicyID
        var direction: Direction
        var world: ResolvedSnapshot

        private var isCilium: Bool { policy.kind.isCilium }
        private var word: String { direction == .ingress ? "from" : "to" }

        func peer(_ party: Party, _ dnsName: String?) -> String? {
            switch party.kind {
            case .endpoint(let index): return endpoint(world.snapshot.endpoints[index])
            case .world:
                if isCilium, direction == .egress, let dnsName {
                    return "toFQDNs: [{matchName: \(Escaped.json(dnsName))}]"
                }
                let block = "\"\(Prefix(host: party.address))\""
                return isCilium ? "\(word)CIDR: [\(block)]" : "\(word): [{ipBlock: {cidr: \(block)}}]"
            case .host: return isCilium ? "\(word)Entities: [host]" : nil
            case .node: return isCilium ? "\(word)Entities: [host, remote-node]" : nil
            case .reserved(let entity): return isCilium ? "\(word)Entities: [\(entity.rawValue)]" : nil
            case .unknown: return nil
            }
        }

        private func endpoint(_ endpoint: Endpoint) -> String {
            let group = PodGroup(namespace: endpoint.namespace, labels: endpoint.labels)
            let others = world.snapshot.endpoints.lazy.filter { $0.namespace == endpoint.namespace }
                .map { PodGroup(namespace: $0.namespace, labels: $0.labels) }
            let choice = group.choice(among: .init(Set(others).sorted()))
            var labels = choice.present.map { "\(Escaped.json($0.key)): \(Escaped.json($0.value))" }
            let isElsewhere = endpoint.namespace != policy.namespace
            if isCilium, isElsewhere {
                labels.append("\"k8s:io.kubernetes.pod.namespace\": \(Escaped.json(endpoint.namespace))")
            }
            let absent = choice.absent.map { "{key: \(Escaped.json($0)), operator: DoesNotExist}" }
            var parts: [String] = []
            if !labels.isEmpty { parts.append("matchLabels: {\(labels.joined(separator: ", "))}") }
            if !absent.isEmpty { parts.append("matchExpressions: [\(absent.joined(separator: ", "))]") }
            let selector = "{\(parts.joined(separator: ", "))}"
            guard !isCilium else { return "\(word)Endpoints: [\(selector)]" }
            let name = Escaped.json(endpoint.namespace)
            let namespace = "namespaceSelector: {matchLabels: {\(WellKnownLabel.namespaceName): \(name)}}"
            return "\(word): [{\(isElsewhere ? "\(namespace), " : "")podSelector: \(selector)}]"
        }

        /// Empty for what is said by leaving ports out; `nil` for what cannot be said.
        func ports(_ service: Service) -> String? {
            if service.ipProtocol.isICMP {
                let family = service.ipProtocol == .icmp ? "IPv4" : "IPv6"
                return isCilium ? "icmps: [{fields: [{family: \(family), type: \(service.port)}]}]" : nil
            }
            guard service.ipProtocol.hasPorts else { return nil }
            guard isCilium else { return "ports: [{protocol: \(service.ipProtocol), port: \(service.port)}]" }
            return "toPorts: [{ports: [{port: \"\(service.port)\", protocol: \(service.ipProtocol)}]}]"
        }
    }
}

extension PolicyKind {
    /// Whether it is one of Cilium's own kinds.
    fileprivate var isCilium: Bool { self == .ciliumNetworkPolicy || self == .ciliumClusterwideNetworkPolicy }
}
