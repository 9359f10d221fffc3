// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The record of what was done: it only grows.
///
/// Entries are kept as long as the data directory is; nothing removes them. There is no way to edit or delete one.
public protocol AuditLog: Sendable {
    /// Adds the entry at the end; when it returns, the entry survives the death of the process and of the machine.
    /// - Throws: `AuditLogError`; what was to be recorded must not be done, or must be answered as failed, then.
    @discardableResult
    func append(_ entry: AuditEntry) async throws -> AuditRecord

    /// Entries that the query matches; export walks through all pages, oldest first.
    func page(_ query: AuditQuery) async throws -> AuditPage

    /// Checks the whole chain, all of it as it is at one moment.
    /// - Complexity: linear in the entries.
    func verify() async throws -> AuditVerification
}

/// Why the audit log could not be written or read.
public struct AuditLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence with path and cause.
    public var message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }
}
