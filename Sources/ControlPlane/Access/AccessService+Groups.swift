// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ChangeControl

extension AccessService {
    /// Groups by path: all for who sees all users, else those that who asks is a member of.
    public func groups(by principal: Principal) -> GroupList {
        let directory = directory
        let all = directory.groups.values.sorted { $0.path < $1.path }
        if Self.seesAll(principal, in: directory) {
            return GroupList(items: all.map { GroupReport($0, in: directory) })
        }
        guard let id = principal.userID else { return GroupList(items: []) }
        let own = all.filter { $0.members.contains { $0.user == id } }
        return GroupList(items: own.map { GroupReport($0, in: directory, onlyMember: id) })
    }

    /// - Throws: `ServiceError` `notPermitted` for a group that is not shown, whether it exists or not; `notFound`.
    public func group(_ path: String, by principal: Principal) throws -> GroupReport {
        if let group = groups(by: principal).items.first(where: { $0.path == path }) { return group }
        guard Self.seesAll(principal, in: directory) else { throw ServiceError(.notPermitted, "You may not see this.") }
        throw Self.noGroup(path)
    }

    /// The environments of a group and of all groups inside it; none for a group that is gone.
    public func environments(ofGroup path: String) -> Set<String> { directory.environments(ofGroup: path) }

    /// - Throws: `ServiceError` `notPermitted`, `badRequest` for path, environments or members, `conflict` for a path in use.
    public func createGroup(
        _ draft: GroupDraft,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> GroupReport {
        let act = Act("group.create", on: "group/\(draft.path)", by: principal, from: origin)
        let time = parts.now()
        try await perform(act) { directory, access in
            try access.require(.administer)
            try Self.check(draft.path, .groupPath)
            guard directory.groups[draft.path] == nil else {
                throw ServiceError(.conflict, "There is a group \(draft.path) already.")
            }
            guard directory.groups.count < Directory.mostGroups else {
                throw ServiceError(.conflict, "There are \(Directory.mostGroups) groups, and no more fit.")
            }
            var group = Group(path: draft.path, created: time)
            if let parent = group.parent, directory.groups[parent] == nil { throw Self.noGroup(parent) }
            let before = group
            let edit = GroupEdit(title: draft.title, environments: draft.environments, members: draft.members)
            try Self.apply(edit, to: &group, in: directory)
            return ActEffect(changes: [.saveGroup(group)], fields: Self.fields(before, group, in: directory))
        }
        return try group(draft.path, by: principal)
    }

    /// - Throws: `ServiceError` `notPermitted`, `notFound`, `badRequest`.
    public func editGroup(
        _ path: String,
        _ edit: GroupEdit,
        by principal: Principal,
        from origin: RequestOrigin
    ) async throws -> GroupReport {
        let act = Act("group.edit", on: "group/\(path)", by: principal, from: origin)
        try await perform(act) { directory, access in
            try access.require(.administer)
            guard let old = directory.groups[path] else { throw Self.noGroup(path) }
            var group = old
            try Self.apply(edit, to: &group, in: directory)
            return ActEffect(changes: [.saveGroup(group)], fields: Self.fields(old, group, in: directory))
        }
        return try group(path, by: principal)
    }

    /// Removes a group, and with it every role that was given on it: another of the same path gives nobody anything.
    /// - Throws: `ServiceError` `notPermitted`, `notFound`, `conflict` while other groups lie in it.
    public func deleteGroup(_ path: String, by principal: Principal, from origin: RequestOrigin) async throws {
        let act = Act("group.delete", on: "group/\(path)", by: principal, from: origin)
        try await perform(act) { directory, access in
            try access.require(.administer)
            guard let group = directory.groups[path] else { throw Self.noGroup(path) }
            if let inside = directory.groups.keys.sorted().first(where: { $0.hasPrefix(path + "/") }) {
                throw ServiceError(.conflict, "\(inside) lies in the group.", fix: "Delete it first.")
            }
            var changes: [IdentityChange] = [.removeGroup(path)]
            for var user in directory.users.values where Self.remove(path, from: &user.grants, &user.externalGrants) {
                changes.append(.saveUser(user))
            }
            for var token in directory.tokens.values {
                var none: [Grant] = []
                if Self.remove(path, from: &token.grants, &none) { changes.append(.saveToken(token)) }
            }
            var empty = group
            empty.title = ""
            empty.environments = []
            empty.members = []
            return ActEffect(changes: changes, fields: Self.fields(group, empty, in: directory))
        }
    }

    /// - Returns: whether there was anything to remove.
    private static func remove(_ path: String, from grants: inout [Grant], _ others: inout [Grant]) -> Bool {
        let count = grants.count + others.count
        grants.removeAll { $0.scope == .group(path) }
        others.removeAll { $0.scope == .group(path) }
        return grants.count + others.count < count
    }

    private static func noGroup(_ path: String) -> ServiceError {
        ServiceError(.notFound, "There is no group \(path).", fix: "palisade group list shows all.")
    }

    private static func apply(_ edit: GroupEdit, to group: inout Group, in directory: Directory) throws {
        if let title = edit.title {
            if !title.isEmpty { try check(title, .display) }
            group.title = title
        }
        if let environments = edit.environments {
            for name in environments where Scope("environment/\(name)") == nil {
                throw ServiceError(.badRequest, "An environment's name has only letters, digits, . _ and -.")
            }
            group.environments = Set(environments).sorted()
        }
        if let members = edit.members {
            var kept: [String: Group.Member] = [:]
            for member in members {
                guard let user = directory.user(named: member.user) else {
                    throw ServiceError(.badRequest, "There is no user \(member.user).")
                }
                guard kept.updateValue(Group.Member(user: user.id, role: member.role), forKey: user.id) == nil else {
                    throw ServiceError(.badRequest, "\(member.user) is named twice.")
                }
            }
            group.members = kept.values.sorted { $0.user < $1.user }
        }
        guard group.environments.count <= Group.mostEnvironments, group.members.count <= Group.mostMembers else {
            throw ServiceError(
                .badRequest,
                "A group has at most \(Group.mostEnvironments) environments and \(Group.mostMembers) members."
            )
        }
    }

    private static func fields(_ old: Group, _ new: Group, in directory: Directory) -> [AuditEntry.Change] {
        func members(_ group: Group) -> String {
            group.members.map { "\(directory.users[$0.user]?.name ?? $0.user): \($0.role.title)" }.sorted()
                .joined(separator: ", ")
        }
        let pairs = [
            ("title", old.title, new.title),
            ("environments", old.environments.joined(separator: ", "), new.environments.joined(separator: ", ")),
            ("members", members(old), members(new)),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { .init(field: $0.0, before: $0.1, after: $0.2) }
    }
}
