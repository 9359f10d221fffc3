// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import Synchronization

/// The first administrator.
public struct SetupRequest: Sendable {
    /// The secret of the link.
    public var link: String
    public var name: String
    public var displayName: String?
    public var password: String
    public var replacing: String?

    public init(link: String, name: String, displayName: String? = nil, password: String, replacing: String? = nil) {
        self.link = link
        self.name = name
        self.displayName = displayName
        self.password = password
        self.replacing = replacing
    }
}

extension AccessService {
    /// Whether the secret is that of the setup link now.
    public func isSetupLink(_ link: String) -> Bool {
        guard link.utf8.count <= 128, !isSetUp, let digest = directory.setupLink else { return false }
        return ConstantTime.equal(digest, parts.secrets.digest(link))
    }

    /// Makes the first administrator with the one-time link and signs them in; the link opens nothing afterwards.
    /// - Throws: `ServiceError` `notPermitted` for a link that is not or no longer good, `badRequest` for name or password.
    public func setup(_ request: SetupRequest, from origin: RequestOrigin) async throws -> SignedIn {
        // Afterwards there is nothing to guess, and strangers leave no trace in a log that nobody can shorten.
        guard !isSetUp else { throw Self.badLink }
        let act = Act("setup.complete", on: "user/\(request.name)", from: origin)
        do {
            try await checkLink(request.link, act)
            return try await administrator(request, from: origin)
        } catch let error as ServiceError {
            // Of guesses at the link one entry per lock is enough.
            if error.message != Self.lockedMessage { try await record(act, error) }
            throw error
        }
    }

    private static let lockedMessage = "Too many failures; try again later."

    private func checkLink(_ link: String, _ act: Act) async throws {
        let time = parts.now()
        // All addresses of one network are one guesser.
        let address = act.origin.address.map(SignInThrottle.network) ?? ""
        let attempt = networkThrottle.withLock { $0.attempt(name: "setup \(address)", address: nil, now: time) }
        guard attempt == .allowed else { throw ServiceError(.notPermitted, Self.lockedMessage) }
        guard isSetupLink(link) else { throw Self.badLink }
        networkThrottle.withLock { $0.succeeded(name: "setup \(address)", address: nil) }
    }

    private static var badLink: ServiceError {
        ServiceError(
            .notPermitted,
            "The setup link is not valid, or has been used.",
            fix: "The server prints a new one when it starts without an administrator."
        )
    }

    private func administrator(_ request: SetupRequest, from origin: RequestOrigin) async throws -> SignedIn {
        try Self.check(request.name, .user)
        try Self.check(request.displayName ?? request.name, .display)
        if let problem = PasswordRule.problem(request.password, user: request.name) {
            throw ServiceError(.badRequest, problem)
        }
        let hash = try await hashed(request.password)
        let link = parts.secrets.digest(request.link)
        let id = parts.secrets.id()
        let time = parts.now()
        let user = User(
            id: id,
            name: request.name,
            displayName: request.displayName ?? request.name,
            signInMethod: .password,
            grants: [Grant(.admin, on: .everywhere)],
            created: time,
            passwordChanged: time
        )
        let new = NewSession(user: id, replacing: request.replacing, origin: origin, action: "setup.complete")
        let started = try await start(new) { _ in
            [.saveUser(user), .setPassword(user: id, hash: hash), .setSetupLink(nil)]
        } _: { directory in
            // Of two who use the link at the same time only one gets here with it.
            guard directory.setupLink == link, directory.administrators.isEmpty else { throw Self.badLink }
            try Self.checkFree(request.name, in: directory)
            return user
        }
        guard let started else { throw Self.badLink }
        forgetSetupSecret()
        return started
    }
}
