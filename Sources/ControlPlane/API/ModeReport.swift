// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Which mode is wanted where, and whether it is in effect.
public struct ModeReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Mode"
    public var environment: String
    /// The environment's own mode.
    public var mode: Mode
    /// By namespace, where it differs from the environment's or was set explicitly.
    public var namespaces: [String: Mode]
    /// By policy (`namespace/name`), from settings and from the policies' own annotations.
    public var policies: [String: Mode]
    /// Whether the kernel holds rules made with these modes; `nil` before the first look at the kernel.
    @OrNull public var observed: Bool?

    public init(
        environment: String,
        mode: Mode,
        namespaces: [String: Mode] = [:],
        policies: [String: Mode] = [:],
        observed: Bool? = nil
    ) {
        self.environment = environment
        self.mode = mode
        self.namespaces = namespaces
        self.policies = policies
        self.observed = observed
    }
}

/// A request to set the mode of the environment, a namespace or a policy.
public struct ModeChange: Hashable, Sendable, Codable {
    public enum Scope: Hashable, Sendable, Codable {
        case environment
        case namespace(String)
        /// `namespace/name`, or the name of a cluster-wide policy.
        case policy(String)
    }

    public var scope: Scope
    /// `nil`: the scope's own setting is removed, the next wider one applies.
    ///
    /// Not for the environment.
    public var mode: Mode?

    public init(scope: Scope, mode: Mode?) {
        self.scope = scope
        self.mode = mode
    }
}
