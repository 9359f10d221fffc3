// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Credentials
import Foundation
import Storage
import Synchronization
import Testing

/// The access service on a real file, with a clock that the test moves and hashes that cost little.
final class AccessLab: Sendable {
    static let password = "correct horse battery"
    static let origin = RequestOrigin(address: "192.0.2.1", client: "test/1", requestID: "r1")

    private let folder: Folder
    let console: ConsoleDatabase
    let access: AccessService
    private let clock: Clock

    final class Clock: Sendable {
        let now = Mutex<Int64>(1_800_000_000_000_000)
    }

    /// Removed when the last process of it has gone.
    final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "palisade-access-\(UUID().uuidString)"

        // A directory that cannot be removed is left to the system's own cleaning.
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    init(_ folder: Folder = Folder(), clock: Clock = Clock()) async throws {
        self.clock = clock
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        console = try ConsoleDatabase.open(directory: folder.path, hash: { Digest.sha256($0) })
        access = try await AccessService.start(
            AccessService.Parts(
                identities: console.identities,
                audit: console.audit,
                passwords: ScryptPasswords(cost: .cheap, running: 2, waiting: 100),
                secrets: RandomSecrets(),
                now: { clock.now.withLock { $0 } }
            )
        )
    }

    /// With an administrator `root`, made through the setup link, and a viewer `ann` of `production`.
    static func settled() async throws -> AccessLab {
        let lab = try await AccessLab()
        let link = try #require(lab.access.setupLink())
        _ = try await lab.access.setup(SetupRequest(link: link, name: "root", password: password), from: origin)
        _ = try await lab.access.createUser(
            UserDraft(
                name: "ann",
                password: password,
                grants: [GrantReport(role: .viewer, scope: "environment/production")]
            ),
            by: .owner,
            from: origin
        )
        return lab
    }

    /// The same directory in a new process.
    func restarted() async throws -> AccessLab {
        try console.close()
        return try await AccessLab(folder, clock: clock)
    }

    func pass(_ seconds: Int64) { clock.now.withLock { $0 += seconds * 1_000_000 } }

    func signIn(
        _ name: String,
        _ password: String = AccessLab.password,
        replacing: String? = nil,
        address: String = "192.0.2.1"
    ) async throws -> SignInAnswer {
        try await access.signIn(
            SignInRequest(name: name, password: password, replacing: replacing),
            from: RequestOrigin(address: address, client: "test/1")
        )
    }

    /// - Throws: when the sign-in does not succeed.
    func session(_ name: String, _ password: String = AccessLab.password) async throws -> SignedIn {
        guard case .signedIn(let signedIn) = try await signIn(name, password) else { throw NotSignedIn() }
        return signedIn
    }

    func principal(_ name: String) async throws -> Principal { try await session(name).session.principal }

    struct NotSignedIn: Error {}

    /// Actions and outcomes of the audit log, newest first: `user.create success`.
    func log(_ limit: Int = 100) async throws -> [String] {
        try await access.auditLog(AuditQuery(limit: limit), by: .owner).items.map { "\($0.action) \($0.outcome)" }
    }

    /// The error that the operation ends with.
    static func code(_ operation: () async throws -> Void) async -> ServiceError.Code? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? ServiceError)?.code
        }
    }
}

extension AccessLab {
    /// Everything that is on the disk, byte by byte as text.
    func files() throws -> String {
        try ["", "-wal"].map { suffix in
            let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/console.sqlite" + suffix))
            return String(decoding: data, as: UTF8.self)
        }.joined()
    }
}
