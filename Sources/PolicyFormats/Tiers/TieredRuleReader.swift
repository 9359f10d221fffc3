// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads one rule of an ordered policy: an action, peers, and ports.
struct TieredRuleReader {
    let format: TieredFormat
    let direction: Direction
    let unknownPeers: PolicyDecoder.UnknownPeers

    private var peersField: String { direction == .ingress ? "from" : "to" }

    func rule(_ field: Field, index: Int) -> Rule? {
        guard let reader = field.object(["name", "action", peersField, format.portsField]) else { return nil }
        checkName(reader["name"])
        let action = action(reader)
        let peers = peers(reader, action: action)
        let ports = TieredPortsReader(format: format).ports(reader)
        if let ports, let peers { refuseNamedPorts(ports, with: peers, in: reader) }
        guard let action else { return nil }
        guard let peers else { return closed(action, index: index, at: field) }
        return Rule(
            direction: direction,
            action: action,
            index: index,
            peers: .anyOf(peers),
            ports: ports.map { .anyOf($0) } ?? .all,
            location: field.location
        )
    }

    /// The rule that stands for one with a peer of an unknown kind (documentation of `ClusterNetworkPolicyIngressPeer`).
    ///
    /// An allow rule matches nothing; a rule that denies or passes denies everything.
    private func closed(_ action: RuleAction, index: Int, at field: Field) -> Rule {
        Rule(
            direction: direction,
            action: action == .allow ? .allow : .deny,
            index: index,
            peers: action == .allow ? .anyOf([]) : .anyone,
            ports: .all,
            location: field.location
        )
    }

    private func checkName(_ field: Field?) {
        guard let field, let name = field.string() else { return }
        if name.unicodeScalars.count > 100 {
            field.report(.invalid("\(field.path) may have at most 100 characters."))
        }
    }

    private func action(_ reader: ObjectReader) -> RuleAction? {
        guard let field = reader["action"] else {
            reader.field.report(.missing("\(reader.field.path)", "an \"action\""))
            return nil
        }
        guard let word = field.string() else { return nil }
        if let known = format.actions.first(where: { $0.word == word }) { return known.action }
        let allowed = format.actions.map(\.word)
        field.report(
            .notAllowed(word, for: "\(field.path)", allowed: allowed, near: nearest(to: word, among: allowed))
        )
        return nil
    }

    /// The peers; `nil` when one of them is of an unknown kind.
    private func peers(_ reader: ObjectReader, action: RuleAction?) -> [Peer]? {
        guard let field = reader[peersField] else {
            reader.field.report(.missing("\(reader.field.path)", "a \"\(peersField)\""))
            return []
        }
        guard let items = field.list() else { return [] }
        field.check(items.count, in: 1...format.maximumItems)
        let peerReader = TieredPeersReader(
            known: format.peers(direction),
            demandsNamespaces: format.demandsNamespaces,
            unknownPeers: unknownPeers,
            action: action
        )
        var peers: [Peer]? = []
        for item in items {
            if let read = peerReader.peers(item) { peers?.append(contentsOf: read) } else { peers = nil }
        }
        return peers
    }

    /// Only pods have named ports.
    private func refuseNamedPorts(_ ports: [PortMatch], with peers: [Peer], in reader: ObjectReader) {
        let hasNames = ports.contains { if case .named = $0 { true } else { false } }
        let hasOthers = peers.contains { if case .endpoints = $0 { false } else { true } }
        guard hasNames, hasOthers else { return }
        (reader[format.portsField] ?? reader.field).report(
            .invalid("Only pods have named ports, and \(reader.field.path).\(peersField) has peers of other kinds too.")
        )
    }
}
