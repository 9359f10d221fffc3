// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// Puts what requests do into the audit log, with who asked and from where.
///
/// An entry that cannot be written fails the request: what nobody can see later is not done.
struct AuditSink: Sendable {
    /// Longer user agents are cut.
    static let longestClient = 200

    private let write: @Sendable (AuditEntry) async throws -> Void
    let now: @Sendable () -> Int64

    init(append: @escaping @Sendable (AuditEntry) async throws -> Void, now: @escaping @Sendable () -> Int64) {
        (write, self.now) = (append, now)
    }

    /// Also when nobody waits for the answer any more: what was done is recorded in a task that nobody cancels.
    private func append(_ entry: AuditEntry) async throws {
        let write = write
        try await Task { try await write(entry) }.value
    }

    /// Does something and records how it ended.
    func recording<Result>(
        _ action: AuditAction,
        _ context: ConsoleContext,
        _ body: (inout AuditEntry) async throws -> Result
    ) async throws -> Result {
        var entry = entry(action, context)
        let result: Result
        do {
            result = try await body(&entry)
        } catch {
            let failure = (error as? ServiceError)?.message
            entry.outcome = (error as? ServiceError)?.code == .notPermitted ? .denied : .failure
            entry.detail = failure ?? "The request could not be answered."
            try await append(entry)
            throw error
        }
        try await append(entry)
        return result
    }

    func denied(_ action: AuditAction, _ context: ConsoleContext) async throws {
        var entry = entry(action, context)
        entry.outcome = .denied
        try await append(entry)
    }

    func entry(_ action: AuditAction, _ context: ConsoleContext) -> AuditEntry {
        AuditEntry(
            time: now(),
            actor: context.principal?.name ?? "nobody",
            action: action.name,
            object: action.object,
            environment: action.environment,
            address: context.address,
            client: context.client,
            requestID: context.requestID
        )
    }
}

/// What is done to what, as the audit log names it.
struct AuditAction: Hashable, Sendable {
    var name: String
    var object: String
    var environment: String?

    init(_ name: String, on object: String, in environment: String? = nil) {
        self.name = name
        self.object = object
        self.environment = environment
    }
}
