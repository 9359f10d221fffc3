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
    private let identityOfEndpoint: [Int32]
    private let subjects: [CompactSubject]
    private let labels: [UInt64]
    private let rules: [CompactRule]
    private let selectors: [CompactSelector]
    /// Lists of peers and of ports that rules refer to.
    private let peers: [CompactPeer]
    private let ports: [CompactPort]

    /// - Complexity: O(labels of all identities + rules of all distinct lists of specs).
    public init(_ world: ResolvedSnapshot) {
        var compiler = VerdictCompiler(world)
        compiler.compile()
        self.world = world
        identityOfEndpoint = world.identityOfEndpoint.map { Int32($0) }
        subjects = compiler.subjects
        labels = compiler.labels
        rules = compiler.rules
        selectors = compiler.selectors
        peers = compiler.peers
        ports = compiler.ports
    }

    /// What becomes of a connection between two endpoints, by their indices in the snapshot.
    /// - Complexity: O(rules that select the two ends).
    public func verdict(from source: Int, to destination: Int, _ service: Service) -> Verdict {
        guard source != destination else { return Verdict(answer: .allowed, isLimited: false) }
        let from = subjects[Int(identityOfEndpoint[source])]
        let to = subjects[Int(identityOfEndpoint[destination])]
        guard from.isCompact, to.isCompact else { return slowly(source, destination, service) }
        let out = judge(from.egress, peer: to, service)
        guard out != .closed else { return Verdict(answer: .dropped, isLimited: false) }
        let into = judge(to.ingress, peer: from, service)
        guard into != .closed else { return Verdict(answer: .dropped, isLimited: false) }
        return Verdict(answer: .allowed, isLimited: out == .limited || into == .limited)
    }

    private enum Side { case open, limited, closed }

    private func judge(_ program: CompactProgram, peer: CompactSubject, _ service: Service) -> Side {
        var side = program.isIsolated ? Side.closed : .open
        for index in program.start..<program.end {
            let rule = rules[Int(index)]
            guard matches(rule, service), rule.isForEveryone || matches(rule, peer) else { continue }
            if rule.isDeny { return .closed }
            guard program.isIsolated else { continue }
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
        for index in rule.peerStart..<rule.peerEnd {
            let candidate = peers[Int(index)]
            // Nearly all of them end here, without a look at anything else.
            guard candidate.namespace == 0 || candidate.namespace == peer.namespace else { continue }
            let own = labels[Int(peer.labelStart)..<Int(peer.labelEnd)]
            guard candidate.label == 0 || own.contains(candidate.label) else { continue }
            guard candidate.hasMore else { return true }
            if selectors[Int(candidate.selector)].matches(namespace: peer.namespace, own) { return true }
        }
        return false
    }

    private func slowly(_ source: Int, _ destination: Int, _ service: Service) -> Verdict {
        func party(_ index: Int) -> Party {
            let address = world.snapshot.endpoints[index].addresses.first ?? IPAddress(family: .v4, bits: 0)
            return Party(.endpoint(index), address: address)
        }
        let decision = world.decision(
            for: Connection(source: party(source), destination: party(destination), service: service)
        )
        return Verdict(answer: decision.answer, isLimited: decision.isLimited)
    }
}

/// One identity as the table knows it.
struct CompactSubject: Sendable {
    var namespace: UInt32
    var labelStart: UInt32
    var labelEnd: UInt32
    var egress = CompactProgram()
    var ingress = CompactProgram()
    var isCompact = true
}

/// The rules of one side; without any and not isolated, no policy has a say.
struct CompactProgram: Sendable {
    var start: UInt32 = 0
    var end: UInt32 = 0
    var isIsolated = false
    var hasDeny = false
}

/// One rule; its peers and ports are ranges of the table's lists.
struct CompactRule: Sendable {
    var isDeny: Bool
    var isLimited: Bool
    var isForEveryone: Bool
    var isForEveryPort: Bool
    var peerStart: UInt32 = 0
    var peerEnd: UInt32 = 0
    /// The first range of ports; the others are in the list.
    var port = CompactPort(ipProtocol: 0, first: 1, last: 0)
    var portStart: UInt32 = 0
    var portEnd: UInt32 = 0
}

/// A selector that a rule names, with what decides most questions about it in the same place.
struct CompactPeer: Sendable {
    var selector: UInt32
    /// 0: any.
    var namespace: UInt32
    /// One of the labels that it demands; 0: none.
    var label: UInt64
    /// Whether it demands more than these.
    var hasMore: Bool
}

/// A range of ports of one protocol.
struct CompactPort: Sendable {
    var ipProtocol: UInt8
    var first: UInt16
    var last: UInt16

    func contains(_ service: Service) -> Bool {
        ipProtocol == service.ipProtocol.rawValue && first <= service.port && service.port <= last
    }
}
