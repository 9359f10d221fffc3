// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// Opens the policy that drops a connection, with one new rule in it that lets the connection through, unsaved.
struct CreateRulePages: Sendable {
    var routes: [PageRoute] { [.get("e/{environment}/create-rule", .environment(.proposeChanges), open)] }

    @Sendable
    private func open(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let key = try Self.key(request)
        let proposals = try await place.proposing.proposals(for: key)
        guard let proposal = Self.best(proposals, key.direction) else {
            throw ServiceError(
                .conflict,
                "No rule would help: either nothing drops this connection, or a deny rule does.",
                fix: "Explain says which policies decide."
            )
        }
        let file = try await place.editing.policyDocument(proposal.location.document)
        var draft = EditorDraft(text: file.text, path: file.path, base: file.hash)
        draft.documentIndex = draft.forms.index(of: proposal.policy) ?? 0
        draft.side = .impact
        draft.make(proposal.edit)
        return try await EditorPages().answer(draft, request)
    }

    /// The side that the flow was dropped at.
    private static func best(_ proposals: [RuleProposal], _ direction: Direction) -> RuleProposal? {
        proposals.first { proposal in
            if case .addRule(let wanted, _, _) = proposal.edit { return wanted == direction }
            return false
        } ?? proposals.first
    }

    private static func key(_ request: PageRequest) throws -> FlowKey {
        guard let ipProtocol = IPProtocol(name: (request.query("protocol") ?? "tcp").uppercased()) else {
            throw ServiceError(.badRequest, "\"\(request.query("protocol") ?? "")\" is not a protocol.")
        }
        guard let port = UInt16(request.query("port") ?? "0") else {
            throw ServiceError(.badRequest, "\"\(request.query("port") ?? "")\" is not a port.")
        }
        return FlowKey(
            source: try party(request.query("from") ?? ""),
            destination: try party(request.query("to") ?? ""),
            ipProtocol: ipProtocol,
            port: port,
            verdict: .dropped,
            direction: request.query("direction") == "outbound" ? .egress : .ingress,
            decision: Flow.Decision(reason: .policyDenied)
        )
    }

    private static func party(_ text: String) throws -> FlowKey.Party {
        if text == "host" { return FlowKey.Party(kind: .host, namespace: nil, workload: nil, address: nil) }
        if let address = IPAddress(text) {
            return FlowKey.Party(kind: .world, namespace: nil, workload: nil, address: address)
        }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw ServiceError(.badRequest, "\"\(text)\" is not namespace/workload, an address or host.")
        }
        return FlowKey.Party(kind: .endpoint, namespace: parts[0], workload: parts[1], address: nil)
    }
}
