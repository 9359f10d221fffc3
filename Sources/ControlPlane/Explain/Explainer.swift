// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import NetworkPrimitives
public import PolicyEvaluation
import PolicyModel

/// Answers why a connection is allowed or not, step by step.
///
/// Needs nothing but a world, so that it works on files too.
public struct Explainer: Sendable {
    private let world: ResolvedSnapshot
    private let view: FlowView

    /// - Parameter view: whom the answer is for; what is not seen is not named in it.
    public init(_ world: ResolvedSnapshot, view: FlowView = .all) {
        self.world = world
        self.view = view
    }

    /// - Parameter observed: what was recorded of such connections, given the verdict.
    /// - Throws: `ServiceError`: `notFound` when a side names nothing, `badRequest` when the question makes no sense or has
    ///   more than one answer.
    public func explanation(
        of request: ExplainRequest,
        observed: (Verdict) async throws -> Explanation.Observed?
    ) async throws -> Explanation {
        let finder = PartyFinder(world: world, view: view)
        let (source, destination) = try finder.find(source: request.source, destination: request.destination)
        let question = try ExplainQuestion(world: world, source: source, destination: destination, request: request)
        let (connection, decision) = try question.answer()
        let story = SideStory(
            world: world,
            view: view,
            source: source.name,
            destination: destination.name,
            connection: connection
        )
        let observation = try await observed(decision.verdict)
        let steps = [
            Explanation.Step(label: "source", result: source.name, text: source.text),
            Explanation.Step(label: "destination", result: destination.name, text: destination.text),
            story.step(.egress, decision.egress), story.step(.ingress, decision.ingress),
            modeStep(decision, connection),
            Explanation.Step(
                label: "verdict",
                result: decision.uncertainties.isEmpty ? decision.verdict.word : "UNCERTAIN",
                text: observation.map { $0.sentence(since: $0.since.description) } ?? "",
                notes: Self.doubts(decision) + question.otherFamily(than: connection, decision.verdict)
            ),
        ]
        return Explanation(
            request: request,
            revision: decision.revision,
            verdict: decision.verdict,
            decision: FlowItem.Decision(view.seen(Flow.Decision(decision))),
            steps: steps,
            policies: story.policies(.egress, decision.egress) + story.policies(.ingress, decision.ingress),
            observed: observation,
            l7: decision.isLimited,
            dependsOn: decision.uncertainties.sorted { $0.rawValue < $1.rawValue },
            hostTraffic: hostTraffic(connection),
            advice: story.advice(decision),
            rule: story.smallestRule(decision)
        )
    }

    /// What the verdict leaves open.
    private static func doubts(_ decision: Decision) -> [Explanation.Step.Note] {
        var notes = decision.uncertainties.sorted { $0.rawValue < $1.rawValue }.map {
            Explanation.Step.Note(label: "because", text: $0.sentence)
        }
        if decision.isLimited {
            notes.append(.init(label: "but", text: "only for requests that the rules let through (L7)"))
        }
        return notes
    }

    private func modeStep(_ decision: Decision, _ connection: Connection) -> Explanation.Step {
        let settings = world.snapshot.modes
        let denying = decision.deciding?.complete
        let involved = involved(connection)
        let modes = Set(involved.map(\.mode))
        var text = ""
        if modes.count > 1 { text = Self.list(involved) }
        if decision.verdict == .wouldDrop { text = "what denies it is in audit mode; nothing is blocked" }
        if decision.verdict == .dropped, denying.map({ !$0.isDenied }) ?? false {
            text = "policies in audit mode would allow it, but they have no effect yet"
        }
        let word = modes.count > 1 ? "mixed" : (modes.first ?? settings.environment).rawValue
        return Explanation.Step(label: "mode", result: word, text: text)
    }

    /// The policies that select an end, with their modes; each once.
    private func involved(_ connection: Connection) -> [(policy: String, mode: Mode)] {
        var seen: Set<PolicyID> = []
        return [connection.source, connection.destination].flatMap { party -> [(policy: String, mode: Mode)] in
            guard case .endpoint(let index) = party.kind else { return [] }
            return world.selecting[world.identityOfEndpoint[index]].compactMap { reference in
                let id = world.snapshot.policies[reference.policy].id
                guard view.sees(id) else { return nil }
                return seen.insert(id).inserted ? (id.description, reference.mode) : nil
            }
        }
    }

    private static func list(_ policies: [(policy: String, mode: Mode)]) -> String {
        let shown = policies.prefix(4).map { "\($0.policy) \($0.mode.rawValue)" }
        let more = policies.count - shown.count
        return (shown + (more > 0 ? ["\(more) more"] : [])).joined(separator: ", ")
    }

    private func hostTraffic(_ connection: Connection) -> String? {
        guard connection.source.kind == .host else { return nil }
        return world.snapshot.hostTraffic == .allowed
            ? "Traffic from the host to its containers is allowed unless a rule denies it (--host-traffic allowed)."
            : "Traffic from the host to its containers is under policy (--host-traffic enforce)."
    }
}

extension FlowView {
    /// Whether a policy's name may be told.
    func sees(_ policy: PolicyID) -> Bool { sees(policy.namespace) }
}

extension Verdict {
    /// As steps say it.
    var word: String {
        switch self {
        case .allowed: "ALLOWED"
        case .dropped: "DROPPED"
        case .wouldDrop: "WOULD DROP"
        }
    }
}
