// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// The audit log: its pages, its export, and whether it is whole.
struct AuditRoutes: Sendable {
    let access: AccessService

    private static let filters = [
        APIParameter("actor", .text, "A user name, or an actor as the log writes it."),
        APIParameter("action", .text, "The action's beginning: user. or user.create."),
        APIParameter("object", .text, "Text that the object contains."),
        APIParameter("environment", .text, "The environment."),
        APIParameter("outcome", .choice(AuditEntry.Outcome.allCases.map(\.rawValue)), "How it ended."),
        APIParameter("from", .time, "Start of the range."),
        APIParameter("to", .time, "End of the range."),
        APIParameter("text", .text, "Text that some field contains."),
    ]

    var routes: [APIRoute] {
        let access = access
        return [
            APIRoute(
                method: .get,
                path: "audit",
                operation: "listAudit",
                summary: "Entries of the audit log, newest first; without the permission audit.read only one's own.",
                needs: .signIn,
                parameters: Self.filters + [
                    APIParameter("limit", .integer(1...AuditQuery.largestLimit), "Entries at most; default 100."),
                    APIParameter("cursor", .text, "`next` of the page before."),
                ],
                answer: .json(AuditList.self)
            ) { try JSONAnswer.response(await access.auditLog(Self.query($0), by: $0.principal)) },
            APIRoute(
                method: .get,
                path: "audit/export",
                operation: "exportAudit",
                summary: "All entries that the filters let through, oldest first.",
                needs: .signIn,
                parameters: Self.filters,
                answer: .text("application/jsonl", "One entry a line, as in AuditList.")
            ) { request in
                let entries = try await access.exportAudit(
                    Self.query(request),
                    by: request.principal,
                    from: request.context.origin
                )
                return AuditExport.response(entries)
            },
            APIRoute(
                method: .post,
                path: "audit/verify",
                operation: "verifyAudit",
                summary: "Whether every entry is as it was written and none is missing.",
                needs: .server(.readAuditLog),
                answer: .json(AuditVerificationReport.self)
            ) { try JSONAnswer.response(await access.verifyAudit(by: $0.principal, from: $0.context.origin)) },
        ]
    }

    static func query(_ request: APIRequest) throws -> AuditQuery {
        var query = AuditQuery(limit: request.query("limit").flatMap(Int.init) ?? 100)
        query.actor = request.query("actor")
        query.action = request.query("action")
        query.object = request.query("object")
        query.environment = request.query("environment")
        query.outcome = request.query("outcome").flatMap(AuditEntry.Outcome.init)
        query.from = request.query("from").flatMap(Timestamp.init)?.microseconds
        query.to = request.query("to").flatMap(Timestamp.init)?.microseconds
        query.text = request.query("text")
        if let text = request.query("cursor") {
            guard let cursor = Int64(text), cursor >= 0 else {
                throw ServiceError(
                    .badRequest,
                    "\"\(text)\" is not a place in the audit log.",
                    fix: "Use `next` of the page before."
                )
            }
            query.cursor = cursor
        }
        return query
    }
}

/// Entries of the audit log as lines.
enum AuditExport {
    static func response(_ entries: AsyncThrowingStream<[AuditItem], any Error>) -> Response {
        let body = ResponseBody { writer in
            for try await page in entries {
                var lines = ByteBuffer()
                for item in page {
                    lines.writeBytes(try JSONAnswer.bytes(of: item))
                    lines.writeString("\n")
                }
                try await writer.write(lines)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/jsonl", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"palisade-audit.jsonl\"",
            ],
            body: body
        )
    }
}
