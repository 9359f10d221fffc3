// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// The address blocks of CIDR groups, by how rules name them.
///
/// A missing or empty group has no blocks: it matches nothing.
public struct CIDRGroupIndex: Sendable {
    private let groups: [CIDRGroup]

    public init(_ groups: [CIDRGroup]) { self.groups = groups }

    /// The blocks that a reference stands for, each with the exceptions and with whom its group matches.
    /// - Complexity: O(groups).
    public func blocks(_ reference: CIDRGroupReference, except: [Prefix]) -> [CIDRPeer] {
        groups.filter { matches($0, reference) }.flatMap { group in
            group.prefixes.map { CIDRPeer($0, except: except, reach: group.reach) }
        }
    }

    private func matches(_ group: CIDRGroup, _ reference: CIDRGroupReference) -> Bool {
        switch reference {
        case .named(let name): return group.name == name
        case .selected(let selector):
            // Selectors written for a group name its labels without a source.
            return selector.matches(LabelSet(group.labels.map { Label(.k8s($0.key), $0.value) }))
        }
    }
}
