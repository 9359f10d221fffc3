// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Finds what people mean by `shop/web`, `10.0.0.5`, `host` and `world`.
struct PartyFinder {
    /// Instances of one workload that are looked at; instances that policies cannot tell apart count once.
    static let mostInstances = 32

    /// Something with addresses that can be one end.
    struct Instance {
        var name: String
        var kind: Party.Kind
        var addresses: [IPAddress]
    }

    /// What a name stands for.
    struct Found {
        /// As people say it: `shop/web`, `10.0.0.5`, `host`.
        var name: String
        /// At least one; the first stands for all.
        var instances: [Instance]
        /// What there is to say about it in one line.
        var text: String

        init(name: String, kind: Party.Kind, addresses: [IPAddress], text: String) {
            self.init(name: name, instances: [Instance(name: name, kind: kind, addresses: addresses)], text: text)
        }

        init(name: String, instances: [Instance], text: String) {
            self.name = name
            self.instances = instances
            self.text = text
        }
    }

    var world: ResolvedSnapshot
    var view = FlowView.all

    /// Both ends of a question.
    ///
    /// An endpoint that the reader does not see is not there, exactly as if it did not exist, unless the other end is one
    /// that is seen; then it can be named by its workload.
    /// - Throws: as `find`; `badRequest` when neither end is an endpoint and the reader does not see everything.
    func find(source: String, destination: String) throws -> (source: Found, destination: Found) {
        guard view != .all else {
            return (try find(source, as: "source"), try find(destination, as: "destination"))
        }
        let isOneSeen = [source, destination].contains(where: isSeen)
        let found = (
            try find(source, as: "source", isOtherSeen: isOneSeen),
            try find(destination, as: "destination", isOtherSeen: isOneSeen)
        )
        guard isOneSeen else {
            throw ServiceError(
                .badRequest,
                "Neither \(source) nor \(destination) is a workload.",
                fix: "Name a workload of your namespaces on one side."
            )
        }
        return found
    }

    /// Whether a name or an address is that of an endpoint that the reader sees.
    private func isSeen(_ text: String) -> Bool {
        if let address = IPAddress(text) {
            return world.endpointByAddress[address].map { view.sees(world.snapshot.endpoints[$0].namespace) } ?? false
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, view.sees(String(parts[0])) else { return false }
        return world.snapshot.endpoints.contains {
            $0.namespace == parts[0] && ($0.name == parts[1] || $0.workload.name == parts[1])
        }
    }

    /// - Throws: `ServiceError`: `notFound` with names that come close, `badRequest` for what cannot be a name or has two
    ///   meanings.
    private func find(_ text: String, as role: String, isOtherSeen: Bool = true) throws -> Found {
        if text == "host" { return host }
        if text == "world" { return outside }
        if let reserved = reserved(text) { return reserved }
        if let address = IPAddress(text) { return try found(address, text, role) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ServiceError(
                .badRequest,
                "The \(role) \"\(text)\" is not NAMESPACE/NAME, an IP address, host or world.",
                fix: "Write it like shop/web."
            )
        }
        guard view.sees(parts[0]) else { return try hidden(parts, text, role, isOtherSeen) }
        let inNamespace = world.snapshot.endpoints.enumerated().filter { $0.element.namespace == parts[0] }
        let workload = inNamespace.filter { $0.element.workload.name == parts[1] }
        let named = inNamespace.filter { $0.element.name == parts[1] }
        if !workload.isEmpty, let other = named.first(where: { $0.element.workload.name != parts[1] }) {
            throw ServiceError(
                .badRequest,
                "\(text) is a workload, and also an instance of \(parts[0])/\(other.element.workload.name).",
                fix: "Name an address instead."
            )
        }
        guard !workload.isEmpty || !named.isEmpty else { throw notFound(text, role) }
        return try found(workload.isEmpty ? named : workload, text)
    }

    /// A workload in a namespace that is not seen, of which nothing is told but its name.
    private func hidden(_ parts: [String], _ text: String, _ role: String, _ isOtherSeen: Bool) throws -> Found {
        let endpoints = world.snapshot.endpoints.enumerated().filter {
            $0.element.namespace == parts[0] && $0.element.workload.name == parts[1]
                && $0.element.protection == .enforced
        }
        guard isOtherSeen, !endpoints.isEmpty else { throw notFound(text, role) }
        var found = try found(endpoints, text)
        found.text = "in a namespace that you do not see"
        for index in found.instances.indices { found.instances[index].name = found.name }
        return found
    }

    private func found(_ endpoints: [(offset: Int, element: Endpoint)], _ text: String) throws -> Found {
        let enforced = endpoints.filter { $0.element.protection == .enforced }
        guard let first = enforced.first else {
            if case .unprotected(let reason) = endpoints.first?.element.protection {
                throw ServiceError(.notFound, "\(text) is not protected: \(reason)", fix: "No policy reaches it.")
            }
            throw ServiceError(.notFound, "\(text) is not here.")
        }
        let endpoint = first.element
        var identities: Set<Int> = []
        let different = enforced.filter { identities.insert(world.identityOfEndpoint[$0.offset]).inserted }
        let labels = endpoint.labels.sorted { $0.key < $1.key }.prefix(4).map { "\($0.key)=\($0.value)" }
        var words = [endpoint.workload.kind, endpoints.count == 1 ? "1 instance" : "\(endpoints.count) instances"]
        if endpoints.count > enforced.count { words.append("\(endpoints.count - enforced.count) of them unprotected") }
        return Found(
            name: "\(endpoint.namespace)/\(endpoint.workload.name)",
            instances: different.prefix(Self.mostInstances).map { index, endpoint in
                Instance(
                    name: "\(endpoint.namespace)/\(endpoint.name)",
                    kind: .endpoint(index),
                    addresses: endpoint.addresses.filter { world.endpointByAddress[$0] != nil }
                )
            },
            text: (words + labels).joined(separator: ", ")
        )
    }

    private var host: Found {
        let isCluster = world.snapshot.reach == .layer7
        return Found(
            name: "host",
            kind: .host,
            addresses: isCluster
                ? Self.unspecified : world.snapshot.hostAddresses.filter { !$0.isLoopback }.sorted(),
            text: isCluster ? "the node of the other end" : "this host itself"
        )
    }

    /// Something that only a cluster tells apart: `remote-node`, `kube-apiserver`, `health`.
    private func reserved(_ text: String) -> Found? {
        let known: [Entity] = [.remoteNode, .kubeAPIServer, .ingress, .health, .`init`, .unmanaged]
        guard world.snapshot.reach == .layer7, let entity = Entity(rawValue: text), known.contains(entity) else {
            return nil
        }
        return Found(name: text, kind: .reserved(entity), addresses: Self.unspecified, text: "the entity \(text)")
    }

    /// For parties whose address nobody asks for.
    private static let unspecified = IPAddress.Family.allCases.map { IPAddress(family: $0, bits: 0) }

    private var outside: Found {
        let addresses = IPAddress.Family.allCases.compactMap { unnamedAddress($0) }
        // Which addresses rules name is not told to who does not see the rules.
        let example = view == .all ? addresses.first.map { ", such as \($0)" } ?? "" : ""
        return Found(
            name: "world",
            kind: .world,
            addresses: addresses,
            text: "any address outside that no rule names\(example)"
        )
    }

    /// An address that stands for the rest of the world: one that no rule names and nobody here has.
    ///
    /// `nil` when the rules name every block that is tried.
    private func unnamedAddress(_ family: IPAddress.Family) -> IPAddress? {
        let peers = world.snapshot.policies.flatMap(\.specs).flatMap(\.rules).flatMap { rule -> [Peer] in
            guard case .anyOf(let peers) = rule.peers else { return [] }
            return peers
        }
        let blocks = peers.flatMap { peer -> [Prefix] in
            switch peer {
            case .cidr(let block): return block.prefix.length == 0 ? block.except : [block.prefix]
            case .cidrGroup(let reference, let except):
                return world.cidrGroups.blocks(reference, except: except).map(\.prefix)
            default: return []
            }
        }
        let named = blocks.filter { $0.family == family && $0.length > 0 }
        return Self.candidates(family).first { candidate in
            world.party(at: candidate).kind == .world && !named.contains { $0.contains(candidate) }
        }
    }

    /// Documentation blocks first (RFC 5737, RFC 3849), then one address in each of many networks.
    private static func candidates(_ family: IPAddress.Family) -> [IPAddress] {
        switch family {
        case .v4:
            let documentation = ["192.0.2.1", "198.51.100.1", "203.0.113.1"].compactMap { IPAddress($0) }
            let others = (1...223).filter { $0 != 10 && $0 != 127 }.map { IPAddress(v4: UInt32($0) << 24 | 1) }
            return documentation + others
        case .v6:
            let documentation = IPAddress("2001:db8:ffff::1").map { [$0] } ?? []
            return documentation + (0...255).map { IPAddress(family: .v6, bits: (0x2000 + UInt128($0)) << 112 | 1) }
        }
    }

    private func found(_ address: IPAddress, _ text: String, _ role: String) throws -> Found {
        let party = world.party(at: address)
        switch party.kind {
        // Whether an address of the container networks is in use by somebody else is not told.
        case .unknown where view != .all: throw notFound(text, role)
        case .endpoint(let index):
            let endpoint = world.snapshot.endpoints[index]
            guard view.sees(endpoint.namespace) else { throw notFound(text, role) }
            return Found(
                name: "\(endpoint.namespace)/\(endpoint.workload.name)",
                kind: party.kind,
                addresses: [address],
                text: "\(endpoint.workload.kind) with address \(address)"
            )
        case .host:
            return Found(name: "host", kind: .host, addresses: [address], text: "this host's address \(address)")
        case .node(let index):
            let name = world.snapshot.nodes[index].name
            return Found(name: name, kind: party.kind, addresses: [address], text: "node with address \(address)")
        case .reserved(let entity):
            return Found(name: entity.rawValue, kind: party.kind, addresses: [address], text: "a reserved entity")
        case .world:
            return Found(name: "\(address)", kind: .world, addresses: [address], text: "an address outside")
        case .unknown:
            return Found(
                name: "\(address)",
                kind: .unknown,
                addresses: [address],
                text: "an address of a container network that no container has"
            )
        }
    }

    private func notFound(_ text: String, _ role: String) -> ServiceError {
        let seen = world.snapshot.endpoints.filter { view.sees($0.namespace) }
        let names = Set(seen.map { "\($0.namespace)/\($0.workload.name)" }).sorted()
        let close = nearest(to: text, among: names)
        let fix =
            close.map { "Did you mean \($0)?" }
            ?? (names.isEmpty
                ? "There are no endpoints yet." : "There are: \(names.prefix(8).joined(separator: ", ")).")
        return ServiceError(.notFound, "The \(role) \"\(text)\" is not here.", fix: fix)
    }
}
