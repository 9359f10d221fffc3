// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl
import Synchronization

extension AccessService {
    /// Sets a user's password and ends their sessions.
    ///
    /// One's own needs the one before; guesses at it count like failed sign-ins.
    /// - Returns: for one's own, a new session for who asks; else `nil`.
    /// - Throws: `ServiceError` `notPermitted` (also for a wrong current password), `badRequest` for a password that must
    ///   not be set, `conflict` for an account that signs in at an issuer.
    public func setPassword(
        of name: String,
        _ change: PasswordChange,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> SignedIn? {
        let act = Act("user.password", on: "user/\(name)", by: principal, from: origin)
        let user = try await whoseToSet(name, change, by: principal, act)
        let isOwn = principal.userID == user.id && !principal.isToken
        if isOwn { try await checkCurrent(change.current, of: user, act) }
        let hash = try await newHash(change.new, user: name, act)
        let time = parts.now()
        try await perform(act) { directory, _ in
            var now = try Self.user(name, changedBy: principal, in: directory)
            guard now.passwordChanged == user.passwordChanged else {
                throw ServiceError(.conflict, "The password was changed meanwhile.")
            }
            now.signInMethod = .password
            now.passwordChanged = time
            let sessions = directory.sessions.values.filter { $0.user == now.id }.map { $0.id }
            return ActEffect(
                changes: [.saveUser(now), .setPassword(user: now.id, hash: hash)]
                    + sessions.map { .removeSession($0) },
                fields: [.init(field: "password", before: nil, after: "changed")]
            )
        }
        guard isOwn else { return nil }
        return try await start(NewSession(user: user.id, origin: origin, action: "session.create")) { directory in
            guard let now = directory.users[user.id], now.canSignIn, now.passwordChanged == time else {
                throw ServiceError(.notPermitted, "The account has changed meanwhile.")
            }
            return now
        }
    }

    private func whoseToSet(
        _ name: String,
        _ change: PasswordChange,
        by principal: Principal,
        _ act: Act
    ) async throws -> User {
        do {
            let user = try Self.user(name, changedBy: principal, in: directory)
            if case .external = user.signInMethod {
                throw ServiceError(.conflict, "\(name) signs in elsewhere and has no password here.")
            }
            if let problem = PasswordRule.problem(change.new, user: name) { throw ServiceError(.badRequest, problem) }
            return user
        } catch let error as ServiceError {
            try await record(act, error)
            throw error
        }
    }

    private func checkCurrent(_ current: String?, of user: User, _ act: Act) async throws {
        let time = parts.now()
        let attempt = throttle.withLock { $0.attempt(name: user.name, address: act.origin.address, now: time) }
        if case .locked(let until, let isFirst) = attempt {
            let text = Timestamp(microseconds: until)
            let error = ServiceError(.notPermitted, "Too many failures; the next attempt is possible at \(text).")
            if isFirst { try await record(act, error) }
            throw error
        }
        let hash = try await parts.identities.passwordHash(ofUser: user.id)
        let given = (current ?? "").utf8.count <= PasswordRule.longestBytes ? current ?? "" : ""
        guard try await verify(given, against: hash, attemptOf: user.name, act) else {
            let error = ServiceError(.notPermitted, "The current password is not right.")
            try await record(act, error)
            throw error
        }
        throttle.withLock { $0.succeeded(name: user.name, address: act.origin.address) }
    }

    private func verify(
        _ password: String,
        against hash: String?,
        attemptOf name: String?,
        _ act: Act
    ) async throws -> Bool {
        do {
            return try await parts.passwords.verify(password, against: hash)
        } catch let busy as HashingBusy {
            // Nothing was tried: a busy server is not a wrong password.
            if let name { throttle.withLock { $0.withdrew(name: name, address: act.origin.address) } }
            throw Self.serviceError(busy)
        }
    }

    /// The hash of a password that is to be set; `nil` for none.
    func newHash(_ password: String?, user name: String, _ act: Act) async throws -> String? {
        guard let password else { return nil }
        do {
            // Hashing costs: only for who may ask for it, and only what may be set.
            let isOwner = act.principal?.userID.flatMap { directory.users[$0]?.name } == name
            if !isOwner { try Self.access(of: act.principal, in: directory).require(.administer) }
            if let problem = PasswordRule.problem(password, user: name) { throw ServiceError(.badRequest, problem) }
            return try await hashed(password)
        } catch let error as ServiceError {
            try await record(act, error)
            throw error
        }
    }

    func hashed(_ password: String) async throws -> String {
        do {
            return try await parts.passwords.hash(password)
        } catch let busy as HashingBusy {
            throw Self.serviceError(busy)
        }
    }

    private static func serviceError(_ busy: HashingBusy) -> ServiceError {
        ServiceError(
            .timedOut,
            "Too many passwords are being checked.",
            fix: "Try again in \(busy.retryAfter) seconds."
        )
    }
}
