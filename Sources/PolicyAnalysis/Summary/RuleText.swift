// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
package import PolicyModel

/// Words for rules: `TCP 8080 from pods with app=gw in namespace shop`.
package enum RuleText {
    /// Whether a rule matches nothing at all.
    package static func isEmpty(_ rule: Rule) -> Bool { rule.peers == .anyOf([]) || rule.ports == .anyOf([]) }

    /// Whether a rule matches everything.
    static func isEverything(_ rule: Rule) -> Bool {
        let isAnyone = rule.peers == .anyone || rule.peers == .anyOf([.entity(.all)])
        return isAnyone && rule.ports == .all && rule.conditions.isEmpty
    }

    /// Ports, conditions and peers of one rule.
    package static func text(_ rule: Rule) -> String {
        let toward = rule.direction == .ingress ? "from" : "to"
        if isEverything(rule) { return "everything \(toward) anywhere" }
        let conditions = rule.conditions.map { ", \(text($0)) only" }.joined()
        let comma = conditions.isEmpty ? "" : ","
        return "\(text(rule.ports))\(conditions)\(comma) \(peers(rule.peers, rule.direction, toward))"
    }

    /// Whom a rule is about, without `from` or `to`.
    static func peers(_ rule: Rule) -> String {
        switch rule.peers {
        case .anyone: "anyone"
        case .anyOf(let list): list.map { text($0, rule.direction) }.joined(separator: " or ")
        }
    }

    static func peers(_ peers: Peers, _ direction: Direction, _ toward: String) -> String {
        switch peers {
        case .anyone: "\(toward) anywhere"
        case .anyOf(let list):
            list.map { "\(toward) \(text($0, direction))" }.joined(separator: ", or ")
        }
    }

    static func text(_ ports: Ports) -> String {
        switch ports {
        case .all: "any port"
        case .anyOf(let list): list.map(text).joined(separator: ", ")
        }
    }

    private static func text(_ port: PortMatch) -> String {
        switch port {
        case .numbered(let protocols, let range):
            let names = protocols.map(\.description).joined(separator: "/")
            guard protocols.contains(where: \.hasPorts) else { return names }
            if range == .all { return "any \(names) port" }
            guard !range.isSinglePort else { return "\(names) \(range.lowerBound)" }
            return "\(names) \(range.lowerBound) to \(range.upperBound)"
        case .named(let protocols, let name):
            return "\(protocols.map(\.description).joined(separator: "/")) \(shown(name))"
        case .icmp(let ipProtocol, let type): return "\(ipProtocol) type \(type)"
        }
    }

    private static func text(_ peer: Peer, _ direction: Direction) -> String {
        switch peer {
        case .endpoints(let selector): SelectorText.peer(selector)
        case .entity(let entity): text(entity, direction)
        case .cidr(let block): "\(block.prefix)\(except(block.except))"
        case .cidrGroup(.named(let name), let exceptions):
            "the addresses of CIDR group \(shown(name))\(except(exceptions))"
        case .cidrGroup(.selected(let selector), let exceptions):
            "the addresses of CIDR groups with \(labels(selector, none: "any label"))\(except(exceptions))"
        case .nodes(let selector), .clusterNodes(let selector): "nodes with \(labels(selector, none: "any label"))"
        case .services(let references): references.map(text).joined(separator: " or ")
        case .dnsNames(let names): names.map(text).joined(separator: " or ")
        case .cloudGroups: "security groups of the cloud provider"
        }
    }

    private static func labels(_ selector: Selector, none: String) -> String {
        let text = SelectorText.labels(selector)
        return text.isEmpty ? none : text
    }

    private static func except(_ exceptions: [Prefix]) -> String {
        exceptions.isEmpty ? "" : " except " + exceptions.map(\.description).joined(separator: " and ")
    }

    private static func text(_ service: ServiceReference) -> String {
        let namespace = service.namespace.map { " in namespace \(shown($0))" } ?? " in any namespace"
        switch service.choice {
        case .named(let name): return "Service \(shown(name))\(namespace)"
        case .selected(let selector): return "Services with \(labels(selector, none: "any label"))\(namespace)"
        }
    }

    private static func text(_ name: DNSNamePattern) -> String {
        switch name {
        case .name(let text), .pattern(let text): shown(text)
        }
    }

    private static func text(_ entity: Entity, _ direction: Direction) -> String {
        switch entity {
        case .all: "anywhere"
        case .world: direction == .ingress ? "outside the cluster" : "any address outside the cluster"
        case .worldIPv4: "any IPv4 address outside the cluster"
        case .worldIPv6: "any IPv6 address outside the cluster"
        case .host: "the host"
        case .remoteNode: "other nodes"
        case .kubeAPIServer: "the Kubernetes API server"
        case .cluster: "anything in the cluster"
        case .clusterMesh: "anything in the connected clusters"
        case .`init`: "endpoints that are starting"
        case .ingress: "the ingress proxy"
        case .health: "health checks"
        case .unmanaged: "pods that Cilium does not manage"
        case .none: "no one"
        }
    }

    static func text(_ condition: Condition) -> String {
        switch condition {
        case .http(let matches): matches.map(text).joined(separator: " or ")
        case .dns(let names): "DNS lookups of " + names.map(text).joined(separator: " or ")
        case .serverNames(let names): "TLS server name " + names.map { shown($0) }.joined(separator: " or ")
        case .authentication, .kafka, .l7, .tls, .listener: shown(condition.feature)
        }
    }

    private static func text(_ match: HTTPMatch) -> String {
        var words = ["HTTP"]
        words += [match.method, match.path].compactMap { $0.map { shown($0) } }
        if let host = match.host { words.append("on host \(shown(host))") }
        if !match.headers.isEmpty {
            words.append("with header " + match.headers.map { shown($0) }.joined(separator: ", "))
        }
        return words.count == 1 ? "any HTTP request" : words.joined(separator: " ")
    }
}
