// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
import PolicyModel

/// Verdicts between endpoints at some ten nanoseconds each, without reasons.
///
/// The same answers as `ResolvedSnapshot.decision(for:)` (`VerdictTableTests` holds the two together): rules are compiled to
/// numbers once, and what has no compact form (ordered tiers, policies in audit, Services, ports named by peers) is asked
/// of the snapshot.
public struct VerdictTable: Sendable {
    /// What the table says about a connection.
    public struct Verdict: Hashable, Sendable {
        public var answer: Decision.Answer
        /// Whether rules about requests decide further.
        public var isLimited: Bool

        public init(answer: Decision.Answer, isLimited: Bool) {
            self.answer = answer
            self.isLimited = isLimited
        }
    }

    private let world: ResolvedSnapshot
    private let policies: JudgedPolicies?
    /// By endpoint: the address that blocks are compared with.
    private let addresses: [IPAddress]
    /// By endpoint.
    private let subjects: [CompactSubject]
    private let labels: [UInt64]
    private let rules: [CompactRule]
    private let selectors: [CompactSelector]
    /// Lists of peers and of ports that rules refer to.
    private let peers: [CompactPeer]
    private let ports: [CompactPort]
    /// What blocks of addresses have without their exceptions.
    private let blocks: [CompactBlock]

    /// - Complexity: O(labels of all identities + rules of all distinct lists of specs).
    public init(_ world: ResolvedSnapshot) { self.init(world, judgedBy: nil) }

    /// A table in which only some policies count, and all that count are enforced: no verdict is `wouldDrop`.
    public init(_ world: ResolvedSnapshot, by policies: JudgedPolicies) { self.init(world, judgedBy: policies) }

    private init(_ world: ResolvedSnapshot, judgedBy policies: JudgedPolicies?) {
        var compiler = VerdictCompiler(world, by: policies)
        compiler.compile()
        self.world = world
        self.policies = policies
        addresses = world.snapshot.endpoints.map { $0.addresses.first ?? IPAddress(family: .v4, bits: 0) }
        subjects = compiler.subjects
        labels = compiler.labels
        rules = compiler.rules
        selectors = compiler.selectors
        peers = compiler.peers
        ports = compiler.ports
        blocks = compiler.blocks
    }

    /// What becomes of a connection between two endpoints, by their indices in the snapshot.
    /// - Complexity: O(rules that select the two ends).
    public func verdict(from source: Int, to destination: Int, _ service: Service) -> Verdict {
        guard source != destination else { return Verdict(answer: .allowed, isLimited: false) }
        return compactVerdict(from: source, to: destination, service) ?? slowly(source, destination, service)
    }

    /// The verdict where the table alone has it; an endpoint and itself are two replicas here, which policies separate.
    /// - Complexity: O(rules that select the two ends).
    package func compactVerdict(from source: Int, to destination: Int, _ service: Service) -> Verdict? {
        let from = subjects[source]
        let to = subjects[destination]
        guard from.egress.isCompact, to.ingress.isCompact else { return nil }
        let out = judge(from.egress, peer: to, destination, service)
        guard out != .closed else { return Verdict(answer: .dropped, isLimited: false) }
        let into = judge(to.ingress, peer: from, source, service)
        guard into != .closed else { return Verdict(answer: .dropped, isLimited: false) }
        guard out != .doubtful, into != .doubtful else { return nil }
        return Verdict(answer: .allowed, isLimited: out == .limited || into == .limited)
    }

    private enum Side { case open, limited, closed, doubtful }

    private func judge(
        _ program: CompactProgram,
        peer: CompactSubject,
        _ endpoint: Int,
        _ service: Service
    ) -> Side {
        var side = program.isIsolated ? Side.closed : .open
        for index in program.start..<program.end {
            let rule = rules[Int(index)]
            guard rule.isDeny || program.isIsolated, matches(rule, service) else { continue }
            guard rule.isForEveryone || matches(rule, peer) || hasBlock(rule, endpoint) else {
                if rule.isDoubtful { return .doubtful }
                continue
            }
            if rule.isDeny { return .closed }
            if !rule.isLimited {
                side = .open
                if !program.hasDeny { return .open }
            } else if side == .closed {
                side = .limited
            }
        }
        return side
    }

    private func matches(_ rule: CompactRule, _ service: Service) -> Bool {
        if rule.isForEveryPort || rule.port.contains(service) { return true }
        for index in rule.portStart..<rule.portEnd {
            if ports[Int(index)].contains(service) { return true }
        }
        return false
    }

    private func matches(_ rule: CompactRule, _ peer: CompactSubject) -> Bool {
        if rule.hasPeer, matches(rule.peer, peer) { return true }
        for index in rule.peerStart..<rule.peerEnd where matches(peers[Int(index)], peer) { return true }
        return false
    }

    private func matches(_ candidate: CompactPeer, _ peer: CompactSubject) -> Bool {
        // Nearly all of them end here, without a look at anything else.
        guard candidate.namespace == 0 || candidate.namespace == peer.namespace else { return false }
        let own = labels[Int(peer.labelStart)..<Int(peer.labelEnd)]
        guard candidate.label == 0 || own.contains(candidate.label) else { return false }
        return !candidate.hasMore || selectors[Int(candidate.selector)].matches(namespace: peer.namespace, own)
    }

    private func hasBlock(_ rule: CompactRule, _ endpoint: Int) -> Bool {
        guard rule.blockEnd > rule.blockStart else { return false }
        let address = addresses[endpoint]
        for index in rule.blockStart..<rule.blockEnd {
            if blocks[Int(index)].contains(address) { return true }
        }
        return false
    }

    private func slowly(_ source: Int, _ destination: Int, _ service: Service) -> Verdict {
        func party(_ index: Int) -> Party {
            Party(.endpoint(index), address: addresses[index])
        }
        var decision = world.decision(
            for: Connection(source: party(source), destination: party(destination), service: service)
        )
        if let policies {
            decision.egress = decision.egress?.judged(by: policies)
            decision.ingress = decision.ingress?.judged(by: policies)
        }
        return Verdict(answer: decision.answer, isLimited: decision.isLimited)
    }
}

extension SideDecision {
    /// The side when some policies count and are enforced.
    fileprivate func judged(by policies: JudgedPolicies) -> SideDecision {
        let judgement = policies == .all ? complete : enforced
        return SideDecision(enforced: judgement, complete: judgement)
    }
}
