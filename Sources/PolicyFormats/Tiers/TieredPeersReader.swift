// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads one item of `from` or `to` of an ordered policy.
struct TieredPeersReader {
    /// The fields that say who the peer is.
    let known: [String]
    let demandsNamespaces: Bool
    let unknownPeers: PolicyDecoder.UnknownPeers
    /// `nil` when the rule's action could not be read.
    let action: RuleAction?

    private static let maximumNetworks = 25

    /// Who the item stands for; `nil` when it is of an unknown kind.
    func peers(_ field: Field) -> [Peer]? {
        guard let reader = field.anyObject() else { return [] }
        let unknown = reader.entries.filter { !known.contains($0.name) }
        let set = known.compactMap { name in reader[name].map { (name: name, field: $0) } }
        if unknownPeers == .closed, set.isEmpty || !unknown.isEmpty {
            field.report(.unknownPeer(unknown.first?.name, closes: action ?? .allow))
            return nil
        }
        reader.refuseUnknown(known)
        guard let (name, value) = set.first else {
            if unknown.isEmpty { field.report(.missing("\(field.path)", "one of \(known.joined(separator: ", "))")) }
            return []
        }
        if set.count > 1 { field.report(.exclusive("\(field.path)", set.map(\.name))) }
        return peers(value, of: name)
    }

    private func peers(_ field: Field, of name: String) -> [Peer] {
        switch name {
        case "namespaces": return field.tieredNamespaces().map { [.endpoints($0)] } ?? []
        case "pods": return field.tieredPods(demandsNamespaces: demandsNamespaces).map { [.endpoints($0)] } ?? []
        case "nodes": return nodes(field)
        case "networks": return networks(field)
        default: return domainNames(field)
        }
    }

    /// Nodes by their labels; the one that the subject runs on is one of them.
    private func nodes(_ field: Field) -> [Peer] { field.selector(.node).map { [.clusterNodes($0)] } ?? [] }

    /// Address blocks; whoever has the address is meant, pods and nodes too.
    private func networks(_ field: Field) -> [Peer] {
        guard let items = field.list() else { return [] }
        field.check(items.count, in: 1...Self.maximumNetworks)
        refuseDuplicates(items)
        return items.compactMap { $0.prefix().map { .cidr(CIDRPeer($0, reach: .anyParty)) } }
    }

    private func domainNames(_ field: Field) -> [Peer] {
        switch action {
        case .deny: field.report(.conditionInDeny)
        case .pass: field.report(.invalid("\(field.path) can only be used in rules that allow."))
        case .allow, nil: break
        }
        guard let items = field.list() else { return [] }
        field.check(items.count, in: 1...Self.maximumNetworks)
        refuseDuplicates(items)
        return [.dnsNames(items.compactMap { Self.domainName($0) })]
    }

    private func refuseDuplicates(_ items: [Field]) {
        var seen: Set<String> = []
        for item in items {
            guard let text = item.node.string, !seen.insert(text).inserted else { continue }
            item.report(.invalid("\"\(shown(text))\" occurs twice in one list."))
        }
    }

    /// A name, or one with `*.` before it for every name below, at any depth (documentation of `DomainName`).
    static func domainName(_ field: Field) -> DNSNamePattern? {
        guard let text = field.string() else { return nil }
        let isWildcard = text.hasPrefix("*.")
        let name = isWildcard ? text.dropFirst(2) : text[...]
        guard isDomainName(name) else {
            field.report(
                .invalid(
                    """
                    "\(shown(text))" is not a domain name: write at least two labels of letters, digits, "-" and "_", \
                    with "*." before them for every name below.
                    """
                )
            )
            return nil
        }
        // Cilium's way to write one label or more, which is what the engine reads.
        return isWildcard ? .pattern("**." + name) : .name(text)
    }

    /// The pattern of the format, whose labels may not end, but may begin, with what lies between `Z` and `a`.
    private static func isDomainName(_ text: Substring) -> Bool {
        var labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.last?.isEmpty == true { labels.removeLast() }
        return labels.count >= 2
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last else { return false }
                return (NameSyntax.isAlphanumeric(first) || (0x41...0x7A).contains(first))
                    && (label.count == 1 || NameSyntax.isAlphanumeric(last))
                    && label.dropFirst().allSatisfy {
                        NameSyntax.isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    }
            }
    }
}
