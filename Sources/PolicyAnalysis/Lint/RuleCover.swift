// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyModel

/// Whether one rule matches all that another one does, in every world there may be.
///
/// The comparison is by form: what it finds is certain, and it may miss what only a certain world makes so.
enum RuleCover {
    /// Whether `wide` matches every connection that `narrow` matches, for one subject.
    static func covers(_ wide: Rule, _ narrow: Rule) -> Bool {
        wide.direction == narrow.direction
            && (wide.conditions.isEmpty || wide.conditions == narrow.conditions)
            && covers(wide.ports, narrow.ports)
            && covers(wide.peers, narrow.peers)
    }

    /// Whether everyone that `narrow` selects is selected by `wide` too.
    static func covers(_ wide: PolicySpec.Subject, _ narrow: PolicySpec.Subject) -> Bool {
        switch (wide, narrow) {
        case (.endpoints(let wide), .endpoints(let narrow)), (.nodes(let wide), .nodes(let narrow)):
            covers(wide, narrow)
        default: false
        }
    }

    static func covers(_ wide: Selector, _ narrow: Selector) -> Bool {
        wide.requirements.allSatisfy { needed in
            narrow.requirements.contains { follows(needed, from: $0) }
        }
    }

    private static func follows(_ needed: Selector.Requirement, from given: Selector.Requirement) -> Bool {
        if needed == given { return true }
        guard needed.key == given.key else { return false }
        switch (needed, given) {
        case (.isIn(_, let wide), .isIn(_, let narrow)): return narrow.allSatisfy(wide.contains)
        case (.exists, .isIn): return true
        // A key of any source may stand for several labels at once.
        case (.isNotIn(_, let not), .isIn(_, let values)):
            return needed.key.source != .any && !values.contains(where: not.contains)
        case (.isNotIn(_, let few), .isNotIn(_, let many)): return few.allSatisfy(many.contains)
        case (.isNotIn, .doesNotExist): return true
        default: return false
        }
    }

    private static func covers(_ wide: Peers, _ narrow: Peers) -> Bool {
        switch (wide, narrow) {
        case (.anyone, _): true
        case (.anyOf(let wide), .anyone): wide.contains(where: \.isEveryone)
        case (.anyOf(let wide), .anyOf(let narrow)):
            narrow.allSatisfy { one in wide.contains { covers($0, one) } }
        }
    }

    private static func covers(_ wide: Peer, _ narrow: Peer) -> Bool {
        if wide == narrow || wide.isEveryone { return true }
        switch (wide, narrow) {
        case (.endpoints(let wide), .endpoints(let narrow)), (.nodes(let wide), .nodes(let narrow)),
            (.clusterNodes(let wide), .clusterNodes(let narrow)), (.clusterNodes(let wide), .nodes(let narrow)):
            return covers(wide, narrow)
        case (.entity(.world), .entity(.worldIPv4)), (.entity(.world), .entity(.worldIPv6)): return true
        case (.entity(.world), .cidr(let block)): return block.reach == .world
        // Whom the blocks of a group match is an environment's setting (`CIDRGroup.reach`), which is not known here.
        case (.entity(.world), .cidrGroup): return false
        case (.cidr(let wide), .cidr(let narrow)):
            return wide.reach == narrow.reach && wide.prefix.contains(narrow.prefix)
                && wide.except.allSatisfy { hole in
                    let isApart = !hole.contains(narrow.prefix) && !narrow.prefix.contains(hole)
                    return isApart || narrow.except.contains { $0.contains(hole) }
                }
        case (.cidrGroup(let wide, let except), .cidrGroup(let narrow, let more)):
            return wide == narrow && except.allSatisfy(more.contains)
        default: return false
        }
    }

    private static func covers(_ wide: Ports, _ narrow: Ports) -> Bool {
        guard case .anyOf(let wanted) = narrow else { return wide == .all }
        guard case .anyOf(let given) = wide else { return true }
        let numbers = connections(given)
        return wanted.allSatisfy { port in
            if case .named = port { return given.contains(port) }
            return numbers.isSuperset(of: connections([port]))
        }
    }

    /// The ports with a number; those with a name are left out.
    private static func connections(_ ports: [PortMatch]) -> ConnectionSet {
        var ranges: [IPProtocol: [PortRange]] = [:]
        for port in ports {
            switch port {
            case .numbered(let protocols, let range):
                for ipProtocol in protocols { ranges[ipProtocol, default: []].append(range) }
            case .icmp(let ipProtocol, let type): ranges[ipProtocol, default: []].append(PortRange(UInt16(type)))
            case .named: break
            }
        }
        return ConnectionSet(ranges.mapValues { PortSet($0) })
    }
}
