// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// What the HTTP API asks about one environment and its policies.
///
/// The control plane answers. Every answer holds only what the view shows (`InsightService` says what that is).
public protocol EnvironmentService: Sendable {
    func status(_ view: NamespaceView) async -> StatusReport

    /// Every loaded policy that is seen, sorted by namespace and name.
    func policies(_ view: NamespaceView) async -> PolicyList

    /// Policies called `name`, in every namespace unless one is given; more than one when kinds differ.
    /// - Throws: `ServiceError` `notFound`, with names that come close in its fix. What is not seen is not there.
    func policies(named name: String, namespace: String?, view: NamespaceView) async throws -> PolicyList

    /// - Throws: `ServiceError` `notFound` when a side names nothing that is seen, `badRequest` when it is ambiguous.
    func explain(_ request: ExplainRequest, _ view: NamespaceView) async throws -> Explanation

    /// Endpoints, modes and policy texts: what a client needs to answer by itself.
    /// - Parameter texts: whether the texts are wanted; reading them costs more than the rest.
    /// - Throws: `ServiceError` `failed` before they have been read for the first time, `notPermitted` unless all is seen.
    func world(_ view: NamespaceView, texts: Bool) async throws -> WorldReport

    func modes(_ view: NamespaceView) async -> ModeReport

    /// Sets the mode of a scope; takes effect before it returns.
    /// - Throws: `ServiceError` `notFound` for a scope that does not exist, `failed` when the kernel refused the change.
    func setMode(_ change: ModeChange) async throws -> ModeReport

    /// Removes everything of ours from the kernel; the process still runs and is to be ended.
    /// - Throws: `ServiceError` `failed` when something could not be removed; the process goes on then.
    func takeDown() async throws -> TakeDownReport

    /// Ends the process in order; called when what was done is written down.
    func end()
}

/// Why a request could not be answered: facts for a person, and a class for exit codes and HTTP status.
public struct ServiceError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable, Codable {
        /// The request itself is wrong (HTTP 400, exit 2).
        case badRequest = "bad-request"
        /// Nobody signed in (HTTP 401, exit 4).
        case signInNeeded = "sign-in-needed"
        /// Who asks may not (HTTP 403, exit 4).
        case notPermitted = "not-permitted"
        case notFound = "not-found"
        case conflict
        /// Later perhaps; the fix says when (HTTP 429, exit 1).
        case tooManyRequests = "too-many-requests"
        case timedOut = "timed-out"
        /// Everything else (HTTP 500, exit 1).
        case failed
    }

    public var code: Code
    /// One sentence with the value.
    public var message: String
    /// What to do about it: one sentence or a command.
    public var fix: String?

    public init(_ code: Code, _ message: String, fix: String? = nil) {
        self.code = code
        self.message = message
        self.fix = fix
    }

    public var description: String { fix.map { "\(message) \($0)" } ?? message }

    public static func == (left: ServiceError, right: ServiceError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// The word that every document of this API carries as `apiVersion`.
public let apiVersion = "palisade/v1"
