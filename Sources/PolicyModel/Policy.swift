// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// One policy object in the neutral form that every format is translated into and every engine reads.
public struct Policy: Hashable, Sendable {
    public var id: PolicyID
    /// The object's first line.
    public var location: SourceLocation
    public var tier: Tier
    /// Inside an ordered tier, 0 to 1000; the lower one is asked first.
    ///
    /// 0 in `normal`, where all are asked together.
    public var priority: Int
    /// At least one.
    ///
    /// A NetworkPolicy has exactly one.
    public var specs: [PolicySpec]
    /// The mode that the object itself asks for (annotation `palisade.dev/mode`); `nil`: the namespace's or environment's.
    public var mode: Mode?
    /// Uninterpreted text from the object.
    public var summary: String?

    public init(
        id: PolicyID,
        location: SourceLocation,
        tier: Tier = .normal,
        priority: Int = 0,
        specs: [PolicySpec],
        mode: Mode? = nil,
        summary: String? = nil
    ) {
        self.id = id
        self.location = location
        self.tier = tier
        self.priority = priority
        self.specs = specs
        self.mode = mode
        self.summary = summary
    }
}

/// A subject and the rules for it.
public struct PolicySpec: Hashable, Sendable {
    /// What the rules are for.
    public enum Subject: Hashable, Sendable {
        /// Endpoints whose labels match. Namespace scoping is already part of the selector.
        case endpoints(Selector)
        /// The local host, when its node labels match (Cilium host policy).
        case nodes(Selector)
    }

    public var subject: Subject
    /// Directions in which this spec isolates its subject: what no policy allows there is dropped.
    ///
    /// A direction that has rules but is not in this set adds rules without isolating (Cilium's `enableDefaultDeny:
    /// false`).
    public var isolates: Set<Direction>
    public var rules: [Rule]
    public var location: SourceLocation

    public init(subject: Subject, isolates: Set<Direction>, rules: [Rule], location: SourceLocation) {
        self.subject = subject
        self.isolates = isolates
        self.rules = rules
        self.location = location
    }

    /// Whether the spec has a say about the direction at all.
    public func concerns(_ direction: Direction) -> Bool {
        isolates.contains(direction) || rules.contains { $0.direction == direction }
    }
}
