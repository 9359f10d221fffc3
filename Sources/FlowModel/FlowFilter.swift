// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// A predicate over flows in the one filter grammar of CLI, API and UI.
///
/// `ns:shop verdict:dropped -to.ns:kube-system`. Terms of one key (and side) are joined by "or", different keys by "and",
/// negated terms each by "and not". A word without a key is searched in names and addresses; several words must all be found.
public struct FlowFilter: Hashable, Sendable {
    /// Which end a term is about.
    public enum Side: String, Hashable, Sendable, CaseIterable {
        case either = ""
        case source = "from."
        case destination = "to."
    }

    /// What a term looks at.
    public enum Key: String, Hashable, Sendable, CaseIterable {
        case namespace = "ns"
        case pod, workload, label, ip, entity, port
        case proto, verdict, direction, reason, policy, rule, tcpflag, icmp, agrees, report
        /// A bare word.
        case text = ""

        /// Whether `from.` and `to.` can stand before it.
        public var hasSides: Bool {
            switch self {
            case .namespace, .pod, .workload, .label, .ip, .entity, .port: true
            default: false
            }
        }
    }

    /// What a term compares with.
    public enum Value: Hashable, Sendable {
        case glob(Glob)
        case prefix(Prefix)
        case range(PortRange)
        case ipProtocol(IPProtocol)
        case verdict(Verdict)
        case direction(Direction)
        case kind(Flow.Party.Kind)
        case reason(Flow.Reason)
        case tcpFlag(TCPFlag)
        case flag(Bool)
        case report(Flow.Report)
    }

    /// One `key:value`.
    public struct Term: Hashable, Sendable {
        public var isNegated: Bool
        public var side: Side
        public var key: Key
        public var value: Value

        public init(isNegated: Bool = false, side: Side = .either, key: Key, value: Value) {
            self.isNegated = isNegated
            self.side = side
            self.key = key
            self.value = value
        }
    }

    /// In the order written.
    public let terms: [Term]
    /// Terms of which one must match, per key and side; each bare word and each negated term is a group of its own.
    let groups: [[Term]]

    public static let everything = FlowFilter([])

    public init(_ terms: [Term]) {
        self.terms = terms
        var order: [[Term]] = []
        var index: [GroupKey: Int] = [:]
        for term in terms {
            let key = GroupKey(side: term.side, key: term.key)
            if !term.isNegated, term.key != .text, let known = index[key] {
                order[known].append(term)
            } else {
                if !term.isNegated { index[key] = order.count }
                order.append([term])
            }
        }
        groups = order
    }

    private struct GroupKey: Hashable {
        var side: Side
        var key: Key
    }

    /// Whether the answer depends on something that `FlowKey` does not have (containers, labels, addresses of
    /// endpoints, source ports, TCP flags), so that only records can answer.
    public var needsRecords: Bool {
        terms.contains { term in
            switch term.key {
            case .pod, .label, .ip, .text, .tcpflag, .agrees, .report: true
            case .port: term.side != .destination && term.side != .either
            default: false
            }
        }
    }

    /// The only verdicts that can match; `nil` is any.
    public var verdicts: Set<Verdict>? {
        let wanted = terms.compactMap { term -> Verdict? in
            guard !term.isNegated, case .verdict(let verdict) = term.value else { return nil }
            return verdict
        }
        return wanted.isEmpty ? nil : Set(wanted)
    }

    /// The only destination ports (of protocols with ports) that can match; `nil` is any.
    public var destinationPorts: [PortRange]? { ports { $0 != .source } }

    /// The only source ports (of protocols with ports) that can match; `nil` is any.
    public var sourcePorts: [PortRange]? { ports { $0 == .source } }

    private func ports(_ isWanted: (Side) -> Bool) -> [PortRange]? {
        let wanted = terms.compactMap { term -> PortRange? in
            guard !term.isNegated, term.key == .port, isWanted(term.side), case .range(let range) = term.value else {
                return nil
            }
            return range
        }
        return wanted.isEmpty ? nil : wanted
    }

    /// The prefixes of which one must have the address at this side, at one of both for `either`; `nil` is any.
    public func prefixes(of side: Side) -> [Prefix]? {
        let wanted = terms.compactMap { term -> Prefix? in
            guard !term.isNegated, term.side == side, case .prefix(let prefix) = term.value else { return nil }
            return prefix
        }
        return wanted.isEmpty ? nil : wanted
    }

    /// - Complexity: O(terms × text).
    public func matches(_ flow: Flow) -> Bool { matches(.record(flow)) }

    /// Only meaningful when `needsRecords` is false: a term about what the key does not have matches nothing.
    public func matches(_ key: FlowKey) -> Bool { matches(.key(key)) }

    private func matches(_ subject: FlowFilterSubject) -> Bool {
        groups.allSatisfy { group in
            group.contains { term in subject.matches(term) != term.isNegated }
        }
    }

    public static func == (left: FlowFilter, right: FlowFilter) -> Bool { left.terms == right.terms }
    public func hash(into hasher: inout Hasher) { hasher.combine(terms) }
}
