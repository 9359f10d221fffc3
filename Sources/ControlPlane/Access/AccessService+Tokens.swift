// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl

extension AccessService {
    /// Who asks with a token; `nil` when it opens nothing, or nothing any more.
    ///
    /// Notes that it was used, once a minute.
    /// - Throws: `ServiceError` `notPermitted` for one that is for the Git repository only.
    public func principal(token secret: String) async throws -> Principal? {
        guard secret.utf8.count <= 128, secret.hasPrefix(SecretKind.token.rawValue) else { return nil }
        let directory = directory
        let time = parts.now()
        guard let token = directory.token(digest: parts.secrets.digest(secret)), token.isValid(at: time),
            let owner = directory.users[token.owner], !owner.isDisabled
        else { return nil }
        guard !token.isForGitOnly else {
            throw ServiceError(
                .notPermitted,
                "This token is for the Git repository of policies only.",
                fix: "Use one with another scope: palisade token create."
            )
        }
        if token.lastUsed.map({ time - $0 >= 60_000_000 }) ?? true {
            // When this fails only the time of last use is missing; whoever asks has not changed anything.
            try? await parts.identities.touch(sessions: [], tokens: [token.id], at: time)
        }
        return Principal(
            .token(token.id, user: owner.id),
            name: "token \(token.name) of \(owner.name)",
            access: directory.access(of: token)
        )
    }

    /// Tokens by owner and name: all for who sees all users, else one's own.
    /// - Parameter name: only those of this user.
    public func tokens(of name: String? = nil, by principal: Principal) throws -> TokenList {
        let directory = directory
        let owner = try name.map { try Self.user($0, seenBy: principal, in: directory).id }
        let seesAll = Self.seesAll(principal, in: directory)
        let shown = directory.tokens.values.filter { token in
            (seesAll || token.owner == principal.userID) && (owner == nil || token.owner == owner)
        }
        let time = parts.now()
        let items = shown.map { TokenReport($0, in: directory, now: time) }
        return TokenList(items: items.sorted { ($0.user, $0.name, $0.id) < ($1.user, $1.name, $1.id) })
    }

    /// Makes a token that may do at most what its owner may; the answer has its value, and nothing else ever.
    /// - Throws: `ServiceError` `notPermitted` (also when a token asks), `badRequest` for name, roles or days, `conflict` for
    ///   a name in use.
    public func createToken(
        _ draft: TokenDraft,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> TokenCreated {
        let secret = parts.secrets.secret(.token)
        let digest = parts.secrets.digest(secret)
        let id = parts.secrets.id()
        let time = parts.now()
        let act = Act("token.create", on: "token/\(draft.name)", by: principal, from: origin)
        try await perform(act) { directory, access in
            guard !principal.isToken else { throw ServiceError(.notPermitted, "A token cannot make tokens.") }
            let owner = try Self.owner(of: draft, principal, in: directory)
            let grants = try Self.grants(draft.grants, in: directory, ofToken: true)
            let token = AccessToken(
                id: id,
                name: draft.name,
                owner: owner.id,
                grants: grants,
                digest: digest,
                created: time,
                expires: try Self.expiry(draft.days, time)
            )
            try Self.check(token, in: directory)
            return ActEffect(
                changes: [.saveToken(token)],
                fields: [
                    .init(field: "user", before: nil, after: owner.name),
                    .init(field: "roles", before: nil, after: Self.text(grants)),
                    .init(field: "expires", before: nil, after: "\(Timestamp(microseconds: token.expires))"),
                ]
            )
        }
        guard let token = directory.tokens[id] else {
            throw ServiceError(.conflict, "The token was deleted as soon as it was made.")
        }
        return TokenCreated(token: TokenReport(token, in: directory, now: time), value: secret)
    }

    /// Changes a token's name, roles or end; its value stays.
    /// - Parameter id: the token's id, not its value.
    /// - Throws: `ServiceError` `notPermitted` (also when a token asks), `notFound`, `badRequest`, `conflict`.
    public func editToken(
        _ id: String,
        _ edit: TokenEdit,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> TokenReport {
        let act = Act("token.edit", on: tokenObject(id), by: principal, from: origin)
        let time = parts.now()
        try await perform(act) { directory, access in
            guard !principal.isToken else { throw ServiceError(.notPermitted, "A token cannot change tokens.") }
            let old = try Self.token(id, changedBy: principal, access, in: directory)
            var token = old
            token.name = edit.name ?? old.name
            if let grants = edit.grants { token.grants = try Self.grants(grants, in: directory, ofToken: true) }
            if let days = edit.days { token.expires = try Self.expiry(days, time) }
            try Self.check(token, in: directory, areGrantsNew: token.grants != old.grants)
            return ActEffect(changes: [.saveToken(token)], fields: Self.fields(old, token))
        }
        guard let token = directory.tokens[id] else {
            throw ServiceError(.conflict, "The token was deleted as soon as it was changed.")
        }
        return TokenReport(token, in: directory, now: time)
    }

    /// - Parameter id: the token's id, not its value.
    /// - Throws: `ServiceError` `notPermitted`, `notFound`.
    public func deleteToken(_ id: String, by principal: Principal, from origin: RequestOrigin) async throws {
        let act = Act("token.delete", on: tokenObject(id), by: principal, from: origin)
        try await perform(act) { directory, access in
            let token = try Self.token(id, changedBy: principal, access, in: directory)
            let owner = directory.users[token.owner]?.name
            return ActEffect(
                changes: [.removeToken(id)],
                fields: [.init(field: "user", before: owner, after: nil)]
            )
        }
    }

    /// Oneself; for others one has to administer the server.
    private static func owner(of draft: TokenDraft, _ principal: Principal, in directory: Directory) throws -> User {
        if let name = draft.user { return try user(name, changedBy: principal, in: directory) }
        guard let user = principal.userID.flatMap({ directory.users[$0] }) else {
            throw ServiceError(.badRequest, "A token belongs to a user.", fix: "Name the user: --user NAME.")
        }
        return user
    }

    /// As the audit log names it.
    private func tokenObject(_ id: String) -> String { "token/\(directory.tokens[id]?.name ?? id)" }

    /// One's own; for others' one has to administer the server.
    private static func token(
        _ id: String,
        changedBy principal: Principal,
        _ access: Access,
        in directory: Directory
    ) throws -> AccessToken {
        guard let token = directory.tokens[id] else {
            // Others' tokens and none look the same.
            if !access.allows(.administer, in: .server) { throw ServiceError(.notPermitted, "You may not do this.") }
            throw ServiceError(.notFound, "There is no such token.", fix: "palisade token list shows all.")
        }
        if principal.userID != token.owner || principal.isToken { try access.require(.administer) }
        return token
    }

    private static func fields(_ old: AccessToken, _ new: AccessToken) -> [AuditEntry.Change] {
        let pairs: [(String, String, String)] = [
            ("name", old.name, new.name), ("roles", text(old.grants), text(new.grants)),
            ("expires", "\(Timestamp(microseconds: old.expires))", "\(Timestamp(microseconds: new.expires))"),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { .init(field: $0.0, before: $0.1, after: $0.2) }
    }

    private static func expiry(_ days: Int?, _ time: Int64) throws -> Int64 {
        guard let expires = AccessToken.expiry(days: days ?? AccessToken.defaultDays, now: time) else {
            throw ServiceError(.badRequest, "A token is valid for 1 to \(AccessToken.mostDays) days.")
        }
        return expires
    }

    /// - Parameter areGrantsNew: roles that somebody has lost since do not keep their token from being renamed.
    private static func check(_ token: AccessToken, in directory: Directory, areGrantsNew: Bool = true) throws {
        try check(token.name, .token)
        guard !token.grants.isEmpty else {
            throw ServiceError(.badRequest, "A token needs a role.", fix: "Name one, and where: --role Viewer.")
        }
        guard !areGrantsNew || directory.isCovered(token.grants, byUser: token.owner) else {
            throw ServiceError(.badRequest, "A token cannot do more than its owner.", fix: "Name a smaller role.")
        }
        let others = directory.tokens.values.filter { $0.owner == token.owner && $0.id != token.id }
        guard !others.contains(where: { $0.name == token.name }) else {
            throw ServiceError(.conflict, "There is a token \(token.name) already.")
        }
        guard others.count < AccessToken.mostPerUser else {
            throw ServiceError(.conflict, "Nobody can have more than \(AccessToken.mostPerUser) tokens.")
        }
    }
}
