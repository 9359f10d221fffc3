// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What somebody may do, as one word that is granted on a place.
///
/// A role is the set of its permissions; roles of several grants add up.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    /// Sees flows, policies and statistics.
    case viewer
    /// Also writes policies and triages alerts.
    case author
    /// Also approves what others wrote.
    case approver
    /// Sees, writes, deploys, rolls back and changes modes.
    case `operator`
    /// Everything.
    case admin
    /// Sees everything, the audit log included, and changes nothing.
    case auditor

    /// As the console and the CLI write it: `Viewer`.
    public var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    public var permissions: Set<Permission> {
        switch self {
        case .viewer: [.viewTraffic]
        case .author: [.viewTraffic, .proposeChanges, .triageAlerts]
        case .approver: [.viewTraffic, .proposeChanges, .approveChanges, .triageAlerts]
        case .operator: [.viewTraffic, .proposeChanges, .deploy, .triageAlerts]
        case .admin: Set(Permission.allCases)
        case .auditor: [.viewTraffic, .readAuditLog]
        }
    }
}

/// One thing that somebody may do.
public enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
    /// See flows, policies, statistics, the map, and ask for explanations.
    case viewTraffic = "traffic.view"
    /// Write policies: save them where an environment takes them directly, propose them where changes are reviewed.
    case proposeChanges = "changes.propose"
    case approveChanges = "changes.approve"
    /// Deploy, roll back, change modes, take an environment down.
    case deploy = "environment.operate"
    case triageAlerts = "alerts.triage"
    /// Environments, forwarding, repositories, users, groups, other people's tokens, settings.
    case administer = "server.administer"
    /// The whole audit log; without it people see their own entries.
    case readAuditLog = "audit.read"
}
