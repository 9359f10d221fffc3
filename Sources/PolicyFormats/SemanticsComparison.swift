// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// Where Kubernetes and Cilium read the same NetworkPolicies differently.
///
/// Both readings are made and compared, so what is said is what either would do: a section that `policyTypes` does not
/// name, an `ipBlock`, which Cilium matches with addresses outside only, and a namespace selector that only excludes. All
/// are V170; an `ipBlock` is an info unless a known pod or node has such an address, the others are warnings.
///
/// ```swift
/// let findings = SemanticsComparison(podAddresses: addresses).findings(in: documents)
/// ```
public struct SemanticsComparison: Sendable {
    private let options: PolicyDecoder.Options
    private let podAddresses: [IPAddress]
    private let nodeAddresses: [IPAddress]

    /// - Parameters:
    ///   - options: how documents are read; `semantics` is not looked at.
    ///   - podAddresses: addresses that pods are known to have.
    ///   - nodeAddresses: addresses that nodes are known to have.
    public init(
        _ options: PolicyDecoder.Options = .init(otherKinds: .passedOver),
        podAddresses: Set<IPAddress> = [],
        nodeAddresses: Set<IPAddress> = []
    ) {
        self.options = options
        self.podAddresses = podAddresses.sorted()
        self.nodeAddresses = nodeAddresses.sorted()
    }

    /// The differences in documents, sorted by place; documents with errors have no policies to compare.
    /// - Complexity: that of reading the documents twice.
    public func findings(in documents: [SourceDocument]) -> [Finding] {
        func policies(_ semantics: PolicySemantics) -> [Policy] {
            var options = options
            options.semantics = semantics
            let decoder = PolicyDecoder(options)
            return documents.flatMap { decoder.decode($0).policies }
        }
        return findings(kubernetes: policies(.kubernetes), cilium: policies(.cilium))
    }

    /// The differences between two readings of the same policies, sorted by place.
    /// - Complexity: O(n log n) in policies, linear in rules and in rules with an `ipBlock` times addresses.
    public func findings(kubernetes: [Policy], cilium: [Policy]) -> [Finding] {
        let read = Dictionary(grouping: cilium, by: \.id)
        var findings: [Finding] = []
        for policy in kubernetes where policy.id.kind == .networkPolicy {
            guard let other = read[policy.id]?.first(where: { $0.location == policy.location }) else { continue }
            for (ours, theirs) in zip(policy.specs, other.specs) {
                findings += sections(policy.id, ours, theirs) + peers(policy.id, ours, theirs)
            }
        }
        return findings.sorted { ($0.location, $0.message) < ($1.location, $1.message) }
    }

    private func sections(_ id: PolicyID, _ kubernetes: PolicySpec, _ cilium: PolicySpec) -> [Finding] {
        Direction.allCases.compactMap { direction in
            guard kubernetes.isolates.contains(direction) != cilium.isolates.contains(direction),
                let rule = cilium.rules.first(where: { $0.direction == direction })
            else { return nil }
            return PolicyRemark.enginesDiffer("\"\(direction.rawValue)\" of \(shown("\(id)"))", .warning).finding(
                at: rule.location,
                notes: PolicyRemark.notesOnSections(direction)
            )
        }
    }

    /// One finding for each peer that the readings differ in, of the rules that both have.
    private func peers(_ id: PolicyID, _ kubernetes: PolicySpec, _ cilium: PolicySpec) -> [Finding] {
        cilium.rules.flatMap { rule -> [Finding] in
            guard case .anyOf(let theirs) = rule.peers,
                let own = kubernetes.rules.first(where: { $0.direction == rule.direction && $0.index == rule.index }),
                case .anyOf(let ours) = own.peers
            else { return [] }
            return zip(ours, theirs).compactMap { difference(id, at: rule.location, $0, $1) }
        }
    }

    private func difference(_ id: PolicyID, at location: SourceLocation, _ one: Peer, _ other: Peer) -> Finding? {
        switch (one, other) {
        case (.cidr(let block), .cidr(let narrowed)) where block.reach != narrowed.reach:
            let known = addressMissed(by: narrowed)
            let what = "ipBlock \(block.prefix) of \(shown("\(id)"))"
            return PolicyRemark.enginesDiffer(what, known == nil ? .info : .warning)
                .finding(at: location, notes: PolicyRemark.notesOnBlock(narrowed.reach, known))
        case (.endpoints(let selector), .endpoints(let wider)) where selector != wider:
            return PolicyRemark.enginesDiffer("a namespaceSelector of \(shown("\(id)"))", .warning)
                .finding(at: location, notes: PolicyRemark.notesOnExcludingSelector)
        default: return nil
        }
    }

    /// The first known address inside a block that Cilium does not match with it.
    private func addressMissed(by block: CIDRPeer) -> IPAddress? {
        let missed: [[IPAddress]] =
            switch block.reach {
            case .world: [podAddresses, nodeAddresses]
            case .worldAndNodes: [podAddresses]
            case .worldAndEndpoints: [nodeAddresses]
            case .anyParty: []
            }
        return missed.lazy.compactMap { $0.first(where: block.contains) }.first
    }
}

extension SemanticsComparison {
    /// A comparison that knows the addresses of a world; those that were made up are not taken for known.
    public init(_ options: PolicyDecoder.Options = .init(otherKinds: .passedOver), world: DecodedWorld) {
        let endpoints = world.snapshot.endpoints.filter { $0.protection == .enforced }
        self.init(
            options,
            podAddresses: Set(endpoints.flatMap(\.addresses)).subtracting(world.syntheticAddresses),
            nodeAddresses: world.snapshot.hostAddresses
        )
    }
}
