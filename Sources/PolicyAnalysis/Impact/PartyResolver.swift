// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Finds the parties of recorded connections in a world.
struct PartyResolver: Sendable {
    private struct Place: Hashable {
        var namespace: String
        var name: String
    }

    private let resolved: ResolvedSnapshot
    private let byPod: [Place: Int]
    private let byWorkload: [Place: [Int]]
    private let byNamespace: [String: [Int]]
    private var known: [RecordedConnection.Party: Result] = [:]

    enum Result: Hashable, Sendable {
        case party(Party)
        case unknown(ImpactReplay.Doubt)
    }

    init(_ resolved: ResolvedSnapshot) {
        self.resolved = resolved
        let endpoints = resolved.snapshot.endpoints
        byPod = Dictionary(endpoints.enumerated().map { (Place(namespace: $1.namespace, name: $1.name), $0) }) {
            one,
            _ in
            one
        }
        byWorkload = Dictionary(grouping: endpoints.indices) { index in
            Place(namespace: endpoints[index].namespace, name: endpoints[index].workload.name)
        }
        byNamespace = Dictionary(grouping: endpoints.indices) { endpoints[$0].namespace }
    }

    mutating func party(_ recorded: RecordedConnection.Party) -> Result {
        // An address outside is found faster than what is known of it.
        if recorded.isOutside { return find(recorded) }
        if let found = known[recorded] { return found }
        let found = find(recorded)
        known[recorded] = found
        return found
    }

    private func find(_ recorded: RecordedConnection.Party) -> Result {
        if recorded.isOutside {
            guard let address = recorded.address else { return .unknown(.addressUnknown) }
            return .party(Party(.world, address: address))
        }
        if let reserved = reserved(recorded) { return .party(reserved) }
        guard let namespace = recorded.namespace else {
            guard let address = recorded.address else { return .unknown(.identityUnknown) }
            let party = resolved.party(at: address)
            return party.kind == .unknown ? .unknown(.identityUnknown) : .party(party)
        }
        if let pod = recorded.pod, let index = byPod[Place(namespace: namespace, name: pod)] { return endpoint(index) }
        let candidates = recorded.workload.flatMap { byWorkload[Place(namespace: namespace, name: $0)] } ?? []
        let labels = recorded.labels.isEmpty ? nil : ownLabels(recorded.labels)
        // The labels that were recorded say which pod it is; a workload whose labels are other ones now is judged as it is.
        if let labels {
            let pool = candidates.isEmpty ? byNamespace[namespace] ?? [] : candidates
            if let index = pool.first(where: { fits($0, labels) }) { return endpoint(index) }
        }
        let identities = Set(candidates.map { resolved.identityOfEndpoint[$0] })
        guard let first = candidates.first else {
            let isNamed = recorded.workload != nil || recorded.pod != nil || labels?.isEmpty == false
            return .unknown(isNamed ? .podGone : .identityUnknown)
        }
        return identities.count == 1 ? endpoint(first) : .unknown(.identityUnknown)
    }

    private func endpoint(_ index: Int) -> Result {
        let address = resolved.snapshot.endpoints[index].addresses.first ?? IPAddress(v4: 0)
        return .party(Party(.endpoint(index), address: address))
    }

    /// Hosts and what else has no pod; a node by its address where that is known.
    private func reserved(_ recorded: RecordedConnection.Party) -> Party? {
        let address = recorded.address ?? IPAddress(v4: 0)
        let isKnown = recorded.address != nil
        if recorded.isReserved("host") { return Party(.host, address: address, isAddressKnown: isKnown) }
        for entity in [Entity.kubeAPIServer, .remoteNode, .health, .ingress, .`init`, .unmanaged]
        where recorded.isReserved(entity.rawValue) {
            if entity == .remoteNode, let address = recorded.address {
                let party = resolved.party(at: address)
                if case .node = party.kind { return party }
            }
            return Party(.reserved(entity), address: address, isAddressKnown: isKnown)
        }
        return nil
    }

    /// The labels of a pod itself: without those that engines derive.
    private func ownLabels(_ texts: [String]) -> [String: String] {
        var labels: [String: String] = [:]
        for text in texts where text.hasPrefix("k8s:") {
            let parts = text.dropFirst("k8s:".count).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            if !WellKnownLabel.isDerived(name) { labels[name] = parts.count == 2 ? String(parts[1]) : "" }
        }
        return labels
    }

    /// Whether an endpoint has all the labels that were recorded, and none that make it another one.
    private func fits(_ index: Int, _ labels: [String: String]) -> Bool {
        let own = resolved.snapshot.endpoints[index].labels
        return own.allSatisfy { key, value in labels[key] == value || PodGroup.isPerPod(key) }
            && labels.allSatisfy { own[$0.key] == $0.value }
    }
}
