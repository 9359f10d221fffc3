// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl

extension AccessService {
    public func roles() -> RoleList { RoleList() }

    /// Users by name: all for who administers the server or reads the whole audit log, else only who asks.
    public func users(by principal: Principal) -> UserList {
        let directory = directory
        let counts = UserReport.Counts(directory, now: parts.now())
        let seesAll = Self.seesAll(principal, in: directory)
        let shown = directory.users.values.filter { seesAll || $0.id == principal.userID }
        return UserList(items: shown.sorted { $0.name < $1.name }.map { UserReport($0, in: directory, counts) })
    }

    /// - Throws: `ServiceError` `notPermitted` for anybody else's, whether they exist or not; `notFound` for who sees all.
    public func user(_ name: String, by principal: Principal) throws -> UserReport {
        let directory = directory
        let user = try Self.user(name, seenBy: principal, in: directory)
        return UserReport(user, in: directory, UserReport.Counts(directory, now: parts.now()))
    }

    /// - Throws: `ServiceError` `notPermitted`, `badRequest` for name, password or roles, `conflict` for a name in use.
    public func createUser(
        _ draft: UserDraft,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> UserReport {
        let act = Act("user.create", on: "user/\(draft.name)", by: principal, from: origin)
        let hash = try await newHash(draft.password, user: draft.name, act)
        let id = parts.secrets.id()
        let time = parts.now()
        try await perform(act) { directory, access in
            try access.require(.administer)
            try Self.check(draft.name, .user)
            try Self.check(draft.displayName ?? draft.name, .display)
            try Self.checkFree(draft.name, in: directory)
            guard directory.users.count < Directory.mostUsers else {
                throw ServiceError(.conflict, "There are \(Directory.mostUsers) users, and no more fit.")
            }
            let grants = try Self.grants(draft.grants, in: directory)
            let user = User(
                id: id,
                name: draft.name,
                displayName: draft.displayName ?? draft.name,
                signInMethod: hash == nil ? .none : .password,
                grants: grants,
                created: time,
                passwordChanged: hash == nil ? nil : time
            )
            return ActEffect(
                changes: [.saveUser(user), .setPassword(user: id, hash: hash)],
                fields: [.init(field: "roles", before: nil, after: Self.text(grants))]
            )
        }
        return try user(draft.name, by: principal)
    }

    /// Changes a user's names, roles, or whether they may sign in.
    ///
    /// Who is disabled loses their sessions; their tokens open nothing while they are.
    /// - Throws: `ServiceError` `notPermitted`, `notFound`, `badRequest`, `conflict` for the last administrator or a name in
    ///   use.
    public func editUser(
        _ name: String,
        _ edit: UserEdit,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> UserReport {
        let act = Act("user.edit", on: "user/\(name)", by: principal, from: origin)
        let time = parts.now()
        try await perform(act) { directory, access in
            try access.require(.administer)
            let old = try Self.user(name, changedBy: principal, in: directory)
            var user = old
            if let newName = edit.name, newName != name {
                try Self.check(newName, .user)
                try Self.checkFree(newName, in: directory)
                user.name = newName
                user.renamed = time
            }
            if let displayName = edit.displayName {
                try Self.check(displayName, .display)
                user.displayName = displayName
            }
            if let grants = edit.grants { user.grants = try Self.grants(grants, in: directory) }
            user.isDisabled = edit.isDisabled ?? user.isDisabled
            var changes: [IdentityChange] = [.saveUser(user)]
            if user.isDisabled {
                let sessions = directory.sessions.values.filter { $0.user == user.id }
                changes += sessions.map { .removeSession($0.id) }
            }
            return ActEffect(changes: changes, fields: Self.fields(old, user))
        }
        return try user(edit.name ?? name, by: principal)
    }

    /// Removes a user with their sessions, tokens and memberships.
    /// - Throws: `ServiceError` `notPermitted`, `notFound`, `conflict` for the last administrator.
    public func deleteUser(_ name: String, by principal: Principal, from origin: RequestOrigin) async throws {
        let act = Act("user.delete", on: "user/\(name)", by: principal, from: origin)
        try await perform(act) { directory, access in
            try access.require(.administer)
            let user = try Self.user(name, changedBy: principal, in: directory)
            let roles = Self.text(directory.grants(ofUser: user.id))
            return ActEffect(
                changes: [.removeUser(user.id)],
                fields: [.init(field: "roles", before: roles, after: nil)]
            )
        }
    }

    private static func fields(_ old: User, _ new: User) -> [AuditEntry.Change] {
        let pairs: [(String, String, String)] = [
            ("name", old.name, new.name), ("displayName", old.displayName, new.displayName),
            ("disabled", "\(old.isDisabled)", "\(new.isDisabled)"), ("roles", text(old.grants), text(new.grants)),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { .init(field: $0.0, before: $0.1, after: $0.2) }
    }
}
