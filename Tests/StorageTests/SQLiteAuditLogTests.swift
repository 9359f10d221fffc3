// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ChangeControl
import Foundation
import GRDB
import Storage
import Testing

@Suite struct SQLiteAuditLogTests {
    /// A log of so many entries, closed.
    static func log(_ count: Int) async throws -> Scratch {
        let scratch = try Scratch()
        let console = try scratch.console()
        for index in 0..<count { try await console.audit.append(ConsoleDatabaseTests.entry(index)) }
        try console.close()
        return scratch
    }

    static func verify(_ scratch: Scratch) async throws -> AuditVerification {
        let console = try scratch.console()
        defer { try? console.close() }
        return try await console.audit.verify()
    }

    @Test func `an untouched log is whole, and says since when`() async throws {
        let verification = try await Self.verify(try await Self.log(12))
        #expect(verification.count == 12)
        #expect(verification.first == 0)
        #expect(verification.last == 11_000_000)
        #expect(verification.broken == nil)
    }

    @Test(arguments: [
        ("UPDATE audit SET detail = 'x' WHERE sequence = 6", AuditVerification.Break.Reason.altered),
        ("UPDATE audit SET outcome = 'denied' WHERE sequence = 6", .altered),
        ("UPDATE audit SET changes = '[]' WHERE sequence = 6", .altered),
        ("UPDATE audit SET changes = 'not JSON' WHERE sequence = 6", .altered),
        ("UPDATE audit SET outcome = 'fine' WHERE sequence = 6", .altered),
        ("UPDATE audit SET environment = '' WHERE sequence = 6", .altered),
        ("UPDATE audit SET time = time + 1 WHERE sequence = 6", .altered),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 6", .altered),
        ("UPDATE audit SET previous = zeroblob(32) WHERE sequence = 6", .notLinked),
        ("DELETE FROM audit WHERE sequence = 6", .missing),
        ("DELETE FROM audit WHERE sequence >= 6", .truncated),
        (
            "DELETE FROM audit WHERE sequence = 6; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 6",
            .notLinked
        ),
    ])
    func `what was done to the file by hand is found at its place`(
        _ sql: String,
        _ reason: AuditVerification.Break.Reason
    ) async throws {
        let scratch = try await Self.log(12)
        try scratch.tamper(sql)
        let verification = try await Self.verify(scratch)
        #expect(verification.broken == .init(sequence: 6, reason: reason))
        #expect(verification.count == 5)
    }

    @Test func `a log emptied with its kept end in place is found, and one cut short stays so after the next entry`()
        async throws
    {
        let scratch = try await Self.log(12)
        try scratch.tamper("DELETE FROM audit WHERE sequence > 10")
        let console = try scratch.console()
        try await console.audit.append(ConsoleDatabaseTests.entry(12))
        #expect(try await console.audit.verify().broken == .init(sequence: 11, reason: .missing))
        try console.close()
        try scratch.tamper("DELETE FROM audit")
        #expect(try await Self.verify(scratch).broken == .init(sequence: 1, reason: .truncated))
        try scratch.tamper("UPDATE audit_head SET count = 0")
        #expect(try await Self.verify(scratch).broken == .init(sequence: 1, reason: .headDiffers))
        try scratch.tamper("DELETE FROM audit_head")
        await #expect(throws: AuditLogError.self) { try await Self.verify(scratch) }
    }

    @Test func `rows cannot be changed or removed by an ordinary statement`() async throws {
        let scratch = try await Self.log(3)
        let queue = try DatabaseQueue(path: scratch.path + "/console.sqlite")
        for sql in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit WHERE sequence = 1"] {
            await #expect(throws: DatabaseError.self) { try await queue.write { try $0.execute(sql: sql) } }
        }
    }

    @Test func `a process killed between appends leaves a whole chain`() async throws {
        let scratch = try Scratch()
        let console = try scratch.console()
        for index in 0..<5 { try await console.audit.append(ConsoleDatabaseTests.entry(index)) }
        // What is on the disk at this moment is what a process that dies here leaves behind.
        let copy = try Scratch()
        for suffix in ["", "-wal"] {
            let name = "/console.sqlite" + suffix
            try FileManager.default.copyItem(atPath: scratch.path + name, toPath: copy.path + name)
        }
        try await console.audit.append(ConsoleDatabaseTests.entry(5))
        let again = try copy.console()
        #expect(try await again.audit.verify().count == 5)
        try await again.audit.append(ConsoleDatabaseTests.entry(5))
        let verification = try await again.audit.verify()
        #expect(verification.count == 6)
        #expect(verification.broken == nil)
    }

    @Test func `pages together are all that matches, in both orders, whatever their size`() async throws {
        let actors = ["ann", "token ci of ann", "joann", "token ann of bob", "Änn", "A\u{308}nn", "owner"]
        let all = (0..<40).map { ConsoleDatabaseTests.entry($0, actor: actors[$0 % actors.count]) }
        let scratch = try Scratch()
        let console = try scratch.console()
        for entry in all { try await console.audit.append(entry) }
        var filters: [@Sendable (inout AuditQuery) -> Void] = [{ _ in }]
        for name in ["ann", "token ci of ann", "bob", "Änn", "%", ""] {
            filters.append { $0.actor = name }
            filters.append { $0.person = name }
        }
        filters.append { $0.action = "" }
        filters.append { $0.action = "user." }
        filters.append { $0.environment = "production" }
        filters.append { $0.outcome = .failure }
        filters.append { query in
            query.from = 3_000_000
            query.to = 30_000_000
        }
        filters.append { $0.text = "\"7\"" }
        filters.append { $0.object = "%" }
        for filter in filters {
            for (limit, isAscending) in [(1, true), (7, false), (39, true), (40, false), (100, true)] {
                var query = AuditQuery(limit: limit, isAscending: isAscending)
                filter(&query)
                let expected = all.filter { query.matches($0) }
                var found: [AuditEntry] = []
                repeat {
                    let page = try await console.audit.page(query)
                    #expect(page.records.count <= limit)
                    found += page.records.map(\.entry)
                    query.cursor = page.next
                } while query.cursor != nil
                #expect(found == (isAscending ? expected : expected.reversed()), "limit \(limit)")
            }
        }
    }
}
