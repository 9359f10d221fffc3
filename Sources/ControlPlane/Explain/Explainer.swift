// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
public import NetworkPrimitives
public import PolicyEvaluation
import PolicyModel

/// Answers why a connection is allowed or not, step by step.
///
/// Needs nothing but a world, so that it works on files too.
public struct Explainer: Sendable {
    /// What was really seen of the connection.
    public struct Observation: Hashable, Sendable {
        public var agreeing: UInt64
        public var disagreeing: UInt64
        /// Microseconds since 1970.
        public var since: Int64

        public init(agreeing: UInt64, disagreeing: UInt64, since: Int64) {
            self.agreeing = agreeing
            self.disagreeing = disagreeing
            self.since = since
        }
    }

    private let world: ResolvedSnapshot

    public init(_ world: ResolvedSnapshot) { self.world = world }

    /// - Throws: `ServiceError`: `notFound` when a side names nothing, `badRequest` when the question makes no sense.
    public func explanation(
        of request: ExplainRequest,
        observed: (Verdict) async throws -> Observation?
    ) async throws -> Explanation {
        let finder = PartyFinder(world: world)
        let source = try finder.find(request.source, as: "source")
        let destination = try finder.find(request.destination, as: "destination")
        let (from, to) = try addresses(source, destination)
        let connection = Connection(
            source: Party(source.kind, address: from),
            destination: Party(destination.kind, address: to),
            service: Service(request.ipProtocol, port: request.port ?? 0)
        )
        let decision = world.decision(for: connection)
        let parts = SideStory(world: world, source: source.name, destination: destination.name, connection: connection)
        var steps = [
            Explanation.Step(label: "source", result: source.name, text: source.text, notes: []),
            Explanation.Step(label: "destination", result: destination.name, text: destination.text, notes: []),
            parts.step(.egress, decision.egress), parts.step(.ingress, decision.ingress),
        ]
        steps.append(modeStep(decision, connection))
        let observation = try await observed(decision.verdict)
        steps.append(
            Explanation.Step(
                label: "verdict",
                result: Self.word(decision.verdict),
                text: Self.text(observation),
                notes: []
            )
        )
        return Explanation(
            request: request,
            revision: decision.revision,
            verdict: decision.verdict,
            decision: FlowItem.Decision(Flow.Decision(decision)),
            steps: steps,
            policies: parts.policies(.egress, decision.egress) + parts.policies(.ingress, decision.ingress),
            hostTraffic: hostTraffic(connection),
            advice: parts.advice(decision)
        )
    }

    /// Two addresses of one family.
    private func addresses(
        _ source: PartyFinder.Found,
        _ destination: PartyFinder.Found
    ) throws
        -> (IPAddress, IPAddress)
    {
        for family in IPAddress.Family.allCases {
            guard let from = source.addresses.first(where: { $0.family == family }),
                let to = destination.addresses.first(where: { $0.family == family })
            else { continue }
            return (from, to)
        }
        throw ServiceError(
            .badRequest,
            "\(source.name) and \(destination.name) have no addresses of the same family.",
            fix: "Name an address of the right family instead."
        )
    }

    private func modeStep(_ decision: Decision, _ connection: Connection) -> Explanation.Step {
        let settings = world.snapshot.modes
        let denying = decision.deciding?.complete
        var text = ""
        if decision.verdict == .wouldDrop { text = "what denies it is in audit mode; nothing is blocked" }
        if decision.verdict == .dropped, denying.map({ !$0.isDenied }) ?? false {
            text = "policies in audit mode would allow it, but they have no effect yet"
        }
        let modes = Set(modesInvolved(connection))
        let word =
            modes.count > 1 ? "mixed" : (modes.first ?? settings.environment).rawValue
        return Explanation.Step(label: "mode", result: word, text: text, notes: [])
    }

    private func modesInvolved(_ connection: Connection) -> [Mode] {
        [connection.source, connection.destination].flatMap { party -> [Mode] in
            guard case .endpoint(let index) = party.kind else { return [] }
            return world.selecting[world.identityOfEndpoint[index]].map(\.mode)
        }
    }

    private func hostTraffic(_ connection: Connection) -> String? {
        guard connection.source.kind == .host else { return nil }
        return world.snapshot.hostTraffic == .allowed
            ? "Traffic from the host to its containers is allowed unless a rule denies it (--host-traffic allowed)."
            : "Traffic from the host to its containers is under policy (--host-traffic enforce)."
    }

    private static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .allowed: "ALLOWED"
        case .dropped: "DROPPED"
        case .wouldDrop: "WOULD DROP"
        }
    }

    private static func text(_ observation: Observation?) -> String {
        guard let observation else { return "" }
        let since = Timestamp(microseconds: observation.since)
        if observation.agreeing == 0, observation.disagreeing == 0 { return "no such flow has been recorded" }
        if observation.disagreeing == 0 { return "agrees with \(observation.agreeing) flows since \(since)" }
        return "disagrees with \(observation.disagreeing) of \(observation.agreeing + observation.disagreeing) flows"
            + " since \(since): report this"
    }
}
