// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// The other side of a suggested rule.
enum SuggestedPeer: Hashable {
    case pods(PodGroup)
    case address(IPAddress)
    case dnsName(String)
    case entity(Entity)
}

/// One thing to permit: at the group's side, in a direction.
struct Permission: Hashable {
    var group: PodGroup
    var direction: Direction
    var peer: SuggestedPeer
    var service: Service
}

/// Turns records into permissions, and permissions into policies.
struct SuggestionBuilder {
    private let traffic: RecordedTraffic
    private let options: PolicySuggestion.Options
    private var resolver: PartyResolver?
    private let world: ResolvedSnapshot?
    private var groups: Set<PodGroup> = []
    /// Those that get a policy.
    private var isolated: Set<PodGroup> = []
    private var workloads: [PodGroup: Set<String>] = [:]
    private var evidence: [Permission: RecordedTraffic.Count] = [:]
    /// Names that addresses had, for the comments.
    private var namesOf: [IPAddress: Set<String>] = [:]

    private(set) var documents: [PolicySuggestion.Document] = []
    private(set) var leftOut: [PolicySuggestion.LeftOut] = []
    private(set) var coverage = PolicySuggestion.Coverage()
    private(set) var droppedOnly = 0

    init(_ traffic: RecordedTraffic, _ world: ResolvedSnapshot?, _ options: PolicySuggestion.Options) {
        self.traffic = traffic
        self.world = world
        self.options = options
        resolver = world.map { PartyResolver($0) }
        for endpoint in world?.snapshot.endpoints ?? [] where endpoint.protection == .enforced {
            let group = PodGroup(namespace: endpoint.namespace, labels: endpoint.labels)
            groups.insert(group)
            workloads[group, default: []].insert(endpoint.workload.name)
        }
    }

    /// What one record asks for at its two ends.
    private struct Wish {
        var connection: RecordedConnection
        var count: RecordedTraffic.Count
        /// For each end that is a pod: any one of these lets the connection pass there.
        var ends: [[Permission]]
        var problem: PolicySuggestion.Reason?
    }

    mutating func build() {
        // Numbers are sorted instead of records, which are large.
        let records = Array(traffic.counts)
        let order = records.indices.sorted { records[$0].key < records[$1].key }
        let wishes = order.map { wish(records[$0].key, records[$0].value) }
        let passed = wishes.filter(\.connection.passed)
        let kinds = Set(passed.map { Self.kind(of: $0.connection) })
        let dropped = wishes.filter { !$0.connection.passed && !kinds.contains(Self.kind(of: $0.connection)) }
        droppedOnly = dropped.count
        grant(passed, refused: Set(dropped.flatMap { Self.ways($0.ends) }))
        write(for: isolated)
    }

    /// A connection without what became of it.
    private static func kind(of connection: RecordedConnection) -> RecordedConnection {
        var kind = connection
        kind.verdict = .allowed
        return kind
    }

    /// The ways in which a connection can be let through: one permission for each end.
    private static func ways(_ ends: [[Permission]]) -> [[Permission]] {
        guard let first = ends.first else { return [] }
        guard ends.count > 1 else { return first.map { [$0] } }
        let rest = ways(Array(ends.dropFirst()))
        return first.flatMap { one in rest.map { [one] + $0 } }
    }

    /// Those by names where there are any: an address is the last resort.
    private static func preferred(_ ways: [[Permission]]) -> [[Permission]] {
        let named = ways.filter { $0.contains { if case .dnsName = $0.peer { true } else { false } } }
        return named.isEmpty ? ways : named
    }

    private mutating func grant(_ passed: [Wish], refused: Set<[Permission]>) {
        for wish in passed {
            coverage.allConnections += 1
            coverage.allFlows += wish.count.flows
            var problem = wish.problem
            let ways = problem == nil ? Self.ways(wish.ends).filter { !refused.contains($0) } : []
            if problem == nil, !wish.ends.isEmpty, ways.isEmpty { problem = .alsoDropped }
            if let problem {
                leftOut.append(.init(connection: wish.connection, flows: wish.count.flows, reason: problem))
                continue
            }
            coverage.connections += 1
            coverage.flows += wish.count.flows
            for permission in Set(Self.preferred(ways).flatMap { $0 }) {
                if evidence[permission]?.merge(wish.count) == nil { evidence[permission] = wish.count }
            }
        }
    }

    // MARK: One record

    private mutating func wish(_ connection: RecordedConnection, _ count: RecordedTraffic.Count) -> Wish {
        var wish = Wish(connection: connection, count: count, ends: [], problem: nil)
        let (source, destination) = (group(connection.source), group(connection.destination))
        let service = Service(connection.ipProtocol, port: connection.port)
        if !isExpressible(service) { wish.problem = .protocolUnsupported }
        let sides = [
            (Direction.egress, connection.source, source, connection.destination, destination),
            (.ingress, connection.destination, destination, connection.source, source),
        ]
        for (direction, own, group, other, otherGroup) in sides {
            guard let group else {
                // What is no pod has no policy here; of a pod one has to know the labels.
                if own.namespace != nil, wish.problem == nil { wish.problem = .labelsUnknown }
                continue
            }
            let peers = otherGroup.map { [.pods($0)] } ?? peers(other, direction)
            if peers.isEmpty, wish.problem == nil {
                let isNamed = other.isOutside || other.labels.contains { $0.hasPrefix("reserved:") }
                wish.problem = isNamed ? .peerUnsupported : .peerUnknown
            }
            let permissions = peers.map {
                Permission(group: group, direction: direction, peer: $0, service: service)
            }
            wish.ends.append(permissions)
            groups.insert(group)
            // Also without any permission: what was recorded is isolated.
            isolated.insert(group)
            workloads[group, default: []].formUnion([own.workload ?? own.pod].compactMap { $0 })
        }
        return wish
    }

    private func isExpressible(_ service: Service) -> Bool {
        service.ipProtocol.hasPorts || (options.kind == .ciliumNetworkPolicy && service.ipProtocol.isICMP)
    }

    private mutating func group(_ party: RecordedConnection.Party) -> PodGroup? {
        guard !party.isOutside else { return nil }
        if case .party(let found)? = resolver?.party(party), case .endpoint(let index) = found.kind,
            let endpoint = world?.snapshot.endpoints[index]
        {
            guard endpoint.protection == .enforced else { return nil }
            return PodGroup(namespace: endpoint.namespace, labels: endpoint.labels)
        }
        guard let namespace = party.namespace else { return nil }
        let own = party.labels.filter { $0.hasPrefix("k8s:") }.map { text in
            text.dropFirst("k8s:".count).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        }
        guard !own.isEmpty else { return nil }
        let labels = own.map { (String($0[0]), $0.count == 2 ? String($0[1]) : "") }
        return PodGroup(namespace: namespace, labels: Dictionary(labels) { first, _ in first })
    }

    /// How a rule can name a party that is no pod; any of them will do.
    private mutating func peers(_ party: RecordedConnection.Party, _ direction: Direction) -> [SuggestedPeer] {
        if party.isOutside {
            guard let address = party.address else { return [] }
            namesOf[address, default: []].formUnion(party.dnsNames)
            guard options.kind == .ciliumNetworkPolicy, direction == .egress, !party.dnsNames.isEmpty else {
                return [.address(address)]
            }
            return party.dnsNames.map { .dnsName($0) } + [.address(address)]
        }
        guard options.kind == .ciliumNetworkPolicy else {
            // A node is an address like any other to a NetworkPolicy.
            guard let address = party.address, party.labels.contains(where: { $0.hasPrefix("reserved:") }) else {
                return []
            }
            return [.address(address)]
        }
        let entities: [Entity] = [.host, .kubeAPIServer, .remoteNode, .health, .ingress, .`init`, .unmanaged]
        return entities.first { party.isReserved($0.rawValue) }.map { [.entity($0)] } ?? []
    }

    // MARK: Policies

    private mutating func write(for subjects: Set<PodGroup>) {
        let byGroup = Dictionary(grouping: evidence.keys, by: \.group)
        let neighbours = Dictionary(grouping: groups, by: \.namespace).mapValues { PodGroup.Neighbours($0) }
        var choices: [PodGroup: PodGroup.LabelChoice] = [:]
        for group in groups { choices[group] = neighbours[group.namespace].map { group.choice(among: $0) } }
        var lost: Set<Permission> = []
        var taken: [String: Set<String>] = [:]
        for group in subjects.sorted() where options.namespace ?? group.namespace == group.namespace {
            let name = name(for: group, &taken[group.namespace, default: []])
            let writer = SuggestionWriter(
                kind: options.kind,
                group: group,
                name: name,
                choices: choices,
                workloads: workloads,
                namesOf: namesOf
            )
            let yaml = writer.yaml((byGroup[group] ?? []).map { ($0, evidence[$0] ?? .init(flows: 0)) })
            let decoded = PolicyDecoder().decode(SourceDocument(name: name, bytes: Array(yaml.utf8)))
            guard !decoded.hasErrors else {
                lost.formUnion(byGroup[group] ?? [])
                continue
            }
            documents.append(
                .init(
                    namespace: group.namespace,
                    name: name,
                    workloads: (workloads[group] ?? []).sorted(),
                    yaml: yaml
                )
            )
        }
        if !lost.isEmpty { giveUp(lost) }
        leftOut.sort { ($0.connection, $0.reason.rawValue) < ($1.connection, $1.reason.rawValue) }
    }

    /// Takes back what policies that cannot be written would have permitted.
    private mutating func giveUp(_ lost: Set<Permission>) {
        let known = Set(leftOut.map(\.connection))
        for (connection, count) in traffic.counts where connection.passed {
            let ends = wish(connection, count).ends
            guard ends.contains(where: { $0.contains(where: lost.contains) }),
                !known.contains(connection)
            else { continue }
            coverage.connections -= 1
            coverage.flows -= count.flows
            leftOut.append(.init(connection: connection, flows: count.flows, reason: .namesInvalid))
        }
    }

    private func name(for group: PodGroup, _ taken: inout Set<String>) -> String {
        let workload = workloads[group]?.min() ?? "pods"
        let legal = workload.lowercased().unicodeScalars.map { scalar -> Character in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
        }
        let base = "suggested-" + String(legal.prefix(200)).trimmingDashes
        var (name, number) = (base, 2)
        while !taken.insert(name).inserted {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }
}

extension String {
    fileprivate var trimmingDashes: String {
        var text = self
        while text.last == "-" { text.removeLast() }
        return text.isEmpty ? "pods" : text
    }
}
