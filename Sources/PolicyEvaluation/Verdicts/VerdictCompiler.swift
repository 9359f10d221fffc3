// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Compiles a resolved snapshot into the flat lists of a `VerdictTable`.
struct VerdictCompiler {
    /// What makes two sides one program.
    private struct ProgramKey: Hashable {
        var direction: Direction
        var specs: [ResolvedSnapshot.SelectingSpec]
        var namedPorts: [NamedPort]
    }

    /// What one kind of peer is to an endpoint.
    private enum Form {
        case nobody, everyone
        case peer(CompactPeer)
        case block(CIDRPeer)
        /// What it says hangs on addresses that nobody knows.
        case doubtful
    }

    private let world: ResolvedSnapshot
    /// Which policies count; `nil`: what the modes make of them, where that is the same for all.
    private let policies: JudgedPolicies?
    private var numbers = LabelNumbers()
    private var known: [Selector: CompactPeer] = [:]
    private var programs: [ProgramKey: CompactProgram?] = [:]

    private(set) var subjects: [CompactSubject] = []
    private(set) var labels: [UInt64] = []
    private(set) var rules: [CompactRule] = []
    private(set) var selectors: [CompactSelector] = []
    private(set) var peers: [CompactPeer] = []
    private(set) var ports: [CompactPort] = []
    private(set) var blocks: [CompactBlock] = []

    init(_ world: ResolvedSnapshot, by policies: JudgedPolicies?) {
        self.world = world
        self.policies = policies
    }

    mutating func compile() {
        var ofIdentity: [CompactSubject] = []
        ofIdentity.reserveCapacity(world.identities.count)
        // All labels have their numbers before selectors are compiled, so that what has none is on no endpoint.
        for identity in world.identities {
            let start = UInt32(labels.count)
            var namespace: UInt32 = 0
            for label in identity.labels.labels {
                let number = numbers.number(label)
                if label.key == WellKnownLabel.namespace { namespace = UInt32(truncatingIfNeeded: number) }
                labels.append(number)
            }
            labels[Int(start)...].sort()
            ofIdentity.append(CompactSubject(namespace: namespace, labelStart: start, labelEnd: UInt32(labels.count)))
        }
        for index in world.identities.indices {
            ofIdentity[index].egress = program(.egress, of: index) ?? .none
            ofIdentity[index].ingress = program(.ingress, of: index) ?? .none
        }
        subjects = world.identityOfEndpoint.map { ofIdentity[$0] }
    }

    /// One side's program; `nil` when it has no compact form.
    private mutating func program(_ direction: Direction, of identity: Int) -> CompactProgram? {
        let specs = world.selecting[identity].filter { reference in
            world.spec(reference).concerns(direction) && (policies != .enforced || reference.mode == .blocking)
        }
        guard !specs.isEmpty else { return CompactProgram() }
        let looksAtNames =
            direction == .ingress
            && specs.contains { reference in
                world.spec(reference).rules.contains { $0.direction == direction && $0.ports.hasNamedPort }
            }
        let key = ProgramKey(
            direction: direction,
            specs: specs,
            namedPorts: looksAtNames ? world.identities[identity].namedPorts : []
        )
        if let known = programs[key] { return known }
        let program = makeProgram(key, subject: world.identities[identity])
        programs[key] = .some(program)
        return program
    }

    private mutating func makeProgram(_ key: ProgramKey, subject: Identity) -> CompactProgram? {
        var program = CompactProgram(start: UInt32(rules.count))
        for reference in key.specs {
            guard policies != nil || reference.mode == .blocking,
                world.snapshot.policies[reference.policy].tier == .normal
            else { return nil }
            let spec = world.spec(reference)
            program.isIsolated = program.isIsolated || spec.isolates.contains(key.direction)
            for rule in spec.rules where rule.direction == key.direction {
                guard add(rule, subject: subject) else { return nil }
                program.hasDeny = program.hasDeny || rule.action == .deny
            }
        }
        guard rules.count < CompactProgram.mostRules else { return nil }
        program.end = UInt32(rules.count)
        return program
    }

    /// - Returns: whether the rule has a compact form; one that matches no endpoint has the form of nothing.
    private mutating func add(_ rule: Rule, subject: Identity) -> Bool {
        if rule.direction == .egress, rule.ports.hasNamedPort { return false }
        let condition = world.matching.conditions(of: rule, RequestFacts())
        guard condition != .no else { return true }
        var compact = CompactRule(
            peerStart: UInt32(peers.count),
            portStart: UInt32(ports.count),
            blockStart: UInt32(blocks.count),
            isDeny: rule.action == .deny,
            isLimited: condition == .limited,
            isForEveryone: rule.peers == .anyone,
            isForEveryPort: rule.ports == .all
        )
        if case .anyOf(let list) = rule.peers {
            for peer in list {
                guard let form = form(of: peer, in: rule) else { return false }
                switch form {
                case .nobody: break
                case .everyone: compact.isForEveryone = true
                case .peer(let peer) where !compact.hasPeer: (compact.peer, compact.hasPeer) = (peer, true)
                case .peer(let peer): peers.append(peer)
                case .block(let block): blocks += CompactBlock.ranges(of: block)
                case .doubtful: compact.isDoubtful = true
                }
            }
        }
        compact.peerEnd = UInt32(peers.count)
        compact.blockEnd = UInt32(blocks.count)
        let hasPeers = compact.hasPeer || compact.blockEnd > compact.blockStart
        guard compact.isForEveryone || hasPeers || compact.isDoubtful else { return true }
        if rule.ports != .all {
            let sets = ConnectionSet(rule.ports, namedPortsOf: subject).ports.sorted { $0.key < $1.key }
            let ranges = sets.flatMap { ipProtocol, set in
                set.ranges.map {
                    CompactPort(ipProtocol: ipProtocol.rawValue, first: $0.lowerBound, last: $0.upperBound)
                }
            }
            if let first = ranges.first { compact.port = first }
            ports += ranges.dropFirst()
        }
        compact.portEnd = UInt32(ports.count)
        rules.append(compact)
        return true
    }

    /// What a kind of peer is to endpoints; `nil` without a compact form.
    private mutating func form(of peer: Peer, in rule: Rule) -> Form? {
        guard world.snapshot.reach == .layer7 || peer.isCheckable else {
            return rule.action == .deny ? .everyone : .nobody
        }
        switch peer {
        case .endpoints(let selector):
            if let peer = known[selector] { return .peer(peer) }
            let compact = CompactSelector(selector, numbers)
            let peer = CompactPeer(
                label: compact.labels.first ?? 0,
                namespace: compact.namespace,
                selector: UInt32(selectors.count),
                hasMore: compact.labels.count > 1 || !compact.needs.isEmpty || compact.isImpossible
            )
            selectors.append(compact)
            known[selector] = peer
            return .peer(peer)
        case .entity(.all), .entity(.cluster), .entity(.clusterMesh): return .everyone
        case .entity, .nodes, .clusterNodes, .dnsNames, .cloudGroups: return .nobody
        case .cidrGroup:
            let reachesEndpoints = world.snapshot.cidrGroups.contains {
                $0.reach == .anyParty || $0.reach == .worldAndEndpoints
            }
            return reachesEndpoints ? nil : .nobody
        case .cidr(let block):
            guard block.reach == .anyParty || block.reach == .worldAndEndpoints else { return .nobody }
            return world.snapshot.unknownAddresses == nil ? .block(block) : .doubtful
        case .services: return nil
        }
    }
}
