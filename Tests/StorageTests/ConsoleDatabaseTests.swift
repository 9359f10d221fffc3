// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import Foundation
import GRDB
import Storage
import Testing

extension Scratch {
    /// No hash for security: these tests are about the file.
    static let hash: AuditChain.HashFunction = { bytes in
        var state: [UInt64] = [0xcbf2_9ce4_8422_2325, 7, 11, 13]
        for byte in bytes {
            for index in 0..<4 { state[index] = (state[index] ^ UInt64(byte) ^ UInt64(index)) &* 0x100_0000_01b3 }
        }
        return state.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    func console() throws -> ConsoleDatabase { try ConsoleDatabase.open(directory: path, hash: Self.hash) }

    /// What somebody with a database tool does to the file.
    func tamper(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path + "/console.sqlite")
        try queue.write { database in
            try database.execute(
                sql: "DROP TRIGGER IF EXISTS audit_is_never_edited; DROP TRIGGER IF EXISTS audit_is_never_deleted;"
            )
            try database.execute(sql: sql)
        }
        try queue.close()
    }
}

@Suite struct ConsoleDatabaseTests {
    static func entry(_ index: Int, actor: String = "ann") -> AuditEntry {
        AuditEntry(
            time: Int64(index) * 1_000_000,
            actor: actor,
            action: index % 2 == 0 ? "user.edit" : "policy.save",
            object: "user/\(index)",
            environment: index % 3 == 0 ? "production" : nil,
            outcome: index % 5 == 0 ? .failure : .success,
            address: "192.0.2.1",
            detail: "It's \"\(index)\"; -- 山",
            changes: [.init(field: "roles", before: nil, after: "Viewer")]
        )
    }

    static let user = User(
        id: "1",
        name: "ann",
        displayName: "Ann",
        signInMethod: .external(issuer: "https://issuer.example", subject: "x"),
        grants: [Grant(.author, on: .namespace(environment: "production", namespace: "shop"))],
        created: 5
    )

    @Test func `everything comes back after the file is opened again`() async throws {
        let scratch = try Scratch()
        let group = Group(path: "g", environments: ["e"], members: [.init(user: "1", role: .viewer)], created: 1)
        let token = AccessToken(id: "t", name: "t", owner: "1", grants: [], digest: "d", created: 0, expires: 9)
        let session = Session(id: "s", user: "1", created: 0, lastSeen: 0, expires: 9)
        var console = try scratch.console()
        try await console.identities.edit { _ in
            IdentityEdit(
                [
                    .saveUser(Self.user), .setPassword(user: "1", hash: "h"), .saveGroup(group), .saveToken(token),
                    .saveSession(session), .setSetupLink("link"),
                ],
                records: [Self.entry(0)]
            )
        }
        try await console.identities.touch(sessions: ["s", "gone"], tokens: ["t"], at: 7)
        let before = console.identities.directory
        try console.close()
        console = try scratch.console()
        var after = console.identities.directory
        #expect(after.sessions["s"]?.lastSeen == 7)
        #expect(after.tokens["t"]?.lastUsed == 7)
        after.revision = before.revision
        #expect(after == before)
        #expect(try await console.identities.passwordHash(ofUser: "1") == "h")
        #expect(try await console.identities.passwordHash(ofUser: "2") == nil)
        #expect(try await console.audit.page(AuditQuery()).records.map(\.entry) == [Self.entry(0)])
        try await console.identities.edit { _ in IdentityEdit([.removeUser("1")], records: [Self.entry(1)]) }
        try console.close()
        console = try scratch.console()
        #expect(console.identities.directory.users.isEmpty)
        #expect(console.identities.directory.tokens.isEmpty)
        #expect(console.identities.directory.sessions.isEmpty)
        #expect(console.identities.directory.groups["g"]?.members == [])
    }

    @Test func `the file and those beside it are their owner's only, also when they were not before`() async throws {
        let scratch = try Scratch()
        let console = try scratch.console()
        try await console.audit.append(Self.entry(0))
        for suffix in ["", "-wal", "-shm"] {
            let file = scratch.path + "/console.sqlite" + suffix
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        try console.close()
        let path = scratch.path + "/console.sqlite"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let again = try scratch.console()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        try again.close()
    }

    @Test func `a change whose record cannot be written is not made`() async throws {
        let scratch = try Scratch()
        var console = try scratch.console()
        try await console.audit.append(Self.entry(0))
        try console.close()
        try scratch.tamper("CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END;")
        console = try scratch.console()
        await #expect(throws: IdentityStoreError.self) {
            try await console.identities.edit { _ in IdentityEdit([.saveUser(Self.user)], records: [Self.entry(1)]) }
        }
        #expect(console.identities.directory.users.isEmpty)
        await #expect(throws: AuditLogError.self) { try await console.audit.append(Self.entry(1)) }
        try console.close()
        console = try scratch.console()
        #expect(console.identities.directory.users.isEmpty)
    }

    @Test func `edits are decided one after the other, each on what the one before left`() async throws {
        let scratch = try Scratch()
        let console = try scratch.console()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask {
                    try await console.identities.edit { directory in
                        let count = directory.groups.count
                        let group = Group(path: "g\(count)", created: Int64(index))
                        return IdentityEdit([.saveGroup(group)], records: [Self.entry(index)])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(console.identities.directory.groups.count == 50)
        let verification = try await console.audit.verify()
        #expect(verification.count == 50)
        #expect(verification.broken == nil)
    }

    @Test func `a file of a newer version is refused, and one that is no database is kept`() async throws {
        let scratch = try Scratch()
        try scratch.console().close()
        try scratch.tamper("PRAGMA user_version = 99")
        #expect(throws: IdentityStoreError(.newerSchema, "")) { try scratch.console() }
        let other = try Scratch()
        let text = Data(String(repeating: "this is no database ", count: 500).utf8)
        try text.write(to: URL(fileURLWithPath: other.path + "/console.sqlite"))
        #expect(throws: IdentityStoreError(.corrupt, "")) { try other.console() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: other.path + "/console.sqlite")) == text)
    }
}
