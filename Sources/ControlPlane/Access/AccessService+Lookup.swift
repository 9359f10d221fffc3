// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl

extension AccessService {
    /// Whether the principal sees everybody.
    static func seesAll(_ principal: Principal, in directory: Directory) -> Bool {
        let access = access(of: principal, in: directory)
        return access.allows(.administer, in: .server) || access.allows(.readAuditLog, in: .server)
    }

    static func sees(_ user: User, _ principal: Principal, in directory: Directory) -> Bool {
        principal.userID == user.id || seesAll(principal, in: directory)
    }

    /// - Throws: `ServiceError` `notPermitted` for anybody else's, whether they exist or not; `notFound` for who sees all.
    static func user(_ name: String, seenBy principal: Principal, in directory: Directory) throws -> User {
        guard let user = directory.user(named: name) else {
            guard seesAll(principal, in: directory) else { throw ServiceError(.notPermitted, "You may not see this.") }
            throw ServiceError(.notFound, "There is no such user.", fix: "palisade user list shows all.")
        }
        guard sees(user, principal, in: directory) else { throw ServiceError(.notPermitted, "You may not see this.") }
        return user
    }

    /// Who administers the server changes everybody; everybody else themselves, in person and not with a token.
    static func user(_ name: String, changedBy principal: Principal, in directory: Directory) throws -> User {
        let access = access(of: principal, in: directory)
        guard let user = directory.user(named: name) else {
            try access.require(.administer)
            throw ServiceError(.notFound, "There is no such user.", fix: "palisade user list shows all.")
        }
        if principal.userID != user.id || principal.isToken { try access.require(.administer) }
        return user
    }

    static func check(_ name: String, _ rule: NameRule) throws {
        if let problem = rule.problem(name) { throw ServiceError(.badRequest, problem) }
    }

    static func checkFree(_ name: String, in directory: Directory) throws {
        guard directory.user(named: name) == nil else {
            throw ServiceError(.conflict, "There is a user \(name) already.")
        }
    }

    /// Reads grants; those on groups must be on groups that exist, and only tokens have some on Git.
    static func grants(
        _ reports: [GrantReport],
        in directory: Directory,
        ofToken: Bool = false
    ) throws -> [Grant] {
        guard reports.count <= User.mostGrants else {
            throw ServiceError(.badRequest, "Nobody can have more than \(User.mostGrants) roles.")
        }
        var grants: [Grant] = []
        for report in reports {
            let grant = try report.grant()
            if case .group(let path) = grant.scope, directory.groups[path] == nil {
                throw ServiceError(.badRequest, "There is no group \(path).", fix: "palisade group list shows all.")
            }
            guard ofToken || grant.scope != .git else {
                throw ServiceError(
                    .badRequest,
                    "Only tokens have the scope git.",
                    fix: "Write everywhere, group/PATH, environment/NAME or namespace/ENVIRONMENT/NAMESPACE."
                )
            }
            if !grants.contains(grant) { grants.append(grant) }
        }
        return grants
    }

    static func text(_ grants: [Grant]) -> String { grants.map(\.description).joined(separator: ", ") }
}
