// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives

/// Reads and names the part of an environment that a mode is set for.
enum ModeScope {
    /// - Throws: a usage failure for what is no scope.
    static func scope(_ text: String?) throws -> ModeChange.Scope {
        guard let text else { return .environment }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let rest = parts.dropFirst().joined(separator: "/")
        guard parts.count <= 3, !parts.contains("") else { throw wrong(text) }
        switch (parts[0], parts.count) {
        case (_, 1): return .namespace(text)
        case ("ns", 2), ("namespace", 2): return .namespace(rest)
        case ("policy", 2...3): return .policy(rest)
        case (_, 2): return .policy(text)
        default: throw wrong(text)
        }
    }

    private static func wrong(_ text: String) -> CommandFailure {
        CommandFailure(
            .usage,
            "--scope \"\(Escaping.terminal(text))\" is not NAMESPACE, NAMESPACE/POLICY or policy/NAME."
        )
    }

    /// What has to be typed; `nil` for the environment, whose name the server knows.
    static func name(_ scope: ModeChange.Scope) -> String? {
        switch scope {
        case .environment: nil
        case .namespace(let name), .policy(let name): name
        }
    }

    /// The mode that was set for exactly this scope, else the environment's.
    static func mode(of scope: ModeChange.Scope, in report: ModeReport) -> Mode {
        switch scope {
        case .environment: report.mode
        case .namespace(let name): report.namespaces[name] ?? report.mode
        case .policy(let name): report.policies[name] ?? report.mode
        }
    }

    /// The mode that applies without a setting for exactly this scope, as far as the report knows.
    static func inheritedMode(of scope: ModeChange.Scope, in report: ModeReport) -> Mode {
        guard case .policy(let name) = scope, let namespace = name.split(separator: "/").first, name.contains("/")
        else {
            return report.mode
        }
        return report.namespaces[String(namespace)] ?? report.mode
    }

    /// Whether whatever denies a flow has a mode of its own, audit, that a change of the scope does not touch.
    static func staysInAudit(
        _ decision: FlowItem.Decision,
        _ scope: ModeChange.Scope,
        _ report: ModeReport
    ) -> Bool {
        if case .policy = scope { return false }
        let denying = decision.policy.map { [$0] } ?? decision.isolatedBy
        return !denying.isEmpty && denying.allSatisfy { report.policies[$0] == .audit }
    }

    /// The flows that a change of the scope's mode is about, as a further filter term.
    static func filter(_ scope: ModeChange.Scope) -> String {
        switch scope {
        case .environment: ""
        case .namespace(let name): " ns:\"\(name)\""
        case .policy(let name): " policy:\"\(name)\""
        }
    }
}
