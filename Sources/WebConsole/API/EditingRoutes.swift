// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// Policy files and drafts of them.
struct EditingRoutes: Sendable {
    let audit: AuditSink

    /// The largest text that the editor takes.
    static let largestText = 4 << 20

    var routes: [APIRoute] { [document, check, save, delete] }

    private var document: APIRoute {
        APIRoute(
            method: .get,
            path: "environments/{environment}/policy-file",
            operation: "getPolicyFile",
            summary: "The text of a policy file as it is now.",
            needs: .environment(.viewTraffic),
            parameters: [APIParameter("path", .text, "Relative to the policy directory.", isRequired: true)],
            answer: .json(PolicyDocument.self)
        ) { request in
            try JSONAnswer.response(await request.place().editing.policyDocument(request.query("path") ?? ""))
        }
    }

    private var check: APIRoute {
        APIRoute(
            method: .post,
            path: "environments/{environment}/policy-file/check",
            operation: "checkDraft",
            summary: "What a draft means, is warned of, and would do to recorded traffic. Changes nothing.",
            needs: .environment(.viewTraffic),
            body: DraftRequest.self,
            answer: .json(DraftCheck.self),
            largestBody: Self.largestText
        ) { request in try JSONAnswer.response(await request.place().editing.check(request.body())) }
    }

    private var save: APIRoute {
        APIRoute(
            method: .put,
            path: "environments/{environment}/policy-file",
            operation: "savePolicyFile",
            summary: "Writes a policy file; it takes effect before the answer.",
            needs: .environment(.proposeChanges),
            body: SaveRequest.self,
            answer: .json(PolicyDocument.self),
            largestBody: Self.largestText
        ) { [audit] request in
            let place = try request.place()
            let wanted: SaveRequest = try await request.body()
            return try await audit.recording(
                AuditAction("policy.save", on: "policy-file/\(wanted.path)", in: place.name),
                request.context
            ) { record in
                let saved = try await place.editing.save(wanted)
                record.changes = [.init(field: "sha256", before: wanted.base, after: saved.hash)]
                return try JSONAnswer.response(saved)
            }
        }
    }

    private var delete: APIRoute {
        APIRoute(
            method: .post,
            path: "environments/{environment}/policy-file/delete",
            operation: "deletePolicy",
            summary: "Removes a policy from its file, or the file when nothing else is in it.",
            needs: .environment(.proposeChanges),
            body: DeleteRequest.self,
            status: .noContent,
            answer: .none
        ) { [audit] request in
            let place = try request.place()
            let wanted: DeleteRequest = try await request.body()
            let name = wanted.namespace.map { "\($0)/\(wanted.name)" } ?? wanted.name
            return try await audit.recording(
                AuditAction("policy.delete", on: "policy/\(name)", in: place.name),
                request.context
            ) { _ in
                try await place.editing.delete(wanted)
                return Response(status: .noContent)
            }
        }
    }
}
