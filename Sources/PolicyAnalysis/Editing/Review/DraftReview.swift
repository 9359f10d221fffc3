// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
internal import NetworkPrimitives
public import PolicyEvaluation
public import PolicyFormats
public import PolicyModel

/// Everything that the editor shows beside a text: remarks, meaning in English, what it does to recorded traffic, and how it
/// differs from what is deployed.
public struct DraftReview: Sendable {
    /// What the draft is looked at against.
    public struct Deployed: Sendable {
        /// The world with all policies that are in force.
        public var world: ResolvedSnapshot
        /// What the draft's file holds now; `nil` where there is none yet.
        public var bytes: [UInt8]?
        public var engine: EnforcementEngine?
        public var decoder: PolicyDecoder
        /// Of `world` and all policies, where it was made before; else it is made when it is needed.
        public var verdicts: VerdictTable?

        public init(
            _ world: ResolvedSnapshot,
            bytes: [UInt8]?,
            engine: EnforcementEngine? = .host,
            decoder: PolicyDecoder = PolicyDecoder(),
            verdicts: VerdictTable? = nil
        ) {
            self.verdicts = verdicts
            self.world = world
            self.bytes = bytes
            self.engine = engine
            self.decoder = decoder
        }
    }

    /// One policy of the draft in English.
    public struct Summary: Hashable, Sendable, Codable {
        public var policy: PolicyID
        public var lines: [String]
    }

    /// What the draft's policies are.
    public let decoded: DecodedDocument
    public let forms: PolicyFormText
    /// What cannot be read first, then errors before warnings before notes, each by place.
    public let findings: [Finding]
    /// By policy of the text.
    public let summaries: [Summary]
    public let difference: LineDifference
    /// The world with the draft in force; `nil` when the draft has errors, for nobody knows what it would be.
    public let world: ResolvedSnapshot?
    private let worlds: ReplayWorlds?
    /// `nil` before traffic was replayed, or when the draft has errors.
    public private(set) var replay: ImpactReplay?

    /// - Parameters:
    ///   - draft: the text, under the name of the file that it is for.
    ///   - deployed: what it is looked at against.
    ///   - forReplay: whether traffic is to be replayed, which needs the worlds made ready.
    /// - Complexity: linear in the text; with `forReplay` also in the rules of both worlds.
    public init(_ draft: SourceDocument, deployed: Deployed, forReplay: Bool) {
        decoded = deployed.decoder.decode(draft)
        forms = PolicyFormText(draft)
        var snapshot = deployed.world.snapshot
        let inForce = snapshot.policies.filter { $0.location.document == draft.name }
        let groupsInForce = snapshot.cidrGroups.filter { $0.location.document == draft.name }
        let isInForce = decoded.policies == inForce && decoded.cidrGroups == groupsInForce
        snapshot.policies.removeAll { $0.location.document == draft.name }
        snapshot.cidrGroups.removeAll { $0.location.document == draft.name }
        let others = Dictionary(snapshot.policies.map { ($0.id, $0.location) }) { first, _ in first }
        var findings = decoded.policies.compactMap { policy in
            others[policy.id].map { first in
                PolicyRemark.duplicate(policy.id.name, in: policy.id.namespace ?? "the cluster")
                    .finding(at: policy.location, notes: [.init("the first is here", at: first)])
            }
        }
        snapshot.policies += decoded.policies
        snapshot.cidrGroups += decoded.cidrGroups
        let isUsable = !decoded.hasErrors && findings.isEmpty
        let lint = PolicyLint(engine: deployed.engine, world: isUsable ? snapshot : nil)
        findings += lint.findings([decoded], in: [draft]).filter { $0.location.document == draft.name }
        self.findings = Self.sorted(findings)
        summaries = decoded.policies.map { policy in
            let mode = snapshot.modes.mode(of: policy, inNamespace: policy.id.namespace ?? "")
            return Summary(policy: policy.id, lines: PolicySummary(policy, mode: mode, world: snapshot).lines)
        }
        difference = Self.difference(draft, deployed.bytes ?? [], forms)
        // A draft that says what is in force already makes no other world.
        let changed = isInForce ? nil : ResolvedSnapshot(snapshot, after: deployed.world)
        world = isUsable ? changed ?? deployed.world : nil
        worlds = isUsable && forReplay ? ReplayWorlds(deployed.world, deployed.verdicts, changed: changed) : nil
    }

    /// - Parameter traffic: what was recorded; `nil` leaves the replay out.
    /// - Complexity: also one verdict for each distinct connection and world.
    public init(_ draft: SourceDocument, deployed: Deployed, traffic: RecordedTraffic?) {
        self.init(draft, deployed: deployed, forReplay: traffic != nil)
        if let traffic { replay(traffic) }
    }

    /// Judges recorded connections with and without the draft.
    /// - Complexity: one verdict for each distinct connection and world.
    public mutating func replay(_ traffic: RecordedTraffic) {
        replay = worlds.map { ImpactReplay(traffic, in: $0) }
    }

    /// Whether the text may be put in force.
    public var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// The rows of the replay that matter most: newly dropped, newly allowed, uncertain, then the others.
    public func rows(limit: Int) -> [ImpactReplay.Row] {
        var rows: [ImpactReplay.Row] = []
        for outcome in [ImpactReplay.Outcome.newlyDropped, .newlyAllowed, .uncertain, .stillDropped, .stillAllowed] {
            guard let replay, rows.count < limit, replay.totals[outcome]?.connections ?? 0 > 0 else { continue }
            rows += replay.rows([outcome], limit: limit - rows.count)
        }
        return rows
    }

    /// The narrowest rules that let a connection through which the draft drops, those of the draft's own policies.
    ///
    /// Empty where a rule of another file, or a deny rule, is in the way too.
    public func allowing(_ recorded: RecordedConnection) -> [RuleProposal] {
        guard let world else { return [] }
        let proposals = RuleProposal.proposals(for: recorded, in: world, preferring: decoded.name)
        return proposals.allSatisfy { $0.location.document == decoded.name } ? proposals : []
    }

    private static func sorted(_ findings: [Finding]) -> [Finding] {
        func rank(_ finding: Finding) -> Int {
            if finding.code == "V101" { return 0 }
            switch finding.severity {
            case .error: return 1
            case .warning: return 2
            case .info: return 3
            }
        }
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }.sorted {
            (rank($0), $0.location, $0.code, $0.message) < (rank($1), $1.location, $1.code, $1.message)
        }
    }

    private static func difference(
        _ draft: SourceDocument,
        _ old: [UInt8],
        _ forms: PolicyFormText
    ) -> LineDifference {
        let oldForms = PolicyFormText(SourceDocument(name: draft.name, bytes: old))
        return LineDifference(
            old: String(decoding: old, as: UTF8.self),
            new: String(decoding: draft.bytes, as: UTF8.self)
        ) { line in
            line.new.map { forms.words(atLine: $0) } ?? line.old.map { oldForms.words(atLine: $0) } ?? ""
        }
    }
}
