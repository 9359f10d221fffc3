// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel
import TestSupport

/// Random policies about the sandbox's workloads, with ports that really answer.
struct RandomPolicies {
    var random: SeededRandom

    private let here = SourceLocation(document: "random", line: 1, column: 1)
    private let apps = ["gateway", "web", "api", "worker", "db"]
    private let tcp: [UInt16] = [80, 443, 8080, 9000, 9090, 5432]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func policies(_ modes: [Mode?]) -> [Policy] {
        (0..<Int.random(in: 1...6, using: &random)).map { number in
            let namespace = flip() ? "shop" : "data"
            let kind: PolicyKind = flip() ? .ciliumNetworkPolicy : .networkPolicy
            return Policy(
                id: PolicyID(kind, namespace: namespace, name: "p\(number)"),
                location: here,
                specs: (0..<(flip(4) ? 2 : 1)).map { _ in spec(namespace) },
                mode: pick(modes)
            )
        }
    }

    private mutating func spec(_ namespace: String) -> PolicySpec {
        var requirements: [Selector.Requirement] = [.isIn(WellKnownLabel.namespace, [namespace])]
        if !flip(3) { requirements.append(.isIn(.k8s("app"), [pick(apps), pick(apps)])) }
        var isolates: Set<Direction> = []
        if !flip(4) { isolates.insert(.ingress) }
        if flip(2) { isolates.insert(.egress) }
        let rules = Direction.allCases.flatMap { direction in
            [RuleAction.allow, .deny].flatMap { action in
                (0..<count(action)).map { rule(direction, action, $0) }
            }
        }
        return PolicySpec(
            subject: .endpoints(Selector(requirements)),
            isolates: isolates,
            rules: rules,
            location: here
        )
    }

    private mutating func count(_ action: RuleAction) -> Int {
        action == .allow ? Int.random(in: 0...3, using: &random) : (flip(4) ? 1 : 0)
    }

    private mutating func rule(_ direction: Direction, _ action: RuleAction, _ index: Int) -> Rule {
        let peers: Peers = flip(6) ? .anyone : .anyOf((0..<Int.random(in: 1...2, using: &random)).map { _ in peer() })
        let ports: Ports =
            flip(3) ? .all : .anyOf((0..<Int.random(in: 1...3, using: &random)).map { _ in port() })
        return Rule(
            direction: direction,
            action: action,
            index: index,
            peers: peers,
            ports: ports,
            conditions: flip(12) ? [.http([HTTPMatch(path: "/")])] : [],
            location: here
        )
    }

    private mutating func peer() -> Peer {
        switch Int.random(in: 0...5, using: &random) {
        case 0: return .entity(pick([.host, .world, .worldIPv4, .cluster, .all, .none]))
        case 1: return .cidr(block(reach: flip() ? .world : .anyParty))
        case 2: return .endpoints(Selector([.exists(WellKnownLabel.namespace)]))
        case 3: return .endpoints(Selector([.isNotIn(.k8s("app"), [pick(apps)])]))
        default:
            return .endpoints(Selector([.isIn(LabelKey(flip() ? .any : .k8s, "app"), [pick(apps), pick(apps)])]))
        }
    }

    private mutating func block(reach: CIDRPeer.Reach) -> CIDRPeer {
        let blocks: [(String, [String])] = [
            ("0.0.0.0/0", ["203.0.113.0/29"]), ("0.0.0.0/0", []), ("203.0.113.0/24", []), ("10.88.0.0/28", []),
            ("::/0", []), ("2001:db8::/32", ["2001:db8:113::/48"]), ("fd88::/64", []), ("198.51.100.0/24", []),
            ("10.88.0.1/32", []),
        ]
        let chosen = pick(blocks)
        return CIDRPeer(
            Prefix(chosen.0) ?? Prefix(IPAddress(v4: 0), length: 0),
            except: chosen.1.compactMap { Prefix($0) },
            reach: reach
        )
    }

    private mutating func port() -> PortMatch {
        switch Int.random(in: 0...6, using: &random) {
        case 0: return .numbered(IPProtocol.withPorts, PortRange(pick(tcp)))
        case 1: return .numbered([.tcp], PortRange(8000, 9050))
        case 2: return .numbered([.udp], flip() ? PortRange(53) : .all)
        case 3: return .named([.tcp], pick(["http", "https", "postgres", "api", "metrics"]))
        case 4: return flip() ? .icmp(.icmp, type: 8) : .icmp(.icmpv6, type: 128)
        default: return .numbered([.tcp], PortRange(pick(tcp)))
        }
    }

    private mutating func flip(_ sides: Int = 2) -> Bool { Int.random(in: 0..<sides, using: &random) == 0 }
    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
    }
}
