// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// What a filter is asked about: a record or a kind of connection.
enum FlowFilterSubject {
    case record(Flow)
    case key(FlowKey)

    /// The end of a flow as far as it is known.
    private struct Party {
        var kind: Flow.Party.Kind
        var namespace: String?
        var workload: String?
        var name: String?
        var address: IPAddress?
        var labels: [String]
    }

    /// Whether the term's own condition holds, negation left aside.
    func matches(_ term: FlowFilter.Term) -> Bool {
        switch term.value {
        case .verdict(let verdict): self.verdict == verdict
        case .direction(let direction): self.direction == direction
        case .ipProtocol(let proto): ipProtocol == proto
        case .reason(let reason): self.reason == reason
        case .tcpFlag(let flag): record.map { $0.tcpFlags & flag.rawValue != 0 } ?? false
        case .flag(let agrees): record.map { $0.agrees == agrees } ?? false
        case .report(let report): record.map { $0.report == report } ?? false
        case .range(let range): matchesPort(range, term)
        case .prefix(let prefix): hasEnd(term.side) { $0.address.map(prefix.contains) ?? false }
        case .kind(let kind): hasKind(kind, term.side)
        case .glob(let glob): matches(glob, term)
        }
    }

    private func matchesPort(_ range: PortRange, _ term: FlowFilter.Term) -> Bool {
        if term.key == .icmp { return ipProtocol.isICMP && range.contains(destinationPort) }
        guard ipProtocol.hasPorts else { return false }
        if term.side == .source { return record.map { range.contains($0.sourcePort) } ?? false }
        return range.contains(destinationPort)
    }

    private func matches(_ glob: Glob, _ term: FlowFilter.Term) -> Bool {
        switch term.key {
        case .policy: return ([decision.policy].compactMap { $0 } + decision.isolatedBy).contains { named(glob, $0) }
        case .rule:
            guard let rule = decision.rule else { return false }
            return glob.matches(rule) || glob.matches("\(decision.policy ?? "") \(rule)")
        case .reason: return glob.matches(decision.reason.rawValue)
        case .namespace, .workload: return hasName(term) { Self.matches(glob, term.key, $0, $1) }
        default: return hasEnd(term.side) { matches(glob, term.key, $0) }
        }
    }

    /// Of namespaces and workloads, without a copy of everything else that an end has: filters of pages ask ten thousand keys.
    private func hasName(_ term: FlowFilter.Term, _ test: (_ namespace: String?, _ workload: String?) -> Bool) -> Bool {
        switch self {
        case .record(let flow):
            if term.side != .destination, test(flow.source.namespace, flow.source.workload) { return true }
            return term.side != .source && test(flow.destination.namespace, flow.destination.workload)
        case .key(let key):
            let ends = key.storage
            if term.side != .destination, test(ends.source.namespace, ends.source.workload) { return true }
            return term.side != .source && test(ends.destination.namespace, ends.destination.workload)
        }
    }

    private func hasKind(_ kind: Flow.Party.Kind, _ side: FlowFilter.Side) -> Bool {
        switch self {
        case .record(let flow):
            if side != .destination, flow.source.kind == kind { return true }
            return side != .source && flow.destination.kind == kind
        case .key(let key):
            if side != .destination, key.storage.source.kind == kind { return true }
            return side != .source && key.storage.destination.kind == kind
        }
    }

    private static func matches(
        _ glob: Glob,
        _ key: FlowFilter.Key,
        _ namespace: String?,
        _ workload: String?
    ) -> Bool {
        key == .namespace ? namespace.map(glob.matches) ?? false : qualified(glob, namespace, workload)
    }

    private func matches(_ glob: Glob, _ key: FlowFilter.Key, _ party: Party) -> Bool {
        switch key {
        case .pod: return Self.qualified(glob, party.namespace, party.name)
        case .label:
            return party.labels.contains { label in
                glob.matches(label) || glob.matches(label.prefix { $0 != "=" })
            }
        case .text:
            let names = [party.namespace, party.workload, party.name, party.address?.description].compactMap { $0 }
            return names.contains(where: glob.matchesPart)
                || glob.matchesPart(of: "\(party.namespace ?? "")/\(party.workload ?? "")")
        default: return false
        }
    }

    /// `web` finds the name in every namespace, `shop/web` in one.
    private static func qualified(_ glob: Glob, _ namespace: String?, _ name: String?) -> Bool {
        guard let name else { return false }
        return glob.hasSlash ? glob.matches("\(namespace ?? "")/\(name)") : glob.matches(name)
    }

    private func named(_ glob: Glob, _ policy: String) -> Bool {
        if glob.matches(policy) { return true }
        guard !glob.hasSlash, let slash = policy.firstIndex(of: "/") else { return false }
        return glob.matches(policy[policy.index(after: slash)...])
    }

    private var record: Flow? {
        if case .record(let flow) = self { flow } else { nil }
    }

    private var verdict: Verdict {
        switch self {
        case .record(let flow): flow.verdict
        case .key(let key): key.verdict
        }
    }

    private var direction: Direction {
        switch self {
        case .record(let flow): flow.direction
        case .key(let key): key.direction
        }
    }

    private var ipProtocol: IPProtocol {
        switch self {
        case .record(let flow): flow.ipProtocol
        case .key(let key): key.ipProtocol
        }
    }

    private var destinationPort: UInt16 {
        switch self {
        case .record(let flow): flow.destinationPort
        case .key(let key): key.port
        }
    }

    private var decision: Flow.Decision {
        switch self {
        case .record(let flow): flow.decision
        case .key(let key): key.storage.decision
        }
    }

    private var reason: Flow.Reason {
        switch self {
        case .record(let flow): flow.decision.reason
        case .key(let key): key.storage.decision.reason
        }
    }

    private func hasEnd(_ side: FlowFilter.Side, _ test: (Party) -> Bool) -> Bool {
        if side != .destination, test(source) { return true }
        return side != .source && test(destination)
    }

    private var source: Party {
        switch self {
        case .record(let flow): Self.party(flow.source)
        case .key(let key): Self.party(key.source)
        }
    }

    private var destination: Party {
        switch self {
        case .record(let flow): Self.party(flow.destination)
        case .key(let key): Self.party(key.destination)
        }
    }

    private static func party(_ party: Flow.Party) -> Party {
        Party(
            kind: party.kind,
            namespace: party.namespace,
            workload: party.workload,
            name: party.name,
            address: party.isMasked ? nil : party.address,
            labels: party.labels
        )
    }

    private static func party(_ party: FlowKey.Party) -> Party {
        Party(
            kind: party.kind,
            namespace: party.namespace,
            workload: party.workload,
            name: nil,
            address: party.address,
            labels: []
        )
    }
}
