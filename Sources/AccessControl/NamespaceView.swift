// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which namespaces of one environment somebody may see.
public enum NamespaceView: Hashable, Sendable {
    /// All, and what has no namespace: the host, addresses outside, cluster-wide policies.
    case all
    /// Only these; empty is nothing at all.
    case only(Set<String>)

    public func contains(_ namespace: String?) -> Bool {
        switch self {
        case .all: true
        case .only(let namespaces): namespace.map(namespaces.contains) ?? false
        }
    }

    public var isEmpty: Bool { self == .only([]) }

    /// The namespaces in order, for a person; `nil` is all.
    public var names: [String]? {
        if case .only(let namespaces) = self { namespaces.sorted() } else { nil }
    }
}
