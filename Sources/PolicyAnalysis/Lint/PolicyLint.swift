// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyFormats
public import PolicyModel

/// What is wrong or doubtful about policies: in their text, among each other, for an engine, and in a world.
public struct PolicyLint: Sendable {
    /// Where the policies are to take effect; `nil` leaves V113 out.
    public var engine: EnforcementEngine?
    /// Who is there; `nil` leaves out what depends on it.
    public var world: ClusterSnapshot?

    /// What recorded flows matched; `nil` leaves V124 out.
    public var hits: RuleHits?

    public init(engine: EnforcementEngine? = .host, world: ClusterSnapshot? = nil, hits: RuleHits? = nil) {
        self.engine = engine
        self.world = world
        self.hits = hits
    }

    /// All findings about decoded documents, sorted by place, then code; each once.
    ///
    /// The result does not depend on the order of the documents.
    ///
    /// - Parameters:
    ///   - documents: the policies that are looked at.
    ///   - sources: their texts; with them, findings that a small edit mends carry it.
    /// - Complexity: linear in rules and in pods of their namespaces, quadratic in rules that select the same pods.
    public func findings(_ documents: [DecodedDocument], in sources: [SourceDocument] = []) -> [Finding] {
        var result = documents.flatMap(\.findings) + Self.duplicates(in: documents)
        let policies = documents.flatMap(\.policies)
        if let engine {
            result += policies.flatMap { engine.unenforceable(in: $0) }.map(\.finding)
        }
        result += unknownGroups(policies, known: Set(documents.flatMap(\.cidrGroups).map(\.name)))
        let remarks = remarks(policies)
        let fixes = LintFixes(sources, for: remarks)
        result += remarks.map { fixes.finding($0) }
        var seen: Set<Finding> = []
        return result.filter { seen.insert($0).inserted }.sorted {
            ($0.location, $0.code, $0.message) < ($1.location, $1.code, $1.message)
        }
    }

    private func remarks(_ policies: [Policy]) -> [LintRemark] {
        var result = hits?.remarks(policies) ?? []
        let names = Set(policies.map(\.id))
        var redundant: Set<PolicyID> = []
        if let world {
            let world = LintWorld(world, policies: policies)
            result += SelectionLint.remarks(world) + PortLint.remarks(world)
            result += DNSLint(world).remarks() + AddressLint(world).remarks()
            for policy in RedundantPolicyLint(world).redundant() {
                redundant.insert(policy.id)
                result.append(LintRemark(.redundantPolicy, at: policy.location))
            }
        }
        let others = world?.policies.filter { !names.contains($0.id) } ?? []
        return result + CoverLint(policies, others: others, modes: world?.modes).remarks(besides: redundant)
    }

    /// Rules that name CIDR groups which are neither in the documents nor in the world; they close, which is worth a word.
    private func unknownGroups(_ policies: [Policy], known: Set<String>) -> [Finding] {
        let known = known.union(world?.cidrGroups.map(\.name) ?? [])
        return policies.flatMap(\.specs).flatMap(\.rules).flatMap { rule -> [Finding] in
            guard case .anyOf(let peers) = rule.peers else { return [] }
            return peers.compactMap { peer in
                guard case .cidrGroup(.named(let name), _) = peer, !known.contains(name) else { return nil }
                return PolicyRemark.unknownGroup(name).finding(at: rule.location)
            }
        }
    }

    /// Policies of one name in several documents (V110); within one document the decoder reports them.
    ///
    /// The finding is at all but the first in the order of names and places of documents.
    public static func duplicates(in documents: [DecodedDocument]) -> [Finding] {
        var first: [PolicyID: SourceLocation] = [:]
        var findings: [Finding] = []
        for policy in documents.flatMap(\.policies).sorted(by: { $0.location < $1.location }) {
            guard let place = first[policy.id] else {
                first[policy.id] = policy.location
                continue
            }
            let remark = PolicyRemark.duplicate(policy.id.name, in: policy.id.namespace ?? "the cluster")
            findings.append(remark.finding(at: policy.location, notes: [.init("the first is here", at: place)]))
        }
        return findings
    }
}
