// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Where policies are enforced and where they are only evaluated: the environment's mode, narrowed by exceptions.
///
/// The narrowest setting wins: policy, then namespace, then environment. For one policy the setting made here wins over
/// the one that the object itself carries.
public struct ModeSettings: Hashable, Sendable {
    public var environment: Mode
    /// By namespace of the subject.
    public var namespaces: [String: Mode]
    public var policies: [PolicyID: Mode]

    public init(environment: Mode = .audit, namespaces: [String: Mode] = [:], policies: [PolicyID: Mode] = [:]) {
        self.environment = environment
        self.namespaces = namespaces
        self.policies = policies
    }

    /// The mode in which `policy` acts on endpoints of `namespace`.
    public func mode(of policy: Policy, inNamespace namespace: String) -> Mode {
        policies[policy.id] ?? policy.mode ?? namespaces[namespace] ?? environment
    }

    /// Whether nothing at all can be enforced while the policies are `policies`.
    public func isAuditOnly(for policies: some Sequence<Policy>) -> Bool {
        environment == .audit && !namespaces.values.contains(.blocking)
            && !policies.contains { (self.policies[$0.id] ?? $0.mode) == .blocking }
    }
}
