// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// A role on a place, as it is written in requests and answers.
public struct GrantReport: Hashable, Sendable, Codable {
    public var role: Role
    /// `everywhere`, `group/platform/edge`, `environment/production`, `namespace/production/shop`; of tokens also `git`.
    public var scope: String

    public init(role: Role, scope: String) {
        self.role = role
        self.scope = scope
    }

    public init(_ grant: Grant) {
        role = grant.role
        scope = grant.scope.description
    }

    /// - Throws: `ServiceError` `badRequest` for a scope that cannot be read.
    func grant() throws -> Grant {
        guard let scope = Scope(scope) else {
            throw ServiceError(
                .badRequest,
                "The scope of a role cannot be read.",
                fix: "Write everywhere, group/PATH, environment/NAME or namespace/ENVIRONMENT/NAMESPACE."
            )
        }
        return Grant(role, on: scope)
    }
}

/// Roles and what each may do.
public struct RoleList: Hashable, Sendable, Codable {
    public struct Item: Hashable, Sendable, Codable {
        public var role: Role
        /// `Viewer`.
        public var title: String
        /// One sentence.
        public var summary: String
        public var permissions: [Permission]
    }

    /// One row of the matrix.
    public struct Row: Hashable, Sendable, Codable {
        public var permission: Permission
        /// `See flows, policies, statistics`.
        public var title: String
        /// By role: `yes`, `no`, or for the audit log `own`.
        public var roles: [String: String]
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "RoleList"
    public var items: [Item]
    public var rows: [Row]

    public init() {
        items = Role.allCases.map { role in
            let permissions = Permission.allCases.filter(role.permissions.contains)
            return Item(role: role, title: role.title, summary: role.summary, permissions: permissions)
        }
        rows = Permission.allCases.map { permission in
            let words = Role.allCases.map { role in
                let without = permission == .readAuditLog ? "own" : "no"
                return (role.rawValue, role.permissions.contains(permission) ? "yes" : without)
            }
            return Row(permission: permission, title: permission.title, roles: Dictionary(uniqueKeysWithValues: words))
        }
    }
}

extension Role {
    /// One sentence for a person who chooses.
    public var summary: String {
        switch self {
        case .viewer: "Sees flows, policies and statistics."
        case .author: "Sees everything, writes policies and triages alerts."
        case .approver: "Writes policies, and approves what others wrote."
        case .operator: "Writes and deploys policies, rolls back, changes modes."
        case .admin: "Everything, users and settings included."
        case .auditor: "Sees everything, the audit log included, and changes nothing."
        }
    }
}

extension Permission {
    /// As the matrix of roles writes it.
    public var title: String {
        switch self {
        case .viewTraffic: "See flows, policies, statistics"
        case .proposeChanges: "Propose changes"
        case .approveChanges: "Approve changes of others"
        case .deploy: "Deploy, roll back, change mode"
        case .triageAlerts: "Triage alerts"
        case .administer: "Environments, forwarding, Git, users"
        case .readAuditLog: "Audit log"
        }
    }
}
