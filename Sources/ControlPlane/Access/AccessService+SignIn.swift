// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl
import Synchronization

extension AccessService {
    /// Signs somebody in with a password.
    /// - Throws: what the stores throw; nobody is signed in then.
    public func signIn(_ request: SignInRequest, from origin: RequestOrigin) async throws -> SignInAnswer {
        let name = request.name.utf8.count > 128 ? "" : request.name.lowercased()
        let time = parts.now()
        let attempt = throttle.withLock { $0.attempt(name: request.name, address: origin.address, now: time) }
        if case .locked(let until, let isFirst) = attempt {
            if isFirst { try await recordRefusal(of: name, from: origin, .denied, lockedUntil: until) }
            return .locked(until: Timestamp(microseconds: until))
        }
        let user = directory.user(named: name)
        let matches: Bool
        do {
            matches = try await check(request.password, of: user)
        } catch let busy as HashingBusy {
            throttle.withLock { $0.withdrew(name: request.name, address: origin.address) }
            return .busy(retryAfter: busy.retryAfter)
        }
        guard matches, let user else { return try await refuse(request, name, from: origin) }
        let started = try await start(
            NewSession(user: user.id, replacing: request.replacing, origin: origin, action: "session.create")
        ) { directory in
            // What was checked has to be so still.
            guard let now = directory.users[user.id], now.canSignIn, now.passwordChanged == user.passwordChanged else {
                throw ServiceError(.notPermitted, "The account has changed meanwhile.")
            }
            return now
        }
        guard let started else { return try await refuse(request, name, from: origin) }
        throttle.withLock { $0.succeeded(name: request.name, address: origin.address) }
        return .signedIn(started)
    }

    /// Takes as long for nobody as for somebody.
    private func check(_ password: String, of user: User?) async throws -> Bool {
        let mayPass = user.map { $0.canSignIn && $0.signInMethod == .password } ?? false
        let hash = try await parts.identities.passwordHash(ofUser: user?.id ?? "")
        let fits = password.utf8.count <= PasswordRule.longestBytes
        let matches = try await parts.passwords.verify(fits ? password : "", against: mayPass ? hash : nil)
        return matches && mayPass && fits
    }

    private func refuse(
        _ request: SignInRequest,
        _ name: String,
        from origin: RequestOrigin
    ) async throws -> SignInAnswer {
        let time = parts.now()
        let until = throttle.withLock { $0.lockedUntil(name: request.name, address: origin.address, now: time) }
        try await recordRefusal(of: name, from: origin, .failure, lockedUntil: until)
        return until.map { .locked(until: Timestamp(microseconds: $0)) } ?? .refused
    }

    /// A name that nobody has is not written down: people type passwords into the field for names.
    private func recordRefusal(
        of name: String,
        from origin: RequestOrigin,
        _ outcome: AuditEntry.Outcome,
        lockedUntil until: Int64?
    ) async throws {
        let known = directory.user(named: name) != nil
        let object = known ? "user/\(name)" : "user/(unknown)"
        let act = Act("session.create", on: object, from: origin)
        let detail = until.map { "Locked until \(Timestamp(microseconds: $0))." }
        try await parts.audit.append(act.entry(at: parts.now(), outcome, detail: detail))
    }

    /// Signs somebody in who comes back from an issuer.
    ///
    /// What the issuer refuses counts as a failure of the network it comes from, for each is a question to the issuer. A
    /// browser that has begun nothing costs nothing: it is neither counted nor recorded.
    /// - Throws: `IssuerError`, and what `signIn(_:replacing:from:)` throws.
    public func signIn(
        _ callback: IssuerCallback,
        at issuer: any IdentityIssuer,
        replacing: String? = nil,
        from origin: RequestOrigin
    ) async throws -> SignedIn {
        let name = "issuer \(origin.address.map(SignInThrottle.network) ?? "")"
        let time = parts.now()
        let attempt = networkThrottle.withLock { $0.attempt(name: name, address: nil, now: time) }
        if case .locked(let until, let isFirst) = attempt {
            if isFirst { try await recordRefusal(of: "", from: origin, .denied, lockedUntil: until) }
            throw ServiceError(.notPermitted, "Too many failures; try again later.")
        }
        do {
            let identity = try await issuer.finish(callback)
            let session = try await signIn(identity, replacing: replacing, from: origin)
            networkThrottle.withLock { $0.succeeded(name: name, address: nil) }
            return session
        } catch let error as IssuerError where error.code == .refused {
            let act = Act("session.create", on: "user/(unknown)", from: origin)
            try await parts.audit.append(act.entry(at: parts.now(), .failure, detail: error.description))
            throw error
        } catch let error where !(error is ServiceError) {
            networkThrottle.withLock { $0.withdrew(name: name, address: nil) }
            throw error
        }
    }

    /// Signs somebody in whom an issuer has vouched for; the first time makes their account.
    ///
    /// An account with a password never becomes an issuer's: a name at an issuer proves nothing here.
    /// - Throws: `ServiceError` `conflict` for a name that somebody else has, `notPermitted` for somebody whose groups give
    ///   nothing here or whose account is disabled.
    public func signIn(
        _ external: ExternalIdentity,
        replacing: String? = nil,
        from origin: RequestOrigin
    ) async throws -> SignedIn {
        let id = parts.secrets.id()
        let time = parts.now()
        var request = NewSession(user: id, replacing: replacing, origin: origin, action: "session.create")
        request.isExternal = true
        if let known = directory.user(issuer: external.issuer, subject: external.subject) { request.user = known.id }
        let act = Act("session.create", on: "user/\(external.name)", from: origin)
        do {
            let started = try await start(request) { try Self.user(of: external, newID: id, at: time, in: $0) }
            guard let started else { throw ServiceError(.notPermitted, "The account cannot sign in now.") }
            return started
        } catch let error as ServiceError {
            try await record(act, error)
            throw error
        }
    }

    /// The user that an issuer's subject is, with the rights that it has now.
    private static func user(
        of external: ExternalIdentity,
        newID: String,
        at time: Int64,
        in directory: Directory
    ) throws -> User {
        let grants = Array(external.grants.prefix(User.mostGrants))
        if var user = directory.user(issuer: external.issuer, subject: external.subject) {
            user.externalGrants = grants
            guard !user.isDisabled else {
                throw ServiceError(.notPermitted, "The account is disabled.", fix: "Ask an administrator.")
            }
            return user
        }
        guard !grants.isEmpty else {
            throw ServiceError(.notPermitted, "None of your groups has a role here.", fix: "Ask an administrator.")
        }
        let name = external.name.lowercased()
        if let problem = NameRule.user.problem(name) { throw ServiceError(.badRequest, problem) }
        guard directory.user(named: name) == nil else {
            throw ServiceError(
                .conflict,
                "There is another account called \(name).",
                fix: "An administrator can rename it."
            )
        }
        guard directory.users.count < Directory.mostUsers else {
            throw ServiceError(.conflict, "There are \(Directory.mostUsers) users, and no more fit.")
        }
        let shown = NameRule.display.problem(external.displayName) == nil ? external.displayName : name
        return User(
            id: newID,
            name: name,
            displayName: shown,
            signInMethod: .external(issuer: external.issuer, subject: external.subject),
            externalGrants: grants,
            created: time
        )
    }
}
