// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The side of an endpoint that a rule is about.
public enum Direction: String, Hashable, Sendable, CaseIterable, Codable, Comparable {
    /// Towards the endpoint.
    case ingress
    /// Away from the endpoint.
    case egress

    /// The other direction.
    public var opposite: Direction { self == .ingress ? .egress : .ingress }

    public static func < (left: Direction, right: Direction) -> Bool {
        left == .egress && right == .ingress
    }
}

/// What happened, or would happen, to a connection; the three words shown to people.
public enum Verdict: String, Hashable, Sendable, CaseIterable, Codable {
    case allowed = "ALLOWED"
    case dropped = "DROPPED"
    /// Only policies in audit mode deny it: it passed, and would be dropped if they were enforced.
    case wouldDrop = "WOULD_DROP"
}

/// Whether policies are enforced or only evaluated and logged.
public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
    /// Evaluated and logged; nothing is blocked. The default everywhere.
    case audit
    /// Enforced.
    case blocking
}
