// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Everybody who is known, with what they were given, at one moment: an immutable world for one request.
public struct Directory: Hashable, Sendable {
    /// Grows with every change.
    public var revision: UInt64
    /// By id.
    public private(set) var users: [String: User] = [:]
    /// By path.
    public private(set) var groups: [String: Group] = [:]
    /// By id.
    public private(set) var tokens: [String: AccessToken] = [:]
    /// By id, the digest of the secret.
    public private(set) var sessions: [String: Session] = [:]
    /// The digest of the secret in the link for the first administrator.
    public private(set) var setupLink: String?

    private var userIDs: [String: String] = [:]
    private var tokenIDs: [String: String] = [:]
    /// Paths of groups by member.
    private var memberships: [String: Set<String>] = [:]

    public static let mostUsers = 10_000
    public static let mostGroups = 2000
    public static let mostSessions = 10_000

    public init(revision: UInt64 = 0) { self.revision = revision }

    /// Applies a change; applying it twice is the same as once.
    public mutating func apply(_ change: IdentityChange) {
        switch change {
        case .saveUser(let user):
            if let old = users[user.id] { userIDs[old.name] = nil }
            users[user.id] = user
            userIDs[user.name] = user.id
        case .removeUser(let id): remove(user: id)
        case .setPassword: break
        case .saveGroup(let group): replace(group.path, with: group)
        case .removeGroup(let path): replace(path, with: nil)
        case .saveToken(let token):
            if let old = tokens[token.id] { tokenIDs[old.digest] = nil }
            tokens[token.id] = token
            tokenIDs[token.digest] = token.id
        case .removeToken(let id):
            if let old = tokens.removeValue(forKey: id) { tokenIDs[old.digest] = nil }
        case .saveSession(let session): sessions[session.id] = session
        case .removeSession(let id): sessions[id] = nil
        case .setSetupLink(let digest): setupLink = digest
        }
    }

    private mutating func replace(_ path: String, with group: Group?) {
        for member in groups[path]?.members ?? [] { memberships[member.user]?.remove(path) }
        groups[path] = group
        for member in group?.members ?? [] { memberships[member.user, default: []].insert(path) }
    }

    /// Nothing that belongs to a user outlives them.
    private mutating func remove(user id: String) {
        guard let user = users.removeValue(forKey: id) else { return }
        userIDs[user.name] = nil
        for token in tokens.values where token.owner == id { apply(.removeToken(token.id)) }
        for session in sessions.values where session.user == id { sessions[session.id] = nil }
        for path in memberships.removeValue(forKey: id) ?? [] { groups[path]?.members.removeAll { $0.user == id } }
    }

    public func user(named name: String) -> User? { userIDs[name].flatMap { users[$0] } }

    public func user(issuer: String, subject: String) -> User? {
        users.values.first { $0.signInMethod == .external(issuer: issuer, subject: subject) }
    }

    public func token(digest: String) -> AccessToken? { tokenIDs[digest].flatMap { tokens[$0] } }

    /// The environments of a group and of all groups inside it; none for a group that is gone.
    public func environments(ofGroup path: String) -> Set<String> {
        guard groups[path] != nil else { return [] }
        return Set(groups.values.lazy.filter { $0.isInside(path) }.flatMap(\.environments))
    }

    /// Everything that a user was given: here, by the issuer, and as a member of groups; nothing when they are disabled.
    public func grants(ofUser id: String) -> [Grant] {
        guard let user = users[id], !user.isDisabled else { return [] }
        let ofGroups = roles(ofUser: id).map { Grant($0.role, on: .group($0.group)) }
        return user.grants + user.externalGrants + ofGroups
    }

    /// The groups that a user is a member of, by path, with the role there.
    public func roles(ofUser id: String) -> [(group: String, role: Role)] {
        (memberships[id] ?? []).sorted().compactMap { path in
            groups[path]?.members.first { $0.user == id }.map { (path, $0.role) }
        }
    }

    public func access(ofUser id: String) -> Access { access(grants(ofUser: id)) }

    /// What a token may do: what it was given, and no more than its owner may do now.
    public func access(of token: AccessToken) -> Access {
        access(ofUser: token.owner).intersection(access(token.grants))
    }

    /// Whether a token with these grants would be given no more than its owner has.
    public func isCovered(_ grants: [Grant], byUser id: String) -> Bool {
        let owner = access(ofUser: id)
        let throughGit = grants.filter { $0.scope == .git }
        return access(grants).isContained(in: owner)
            && throughGit.allSatisfy { $0.role.permissions.isSubset(of: owner.permissionsSomewhere) }
    }

    public func access(_ grants: [Grant]) -> Access {
        Access(grants, environmentsOfGroup: environments(ofGroup:))
    }

    /// Users who can sign in and may administer the server, by id.
    public var administrators: Set<String> {
        let able = users.values.filter { user in
            user.canSignIn
                && (user.grants + user.externalGrants).contains {
                    $0.scope == .everywhere && $0.role.permissions.contains(.administer)
                }
        }
        return Set(able.map(\.id))
    }
}
