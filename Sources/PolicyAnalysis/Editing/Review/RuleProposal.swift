// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyFormats
public import PolicyModel

/// A new rule that would let a recorded connection through, and which policy to put it into.
public struct RuleProposal: Hashable, Sendable, Codable {
    public var policy: PolicyID
    /// Where that policy is written.
    public var location: SourceLocation
    /// Adds the rule in the form of the policy.
    public var edit: FormEdit

    /// The narrowest rules without which a connection is dropped: at most one for each end.
    ///
    /// Of several policies that isolate an end one of a preferred file is taken, else one that has allow rules already, else
    /// the last one. A deny rule is not to be
    /// mended by an allow rule, so that there is no proposal then.
    ///
    /// - Parameters:
    ///   - recorded: the connection.
    ///   - world: in which it is dropped.
    ///   - document: the file whose policies are preferred.
    public static func proposals(
        for recorded: RecordedConnection,
        in world: ResolvedSnapshot,
        preferring document: String? = nil
    ) -> [RuleProposal] {
        var parties = PartyResolver(world)
        guard case .party(let source) = parties.party(recorded.source),
            case .party(let destination) = parties.party(recorded.destination)
        else { return [] }
        let request = RequestFacts(dnsName: recorded.destination.dnsNames.first)
        let connection = Connection(
            source: source,
            destination: destination,
            service: Service(recorded.ipProtocol, port: recorded.port),
            request: request
        )
        let decision = world.decision(for: connection)
        let sides = [(Direction.egress, decision.egress), (.ingress, decision.ingress)]
        var result: [RuleProposal] = []
        for (direction, side) in sides {
            guard let judgement = side?.complete, judgement.isDenied else { continue }
            guard judgement.outcome == .defaultDeny else { return [] }
            let policies = world.snapshot.policies.filter { judgement.isolating.contains($0.id) }
            // A policy that allows something already is where somebody would look for one more rule; one that closes
            // everything is meant to.
            let allowing = policies.last { policy in
                policy.specs.contains { $0.rules.contains { $0.direction == direction && $0.action == .allow } }
            }
            let preferred = policies.last { $0.location.document == document } ?? allowing ?? policies.last
            guard let policy = preferred, let rule = SmallestRule(connection, direction, for: policy.id, in: world),
                let draft = RuleDraft(rule, direction, of: policy.id)
            else { return [] }
            let edit = FormEdit.addRule(direction: direction, action: .allow, rule: draft)
            result.append(RuleProposal(policy: policy.id, location: policy.location, edit: edit))
        }
        return result
    }
}

extension RuleDraft {
    /// A rule in the words of the form; `nil` where the form has none for it.
    init?(_ rule: SmallestRule, _ direction: Direction, of policy: PolicyID) {
        let item = rule.yaml.dropFirst("- ".count)
        let text = """
            kind: \(policy.kind.rawValue)
            spec: {\(direction.rawValue): [\(item)]}
            """
        let document = SourceDocument(name: "-", bytes: Array(text.utf8))
        guard let form = PolicyFormText(document).firstForm, form.allLocked.isEmpty,
            let rule = form.section(direction).rules.first
        else { return nil }
        self.init(peers: rule.peers.map(\.value), ports: rule.ports.map(\.value), icmp: rule.icmp.map(\.value))
    }
}
