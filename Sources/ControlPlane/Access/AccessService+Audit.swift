// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ChangeControl

extension AccessService {
    /// One page of the audit log: all of it for who may read it, else one's own entries.
    ///
    /// Looks at a million entries at most; where that does not fill the page, `next` says where to go on.
    /// - Parameter query: its `person` is set here.
    public func auditLog(_ query: AuditQuery, by principal: Principal) async throws -> AuditList {
        let (query, ownOnly) = try allowed(query, principal)
        var page = AuditPage(records: [], next: query.cursor)
        for _ in 0..<10 {
            var rest = query
            rest.cursor = page.next
            rest.limit = query.limit - page.records.count
            let part = try await parts.audit.page(rest)
            page.records += part.records
            page.next = part.next
            if part.next == nil || page.records.count >= query.limit { break }
        }
        return AuditList(page, ownOnly: ownOnly)
    }

    /// The entries that match, oldest first, page by page, each read when the one before has been taken; recorded as
    /// `audit.export` before the first.
    public func exportAudit(
        _ query: AuditQuery,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> AsyncThrowingStream<[AuditItem], any Error> {
        var (query, _) = try allowed(query, principal)
        query.isAscending = true
        query.limit = AuditQuery.largestLimit
        query.cursor = nil
        // Entries that come while it runs are not part of it, its own neither: it could else go on for ever.
        query.to = min(query.to ?? .max, parts.now())
        let entry = AuditEntry(time: 0, actor: "", action: "audit.export", object: "audit")
        try await record(entry, by: principal, from: origin)
        let pages = AuditPages(log: parts.audit, query: query)
        return AsyncThrowingStream { try await pages.next() }
    }

    /// Checks the whole chain; recorded as `audit.verify`.
    /// - Throws: `ServiceError` `notPermitted` for who may not read all of it.
    public func verifyAudit(by principal: Principal, from origin: RequestOrigin) async throws -> AuditVerificationReport
    {
        let act = Act("audit.verify", on: "audit", by: principal, from: origin)
        do {
            try Self.access(of: principal, in: directory).require(.readAuditLog)
        } catch let error as ServiceError {
            try await record(act, error)
            throw error
        }
        let report = AuditVerificationReport(try await parts.audit.verify())
        let outcome: AuditEntry.Outcome = report.isWhole ? .success : .failure
        try await parts.audit.append(act.entry(at: parts.now(), outcome, detail: report.sentence))
        return report
    }

    /// - Returns: the query for what the principal may read.
    private func allowed(_ query: AuditQuery, _ principal: Principal) throws -> (AuditQuery, ownOnly: Bool) {
        let directory = directory
        var query = query
        query.person = nil
        if Self.access(of: principal, in: directory).allows(.readAuditLog, in: .server) { return (query, false) }
        guard let user = principal.userID.flatMap({ directory.users[$0] }) else {
            throw ServiceError(.notPermitted, "You may not see this.")
        }
        query.person = user.name
        // Somebody else may have had the name before.
        query.from = max(query.from ?? .min, user.renamed ?? user.created)
        return (query, true)
    }
}

/// Pages of an export, one after the other.
private actor AuditPages {
    private let log: any AuditLog
    private var query: AuditQuery
    private var isAtEnd = false

    init(log: any AuditLog, query: AuditQuery) {
        self.log = log
        self.query = query
    }

    /// - Returns: `nil` at the end.
    func next() async throws -> [AuditItem]? {
        while !isAtEnd {
            try Task.checkCancellation()
            let page = try await log.page(query)
            query.cursor = page.next
            isAtEnd = page.next == nil
            if !page.records.isEmpty { return page.records.map { AuditItem($0) } }
        }
        return nil
    }
}
