// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyModel

/// Writes one suggested policy as YAML.
struct SuggestionWriter {
    typealias Evidence = (permission: Permission, count: RecordedTraffic.Count)

    let kind: PolicySuggestion.Kind
    let group: PodGroup
    let name: String
    let choices: [PodGroup: PodGroup.LabelChoice]
    let workloads: [PodGroup: Set<String>]
    let namesOf: [IPAddress: Set<String>]

    private var isCilium: Bool { kind == .ciliumNetworkPolicy }

    /// One rule: peers of one kind, all with the same services.
    private struct RuleGroup {
        /// Peers with their text, the flows behind them, and when the last was seen.
        var peers: [(peer: SuggestedPeer, count: RecordedTraffic.Count)]
        var services: [Service]
    }

    func yaml(_ evidence: [Evidence]) -> String {
        let title = (workloads[group] ?? []).sorted().map { "\(group.namespace)/\($0)" }.joined(separator: ", ")
        var lines = [
            "# Suggested from recorded traffic for \(Escaped.plain(title)).",
            "apiVersion: \(isCilium ? "cilium.io/v2" : "networking.k8s.io/v1")", "kind: \(kind.rawValue)", "metadata:",
            "  name: \(scalar(name))", "  namespace: \(scalar(group.namespace))", "spec:",
        ]
        lines.append("  \(isCilium ? "endpointSelector" : "podSelector"): \(selector(of: group, from: nil))")
        if !isCilium { lines.append("  policyTypes: [Ingress, Egress]") }
        for direction in [Direction.ingress, .egress] {
            let rules = rules(evidence.filter { $0.permission.direction == direction })
            guard !rules.isEmpty else {
                // In Cilium an empty rule isolates and permits nothing; an empty list would do nothing.
                lines.append("  \(direction.rawValue): \(isCilium ? "[{}]" : "[]")")
                continue
            }
            lines.append("  \(direction.rawValue):")
            for rule in rules { lines += text(rule, direction) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Peers with equal services together, in a stable order.
    private func rules(_ evidence: [Evidence]) -> [RuleGroup] {
        struct Key: Hashable {
            var services: [Service]
            var shape: Int
        }
        var byPeer: [SuggestedPeer: (services: Set<Service>, count: RecordedTraffic.Count)] = [:]
        for (permission, count) in evidence {
            byPeer[permission.peer, default: ([], .init(flows: 0))].services.insert(permission.service)
            byPeer[permission.peer]?.count.merge(count)
        }
        var groups: [Key: RuleGroup] = [:]
        for (peer, found) in byPeer {
            // ICMP types stand in a list of their own.
            for services in [
                found.services.filter { !$0.ipProtocol.isICMP }, found.services.filter(\.ipProtocol.isICMP),
            ]
            where !services.isEmpty {
                let sorted = services.sorted { ($0.ipProtocol, $0.port) < ($1.ipProtocol, $1.port) }
                let key = Key(services: sorted, shape: isCilium ? peer.shape : 0)
                groups[key, default: RuleGroup(peers: [], services: sorted)].peers.append((peer, found.count))
            }
        }
        for key in groups.keys {
            guard let peers = groups[key]?.peers, peers.count > 1 else { continue }
            groups[key]?.peers = Self.sorted(peers) { $0.peer.sortText }
        }
        return Self.sorted(Array(groups.values)) { rule in
            rule.peers.map(\.peer.sortText).joined(separator: "\u{1}") + rule.services.map(\.description).joined()
        }
    }

    /// Sorts by texts that are made once for each item.
    private static func sorted<Item>(_ items: [Item], by text: (Item) -> String) -> [Item] {
        let texts = items.map(text)
        return items.indices.sorted { texts[$0] < texts[$1] }.map { items[$0] }
    }

    private func text(_ rule: RuleGroup, _ direction: Direction) -> [String] {
        var lines = rule.peers.map { "    # \(comment($0.peer, $0.count, direction))" }
        let peersName = isCilium ? rule.peers[0].peer.field(direction) : direction == .ingress ? "from" : "to"
        lines.append("    - \(peersName):")
        lines += rule.peers.map { "        - \(text($0.peer))" }
        let isICMP = rule.services.allSatisfy(\.ipProtocol.isICMP)
        if isICMP {
            lines += ["      icmps:", "        - fields:"]
            lines += rule.services.map { service in
                "            - {family: \(service.ipProtocol == .icmp ? "IPv4" : "IPv6"), type: \(service.port)}"
            }
        } else if isCilium {
            lines += ["      toPorts:", "        - ports:"]
            lines += rule.services.map { "            - {port: \"\($0.port)\", protocol: \($0.ipProtocol)}" }
            if direction == .egress, looksUpNames(rule) {
                // Names are only known of lookups that pass through the proxy.
                lines += ["          rules:", "            dns:", "              - {matchPattern: \"*\"}"]
            }
        } else {
            lines.append("      ports:")
            lines += rule.services.map { "        - {protocol: \($0.ipProtocol), port: \($0.port)}" }
        }
        return lines
    }

    /// Whether the rule is about the cluster's DNS: port 53 and nothing else.
    private func looksUpNames(_ rule: RuleGroup) -> Bool {
        rule.services.allSatisfy { $0.port == 53 && $0.ipProtocol != .sctp }
            && rule.peers.allSatisfy { if case .pods = $0.peer { true } else { false } }
    }

    private func comment(_ peer: SuggestedPeer, _ count: RecordedTraffic.Count, _ direction: Direction) -> String {
        let flows = "\(TimeText.grouped(count.flows)) flow\(count.flows == 1 ? "" : "s")"
        let last = count.lastSeen.map { ", last seen \(TimeText.full($0))" } ?? ""
        return Escaped.plain("\(flows) \(direction == .ingress ? "from" : "to") \(words(peer))\(last)")
    }

    private func words(_ peer: SuggestedPeer) -> String {
        switch peer {
        case .pods(let pods):
            let names = (workloads[pods] ?? []).sorted().map { "\(pods.namespace)/\($0)" }
            return names.isEmpty ? "\(pods.namespace)/\(pods.labelText)" : names.joined(separator: ", ")
        case .address(let address):
            let names = (namesOf[address] ?? []).sorted()
            return "\(address)" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
        case .dnsName(let name): return name
        case .entity(let entity): return entity.rawValue
        }
    }

    private func text(_ peer: SuggestedPeer) -> String {
        switch peer {
        case .pods(let pods): return selector(of: pods, from: group.namespace)
        case .address(let address):
            let block = scalar(Prefix(host: address).description)
            return isCilium ? block : "{ipBlock: {cidr: \(block)}}"
        case .dnsName(let name): return "{matchName: \(scalar(name))}"
        case .entity(let entity): return scalar(entity.rawValue)
        }
    }

    /// - Parameter home: the namespace of the policy for a peer; `nil` for the subject.
    private func selector(of pods: PodGroup, from home: String?) -> String {
        let choice = choices[pods] ?? PodGroup.LabelChoice(present: [], absent: [])
        let prefix = isCilium ? "k8s:" : ""
        let isElsewhere = home != nil && home != pods.namespace
        var labels = choice.present.map { "\(scalar(prefix + $0.key)): \(scalar($0.value))" }
        if isCilium, isElsewhere {
            labels.insert("\(scalar("\(WellKnownLabel.namespace)")): \(scalar(pods.namespace))", at: 0)
        }
        var parts = labels.isEmpty ? [] : ["matchLabels: {\(labels.joined(separator: ", "))}"]
        if !choice.absent.isEmpty {
            let items = choice.absent.map { "{key: \(scalar(prefix + $0)), operator: DoesNotExist}" }
            parts.append("matchExpressions: [\(items.joined(separator: ", "))]")
        }
        let selector = "{\(parts.joined(separator: ", "))}"
        guard !isCilium, home != nil else { return selector }
        guard isElsewhere else { return "{podSelector: \(selector)}" }
        let namespace = "{matchLabels: {\(WellKnownLabel.namespaceName): \(scalar(pods.namespace))}}"
        return "{namespaceSelector: \(namespace), podSelector: \(selector)}"
    }

    /// A YAML scalar that is read as this text: plain where nothing else can be meant, else quoted.
    private func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let words: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        let startsWithLetter = text.unicodeScalars.first.map { ("a"..."z").contains($0) } ?? false
        return isPlain && startsWithLetter && !words.contains(text.lowercased()) ? text : Escaped.json(text)
    }
}

extension SuggestedPeer {
    /// Peers of one shape may stand in one list of a Cilium rule.
    fileprivate var shape: Int {
        switch self {
        case .pods: 0
        case .entity: 1
        case .dnsName: 2
        case .address: 3
        }
    }

    fileprivate func field(_ direction: Direction) -> String {
        let names = ["Endpoints", "Entities", "FQDNs", "CIDR"]
        return (direction == .ingress ? "from" : "to") + names[shape]
    }

    fileprivate var sortText: String {
        switch self {
        case .pods(let pods): "0 \(pods.namespace) \(pods.labelText)"
        case .entity(let entity): "1 \(entity.rawValue)"
        case .dnsName(let name): "2 \(name)"
        case .address(let address):
            "3 \(address.family.rawValue) \(String(repeating: "0", count: 39 - "\(address.bits)".count))\(address.bits)"
        }
    }
}
