// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where a label comes from: the part before the colon in `k8s:app=web`.
public struct LabelSource: RawRepresentable, Hashable, Sendable, Comparable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// Labels of workloads and namespaces; what people write in manifests.
    public static let k8s = LabelSource(rawValue: "k8s")
    /// Labels that the engine itself gives: `reserved:host`, `reserved:world`.
    public static let reserved = LabelSource(rawValue: "reserved")
    /// In a selector only: a label of any source.
    public static let any = LabelSource(rawValue: "any")
    public static let cidr = LabelSource(rawValue: "cidr")
    public static let cidrgroup = LabelSource(rawValue: "cidrgroup")
    public static let node = LabelSource(rawValue: "node")

    public static func < (left: LabelSource, right: LabelSource) -> Bool { left.rawValue < right.rawValue }
}

/// A label's source and name.
public struct LabelKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var source: LabelSource
    public var name: String

    public init(_ source: LabelSource, _ name: String) {
        self.source = source
        self.name = name
    }

    /// A key of source `k8s`.
    public static func k8s(_ name: String) -> LabelKey { LabelKey(.k8s, name) }
    /// A key of source `reserved`.
    public static func reserved(_ name: String) -> LabelKey { LabelKey(.reserved, name) }

    public var description: String { "\(source.rawValue):\(name)" }

    public static func < (left: LabelKey, right: LabelKey) -> Bool {
        left.name == right.name ? left.source < right.source : left.name < right.name
    }
}

/// A key and its value.
public struct Label: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var key: LabelKey
    public var value: String

    public init(_ key: LabelKey, _ value: String) {
        self.key = key
        self.value = value
    }

    /// `k8s:app=web`; without `=` when the value is empty.
    public var description: String { value.isEmpty ? "\(key)" : "\(key)=\(value)" }

    public static func < (left: Label, right: Label) -> Bool {
        left.key == right.key ? left.value < right.value : left.key < right.key
    }
}

/// The labels of one endpoint or identity: sorted, each key at most once.
public struct LabelSet: Hashable, Sendable {
    /// Sorted by key name, then source.
    public let labels: [Label]

    /// Later labels win over earlier ones of the same key.
    public init(_ labels: some Sequence<Label>) {
        var byKey: [LabelKey: String] = [:]
        for label in labels { byKey[label.key] = label.value }
        self.labels = byKey.map { Label($0.key, $0.value) }.sorted()
    }

    /// Two sorted lists of labels that have no key in common.
    /// - Complexity: O(n + m).
    package init(sorted one: [Label], mergedWith other: [Label]) {
        var merged: [Label] = []
        merged.reserveCapacity(one.count + other.count)
        var (left, right) = (0, 0)
        while left < one.count, right < other.count {
            if one[left] < other[right] {
                merged.append(one[left])
                left += 1
            } else {
                merged.append(other[right])
                right += 1
            }
        }
        merged += one[left...]
        merged += other[right...]
        labels = merged
    }

    /// The value under `key`.
    ///
    /// A key of source `any` finds the name in every source, in source order. - Complexity: O(log n) in the number of
    /// labels.
    public func value(for key: LabelKey) -> String? {
        var index = firstIndex(named: key.name)
        while index < labels.count, labels[index].key.name == key.name {
            if key.source == .any || labels[index].key.source == key.source { return labels[index].value }
            index += 1
        }
        return nil
    }

    /// Whether one of the labels under `key` satisfies `predicate`; a key of source `any` looks in every source.
    func contains(_ key: LabelKey, where predicate: (String) -> Bool) -> Bool {
        var index = firstIndex(named: key.name)
        while index < labels.count, labels[index].key.name == key.name {
            if key.source == .any || labels[index].key.source == key.source, predicate(labels[index].value) {
                return true
            }
            index += 1
        }
        return false
    }

    private func firstIndex(named name: String) -> Int {
        var low = 0
        var high = labels.count
        while low < high {
            let middle = (low + high) / 2
            if labels[middle].key.name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
