// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads one item of a Cilium section into rules.
///
/// An item has one kind of peer and its ports. Port lists with conditions (HTTP, DNS) become rules of their own under the
/// item's index; all without become one rule together. What an item leaves out matters (see `CiliumPeersReader`):
///
/// | peers written | with ports | without ports |
/// |---|---|---|
/// | none | everyone on the ports | no one |
/// | an empty list | no one | no one |
/// | some | them on the ports | them on every port |
struct CiliumRuleReader {
    let section: CiliumSection
    let scope: CiliumScope

    private var isIngress: Bool { section.direction == .ingress }

    private static let knownFields = CiliumSection.all.map { section in
        var fields = CiliumPeersReader.members(section.direction)
        fields += ["toPorts", "icmps", section.direction == .ingress ? "fromRequires" : "toRequires"]
        if section.action == .allow { fields.append("authentication") }
        // Known so that they get their own remark.
        return (section: section, fields: fields + ["toFQDNs"])
    }

    private var knownFields: [String] { Self.knownFields.first { $0.section == section }?.fields ?? [] }

    func rules(_ field: Field, index: Int) -> [Rule] {
        guard let reader = field.object(knownFields) else { return [] }
        refuseMisplacedNames(reader)
        refuseRequires(reader[isIngress ? "fromRequires" : "toRequires"])
        if reader.isEmpty, section.action == .allow { field.report(.emptyRuleAllowsNothing) }
        let peers = CiliumPeersReader(section: section, scope: scope).peers(reader)
        let portGroups = CiliumPortsReader(section: section, scope: scope).groups(reader)
        let conditions = authentication(reader["authentication"])
        func rule(_ peers: Peers, _ ports: Ports, _ more: [Condition]) -> Rule {
            Rule(
                direction: section.direction,
                action: section.action,
                index: index,
                peers: peers,
                ports: ports,
                conditions: conditions + more,
                location: field.location
            )
        }
        guard let portGroups else {
            let whom = if case .some(let peers) = peers { Peers.anyOf(peers) } else { Peers.anyOf([]) }
            return [rule(whom, .all, [])]
        }
        return portGroups.map { group in
            rule(peers.map { .anyOf($0) } ?? .anyone, .anyOf(group.matches), group.conditions)
        }
    }

    private func refuseMisplacedNames(_ reader: ObjectReader) {
        guard let names = reader.key("toFQDNs") else { return }
        if isIngress {
            names.report(.dnsNamesInbound)
        } else if section.action == .deny {
            names.report(.conditionInDeny)
        }
    }

    private func refuseRequires(_ field: Field?) {
        guard let field, let items = field.list(), !items.isEmpty else { return }
        let instead = "Put its labels into the peer selectors."
        let version = scope.settings.version
        guard version < CiliumVersion(1, 19) else {
            field.report(.gone("\(field.path)", since: CiliumVersion(1, 19), has: version, instead: instead))
            return
        }
        field.report(.invalid("\(field.path) narrows the rules of other policies, which is not read here. \(instead)"))
    }

    private func authentication(_ field: Field?) -> [Condition] {
        guard section.action == .allow, let reader = field?.object(["mode"]) else { return [] }
        guard let mode = reader["mode"] else {
            reader.field.report(.missing("\(reader.field.path)", "a \"mode\""))
            return []
        }
        guard let word = mode.string() else { return [] }
        switch word {
        case "disabled": return []
        case "required", "test-always-fail": return [.authentication(word)]
        default:
            let allowed = ["disabled", "required", "test-always-fail"]
            mode.report(
                .notAllowed(word, for: "\(mode.path)", allowed: allowed, near: nearest(to: word, among: allowed))
            )
            return []
        }
    }
}
