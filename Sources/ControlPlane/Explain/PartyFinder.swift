// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Finds what people mean by `shop/web`, `10.0.0.5`, `host` and `world`.
struct PartyFinder {
    /// What a name stands for.
    struct Found {
        /// As people say it: `shop/web`, `10.0.0.5`, `host`.
        var name: String
        var kind: Party.Kind
        var addresses: [IPAddress]
        /// What there is to say about it in one line.
        var text: String
    }

    var world: ResolvedSnapshot

    /// - Throws: `ServiceError`: `notFound` with names that come close, `badRequest` for what cannot be a name.
    func find(_ text: String, as role: String) throws -> Found {
        if text == "host" { return host }
        if text == "world" { return outside }
        if let address = IPAddress(text) { return found(address) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ServiceError(
                .badRequest,
                "The \(role) \"\(text)\" is not NAMESPACE/NAME, an IP address, host or world.",
                fix: "Write it like shop/web."
            )
        }
        let endpoints = world.snapshot.endpoints.enumerated().filter {
            $0.element.namespace == parts[0] && ($0.element.workload.name == parts[1] || $0.element.name == parts[1])
        }
        guard let first = endpoints.first(where: { $0.element.protection == .enforced }) ?? endpoints.first else {
            throw notFound(text, role)
        }
        let endpoint = first.element
        if case .unprotected(let reason) = endpoint.protection {
            throw ServiceError(.notFound, "\(text) is not protected: \(reason)", fix: "No policy reaches it.")
        }
        let labels = endpoint.labels.sorted { $0.key < $1.key }.prefix(4).map { "\($0.key)=\($0.value)" }
        let count = endpoints.count == 1 ? "1 instance" : "\(endpoints.count) instances"
        return Found(
            name: "\(endpoint.namespace)/\(endpoint.workload.name)",
            kind: .endpoint(first.offset),
            addresses: endpoint.addresses.filter { world.endpointByAddress[$0] != nil },
            text: ([endpoint.workload.kind, count] + labels).joined(separator: ", ")
        )
    }

    private var host: Found {
        Found(
            name: "host",
            kind: .host,
            addresses: world.snapshot.hostAddresses.filter { !$0.isLoopback }.sorted(),
            text: "this host itself"
        )
    }

    /// An address that stands for the rest of the world: one that no rule names.
    private var outside: Found {
        let candidates = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "1.0.0.1"].compactMap { IPAddress($0) }
        let named = world.snapshot.policies.flatMap(\.specs).flatMap(\.rules).flatMap { rule -> [Prefix] in
            guard case .anyOf(let peers) = rule.peers else { return [] }
            return peers.compactMap {
                if case .cidr(let block) = $0, block.prefix.length > 0 { block.prefix } else { nil }
            }
        }
        let address = candidates.first { candidate in !named.contains { $0.contains(candidate) } } ?? candidates[0]
        return Found(
            name: "world",
            kind: .world,
            addresses: [address] + [IPAddress("2001:db8:ffff::1")].compactMap { $0 },
            text: "any address outside that no rule names, such as \(address)"
        )
    }

    private func found(_ address: IPAddress) -> Found {
        let party = world.party(at: address)
        switch party.kind {
        case .endpoint(let index):
            let endpoint = world.snapshot.endpoints[index]
            return Found(
                name: "\(endpoint.namespace)/\(endpoint.workload.name)",
                kind: party.kind,
                addresses: [address],
                text: "\(endpoint.workload.kind) with address \(address)"
            )
        case .host:
            return Found(name: "host", kind: .host, addresses: [address], text: "this host's address \(address)")
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
        let names = Set(world.snapshot.endpoints.map { "\($0.namespace)/\($0.workload.name)" }).sorted()
        let close = EditDistance.closest(to: text, among: names)
        let fix =
            close.map { "Did you mean \($0)?" }
            ?? (names.isEmpty
                ? "There are no endpoints yet." : "There are: \(names.prefix(8).joined(separator: ", ")).")
        return ServiceError(.notFound, "The \(role) \"\(text)\" is not here.", fix: fix)
    }
}

/// Which name somebody may have meant.
enum EditDistance {
    /// The closest of the names, when it is close enough to be a slip of the hand.
    static func closest(to text: String, among names: [String]) -> String? {
        let ranked = names.map { ($0, distance(Array(text.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
        guard let ranked, ranked.1 <= max(2, text.utf8.count / 3) else { return nil }
        return ranked.0
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in 0..<right.count {
                let next = min(row[column] + 1, row[column + 1] + 1, diagonal + (byte == right[column] ? 0 : 1))
                diagonal = row[column + 1]
                row[column + 1] = next
            }
        }
        return row[right.count]
    }
}
