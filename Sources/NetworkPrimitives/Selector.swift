// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A predicate over labels: the conjunction of its requirements.
///
/// An empty selector matches everything.
public struct Selector: Hashable, Sendable {
    /// One condition on one key (Kubernetes `LabelSelectorRequirement`).
    public enum Requirement: Hashable, Sendable {
        /// The key is present with one of the values.
        case isIn(LabelKey, [String])
        /// The key is absent, or present with none of the values.
        case isNotIn(LabelKey, [String])
        case exists(LabelKey)
        case doesNotExist(LabelKey)

        public var key: LabelKey {
            switch self {
            case .isIn(let key, _), .isNotIn(let key, _), .exists(let key), .doesNotExist(let key): key
            }
        }

        /// Whether labels satisfy this requirement.
        public func matches(_ labels: LabelSet) -> Bool {
            switch self {
            case .isIn(let key, let values): labels.contains(key) { values.contains($0) }
            case .isNotIn(let key, let values): !labels.contains(key) { values.contains($0) }
            case .exists(let key): labels.contains(key) { _ in true }
            case .doesNotExist(let key): !labels.contains(key) { _ in true }
            }
        }
    }

    /// All must hold.
    public var requirements: [Requirement]

    public static let everything = Selector([])

    public init(_ requirements: [Requirement]) { self.requirements = requirements }

    public func matches(_ labels: LabelSet) -> Bool {
        requirements.allSatisfy { $0.matches(labels) }
    }

    /// This selector with one more requirement.
    public func and(_ requirement: Requirement) -> Selector {
        Selector(requirements + [requirement])
    }

    /// The value that `key` must have for anything to match, where the requirements say so; an index can start from it.
    public func requiredValue(for key: LabelKey) -> String? {
        for case .isIn(key, let values) in requirements where values.count == 1 { return values[0] }
        return nil
    }
}
