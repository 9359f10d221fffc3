// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What the kernel should hold for us: two tables, with everything in them.
public struct Ruleset: Hashable, Sendable {
    /// Written into the kernel with the rules, and on every connection that they judge.
    public var generation: UInt32

    /// Our tables: `inet palisade` judges, `bridge palisade` guards against spoofed addresses.
    public var tables: [Table]

    public init(generation: UInt32, tables: [Table]) {
        self.generation = generation
        self.tables = tables
    }

    /// The name of both tables; nothing else in the kernel is ours.
    public static let tableName = "palisade"
}

/// One nftables table.
public struct Table: Hashable, Sendable {
    /// The address families that Palisade's tables live in.
    public enum Family: String, Hashable, Sendable, CaseIterable {
        case inet, bridge
    }

    public var family: Family
    /// By name.
    public var sets: [String: NamedSet]
    /// By name.
    public var chains: [String: Chain]
    /// Names of the counters.
    public var counters: Set<String>

    public init(
        family: Family,
        sets: [String: NamedSet] = [:],
        chains: [String: Chain] = [:],
        counters: Set<String> = []
    ) {
        self.family = family
        self.sets = sets
        self.chains = chains
        self.counters = counters
    }
}

/// A named set or map of a table.
///
/// A set keeps its types under one name: names are made from the types.
public struct NamedSet: Hashable, Sendable {
    /// nft's types of the key's parts: `["classid", "inet_proto"]`.
    public var key: [String]
    /// nft's type of the values of a map (`classid`, `verdict`); `nil` for a set.
    public var data: String?
    /// Whether keys may be ranges.
    public var isInterval: Bool
    /// Value text by key text; values of a set are empty.
    public var elements: [String: String]

    public init(key: [String], data: String? = nil, isInterval: Bool = false, elements: [String: String] = [:]) {
        self.key = key
        self.data = data
        self.isInterval = isInterval
        self.elements = elements
    }
}

/// A chain and its rules, in nft's language.
public struct Chain: Hashable, Sendable {
    /// Where the kernel calls a base chain.
    public struct Hook: Hashable, Sendable {
        public var name: String
        public var priority: Int

        public init(_ name: String, priority: Int) {
            self.name = name
            self.priority = priority
        }
    }

    public var hook: Hook?
    public var rules: [String]

    public init(hook: Hook? = nil, rules: [String]) {
        self.hook = hook
        self.rules = rules
    }
}
