// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl

/// A session to be started.
struct NewSession: Sendable {
    /// A user's id.
    var user: String
    var replacing: String?
    var origin: RequestOrigin
    var action: String
    /// The issuer says what the user may do, be it the last administrator.
    var isExternal = false
}

extension AccessService {
    /// Starts a session of the user that `decide` gives, who is saved with it.
    /// - Returns: `nil` when `decide` finds that they may not sign in.
    func start(
        _ new: NewSession,
        extra: @escaping @Sendable (Directory) throws -> [IdentityChange] = { _ in [] },
        _ decide: @escaping @Sendable (Directory) throws -> User
    ) async throws -> SignedIn? {
        let secret = parts.secrets.secret(.session)
        let time = parts.now()
        let replaced = new.replacing.map(parts.secrets.digest)
        let session = Session(
            id: parts.secrets.digest(secret),
            user: new.user,
            created: time,
            lastSeen: time,
            expires: time + Session.longest,
            address: new.origin.address,
            client: new.origin.client.map { String($0.prefix(AuditEntry.longestClient)) }
        )
        do {
            try await parts.identities.edit { directory in
                var user = try decide(directory)
                user.lastSignIn = time
                var session = session
                session.user = user.id
                var act = Act(new.action, on: "user/\(user.name)", actor: user.name, from: new.origin)
                act.mayEndAdministration = new.isExternal
                let changes =
                    try extra(directory) + [.saveUser(user)]
                    + Self.ended(by: session, replacing: replaced, in: directory) + [.saveSession(session)]
                return IdentityEdit(try Self.completed(changes, act, directory), records: [act.entry(at: time)])
            }
        } catch let error as ServiceError where error.code == .notPermitted && !new.isExternal {
            // Whoever asked answers it like a wrong password, and records it so.
            return nil
        }
        guard let current = current(secret) else { return nil }
        return SignedIn(secret: secret, session: current)
    }

    /// Sessions that a new one ends: those that are over, the one it replaces, and the user's oldest when there are many.
    private static func ended(
        by new: Session,
        replacing replaced: String?,
        in directory: Directory
    ) throws -> [IdentityChange] {
        let over = directory.sessions.values.filter { !$0.isValid(at: new.created) || $0.id == replaced }.map(\.id)
        let gone = Set(over)
        let others = directory.sessions.values.filter { $0.user == new.user && !gone.contains($0.id) }
        let oldest = others.sorted { $0.lastSeen < $1.lastSeen }.prefix(max(0, others.count - Session.mostPerUser + 1))
        guard directory.sessions.count - gone.count < Directory.mostSessions else {
            throw ServiceError(.failed, "Too many people are signed in.", fix: "Try again later.")
        }
        return (over + oldest.map(\.id)).map { .removeSession($0) }
    }

    /// Whose session the secret opens; `nil` when it opens none, or none any more.
    ///
    /// Notes that it was used, once a minute.
    public func session(_ secret: String) async -> CurrentSession? {
        guard let current = current(secret), let session = directory.sessions[current.id] else { return nil }
        let time = parts.now()
        if time - session.lastSeen >= 60_000_000 {
            // When this fails the session only ends sooner; whoever asks has not changed anything.
            try? await parts.identities.touch(sessions: [session.id], tokens: [], at: time)
        }
        return current
    }

    /// Who has the session, without noting that it was used: for answers that go on by themselves.
    public func holder(ofSession secret: String) async -> Principal? { current(secret)?.principal }

    /// Who asks with a session.
    public func principal(session secret: String) async -> Principal? { await session(secret)?.principal }

    func current(_ secret: String) -> CurrentSession? {
        guard secret.utf8.count <= 128 else { return nil }
        let directory = directory
        guard let session = directory.sessions[parts.secrets.digest(secret)], session.isValid(at: parts.now()),
            let user = directory.users[session.user], user.canSignIn
        else { return nil }
        return CurrentSession(
            id: session.id,
            principal: Principal(.user(user.id), name: user.name, access: directory.access(ofUser: user.id)),
            csrf: parts.secrets.digest("csrf:" + secret),
            expires: Timestamp(microseconds: session.expires),
            isRotationDue: session.isRotationDue
        )
    }

    /// Gives a session a new secret; the old one opens it for 30 seconds more, for requests that are on their way.
    /// - Returns: `nil` when the secret opens nothing or is not due.
    public func rotate(_ secret: String, from origin: RequestOrigin) async throws -> SignedIn? {
        guard let current = current(secret), current.isRotationDue else { return nil }
        let fresh = parts.secrets.secret(.session)
        let digest = parts.secrets.digest(fresh)
        let time = parts.now()
        let act = Act("session.rotate", on: "user/\(current.principal.name)", by: current.principal, from: origin)
        do {
            try await perform(act) { directory, _ in
                guard var old = directory.sessions[current.id], old.isRotationDue else { throw RotatedAlready() }
                let new = Session(
                    id: digest,
                    user: old.user,
                    created: old.created,
                    lastSeen: time,
                    expires: old.expires,
                    address: old.address,
                    client: old.client
                )
                old.expires = min(old.expires, time + Session.rotationGrace)
                old.isRotationDue = false
                return ActEffect(changes: [.saveSession(old), .saveSession(new)])
            }
        } catch is RotatedAlready {
            // Another request of the same browser was faster, and its answer carries the new secret.
            return nil
        }
        return self.current(fresh).map { SignedIn(secret: fresh, session: $0) }
    }

    /// Ends the session; without effect when it has ended already.
    public func signOut(_ secret: String, from origin: RequestOrigin) async throws {
        guard let current = current(secret) else { return }
        let act = Act("session.end", on: "user/\(current.principal.name)", by: current.principal, from: origin)
        try await perform(act) { _, _ in ActEffect(changes: [.removeSession(current.id)]) }
    }

    /// Sessions that are not over, of the user, newest first.
    /// - Parameter current: the id of the session that asks, to be marked.
    /// - Throws: `ServiceError` `notPermitted` for somebody else's, unless the principal administers the server.
    public func sessions(of name: String, by principal: Principal, current: String? = nil) throws -> SessionList {
        let directory = directory
        let user = try Self.user(name, seenBy: principal, in: directory)
        let time = parts.now()
        let sessions = directory.sessions.values.filter { $0.user == user.id && $0.isValid(at: time) }
        let items = sessions.sorted { $0.created > $1.created }.map { SessionReport($0, isCurrent: $0.id == current) }
        return SessionList(user: name, items: items)
    }

    /// Ends one session of a user, or all of them.
    /// - Parameter id: `nil` is all.
    /// - Throws: `ServiceError` `notPermitted`, `notFound`.
    public func endSessions(
        of name: String,
        id: String? = nil,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws {
        let act = Act("session.revoke", on: "user/\(name)", by: principal, from: origin)
        try await perform(act) { directory, _ in
            let user = try Self.user(name, changedBy: principal, in: directory)
            let ids = directory.sessions.values.filter { $0.user == user.id && (id == nil || $0.id == id) }.map(\.id)
            guard id == nil || !ids.isEmpty else { throw ServiceError(.notFound, "There is no such session.") }
            return ActEffect(changes: ids.map { .removeSession($0) }, detail: "\(ids.count) sessions ended.")
        }
    }
}

/// Two requests with one secret came at the same time.
private struct RotatedAlready: Error {}
