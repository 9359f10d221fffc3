// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird

/// The audit log.
struct AuditPages: Sendable {
    var routes: [PageRoute] {
        [
            .get("audit", .signIn) { try await show($0) }, .post("audit", .server(.readAuditLog), verify),
            .get("audit/export", .signIn, export),
        ]
    }

    /// The parts before the dot of every action that is recorded.
    static let actionGroups = [
        "audit", "environment", "flows", "group", "map", "mode", "policy", "session", "setup", "statistics", "token",
        "user",
    ]

    /// The same page with what was found about the whole chain.
    @Sendable
    private func verify(_ request: PageRequest) async throws -> Response {
        let principal = try request.someone()
        let report = try await request.console.access.verifyAudit(by: principal, from: request.origin)
        return try await show(request, report.isWhole ? .good(report.sentence) : .broken(report.sentence))
    }

    private func show(
        _ request: PageRequest,
        _ verification: AuditModel.Verification? = nil
    ) async throws -> Response {
        let range = PageRange(request, standard: "now-30d", keptSeconds: nil, now: request.console.audit.now())
        let access = request.console.access
        let principal = try request.someone()
        let list = try await access.auditLog(Self.query(request, range), by: principal)
        let rows = list.items.map(Self.row)
        var model = AuditModel(
            rows: rows,
            filter: .init(
                actor: request.query("actor") ?? "",
                action: request.query("action") ?? "",
                object: request.query("object") ?? "",
                environment: request.query("env") ?? "",
                outcome: request.query("outcome") ?? "",
                text: request.query("q") ?? ""
            ),
            timeRange: range.choice,
            actionGroups: Self.actionGroups,
            next: list.next,
            isOwnOnly: list.ownOnly
        )
        model.selected = request.query("sel").flatMap(UInt64.init).flatMap { number in
            rows.first { $0.number == number }
        }
        model.verification = verification
        if rows.isEmpty { model.state = .empty(.nothingHappened("No entries in this range with this filter.")) }
        var context = await request.pageContext(command: "palisade audit list --since \(range.choice.from)")
        context.now = Timestamp(microseconds: request.console.audit.now())
        return request.answer(AuditPage.page(model, context), context)
    }

    private static func query(_ request: PageRequest, _ range: PageRange) -> AuditQuery {
        func text(_ name: String) -> String? { request.query(name).flatMap { $0.isEmpty ? nil : $0 } }
        var query = AuditQuery(limit: 100, cursor: request.query("cursor").flatMap(Int64.init))
        query.actor = text("actor")
        query.action = text("action").map { $0 + "." }
        query.object = text("object")
        query.environment = text("env")
        query.outcome = text("outcome").flatMap(AuditEntry.Outcome.init)
        query.text = text("q")
        query.from = range.range.from
        // The end is not part of a range, and what was done this moment is to be seen.
        query.to = range.range.to == .max ? .max : range.range.to + 1
        return query
    }

    private static func row(_ item: AuditItem) -> AuditModel.Row {
        AuditModel.Row(
            number: UInt64(clamping: item.sequence),
            entry: AuditEntry(
                time: item.time.microseconds,
                actor: item.actor,
                action: item.action,
                object: item.object,
                environment: item.environment,
                outcome: item.outcome,
                address: item.address,
                client: item.client,
                requestID: item.requestID,
                detail: item.detail,
                changes: item.changes
            )
        )
    }

    @Sendable
    private func export(_ request: PageRequest) async throws -> Response {
        let range = PageRange(request, standard: "now-30d", keptSeconds: nil, now: request.console.audit.now())
        let entries = try await request.console.access.exportAudit(
            Self.query(request, range),
            by: request.someone(),
            from: request.origin
        )
        return request.query("format") == "csv" ? AuditExport.csv(entries) : AuditExport.response(entries)
    }
}

extension AuditExport {
    /// The same entries as a table; before and after of fields in one cell.
    static func csv(_ entries: AsyncThrowingStream<[AuditItem], any Error>) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: FlowExport.line(headers)))
            for try await page in entries {
                try await writer.write(ByteBuffer(string: page.map { FlowExport.line(cells($0)) }.joined()))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"palisade-audit.csv\"",
            ],
            body: body
        )
    }

    private static let headers = [
        "sequence", "time", "actor", "action", "object", "environment", "result", "address", "client", "request",
        "detail",
        "changes", "hash",
    ]

    private static func cells(_ item: AuditItem) -> [String] {
        let changes = item.changes.map { "\($0.field): \($0.before ?? "none") -> \($0.after ?? "none")" }
        return [
            "\(item.sequence)", item.time.description, item.actor, item.action, item.object, item.environment ?? "",
            item.outcome.rawValue, item.address ?? "", item.client ?? "", item.requestID ?? "", item.detail ?? "",
            changes.joined(separator: "; "), item.hash,
        ]
    }
}
