// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// What a set of policies says differently from another one, policy by policy, in words.
///
/// Edits that mean the same (order, duplicates, other spellings, comments) are counted apart.
public struct PolicyDiff: Hashable, Sendable {
    /// One difference in meaning.
    public struct Row: Hashable, Sendable {
        /// Where it is: `inbound rule 1 ports`, `applies to`.
        public var place: String
        /// `nil`: there was nothing.
        public var before: String?
        /// `nil`: there is nothing any more.
        public var after: String?

        /// `+`, `-` or `~`.
        public var mark: String { before == nil ? "+" : after == nil ? "-" : "~" }
    }

    /// What became of a policy.
    public enum Kind: String, Hashable, Sendable { case added, removed, modified, neutral }

    public struct Change: Hashable, Sendable {
        public var policy: PolicyID
        /// `neutral`: edited, and it means the same.
        public var kind: Kind
        public var rows: [Row]
        /// What was edited without effect, in words.
        public var neutral: [String]
    }

    /// Sorted by policy; policies without any edit are left out.
    public var changes: [Change]

    /// - Parameters:
    ///   - old: the policies as they are; of equal ids the first counts.
    ///   - new: the policies as they would be.
    ///   - oldTexts: the objects' texts by policy where they are known, so that edits of comments are seen.
    ///   - newTexts: the same of the new ones.
    /// - Complexity: O(policies + rules of changed policies²).
    public init(
        old: [Policy],
        new: [Policy],
        oldTexts: [PolicyID: [UInt8]] = [:],
        newTexts: [PolicyID: [UInt8]] = [:]
    ) {
        let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        changes = Set(before.keys).union(after.keys).sorted().compactMap { id in
            switch (before[id], after[id]) {
            case (let one?, let other?):
                if one.isSame(as: other), oldTexts[id] == newTexts[id] { return nil }
                var comparison = PolicyComparison(one, other)
                if comparison.neutral.isEmpty, comparison.rows.isEmpty, let text = oldTexts[id],
                    let newText = newTexts[id], text != newText
                {
                    comparison.neutral = ["comments or layout"]
                }
                guard !comparison.rows.isEmpty || !comparison.neutral.isEmpty else { return nil }
                return Change(
                    policy: id,
                    kind: comparison.rows.isEmpty ? .neutral : .modified,
                    rows: comparison.rows,
                    neutral: comparison.neutral
                )
            case (let one?, nil):
                return Change(policy: id, kind: .removed, rows: PolicyComparison.removal(of: one), neutral: [])
            case (nil, let other?):
                return Change(policy: id, kind: .added, rows: PolicyComparison.addition(of: other), neutral: [])
            case (nil, nil): return nil
            }
        }
    }

    public func count(_ kind: Kind) -> Int { changes.count { $0.kind == kind } }

    /// Whether nothing changes in meaning.
    public var isEmpty: Bool { changes.allSatisfy { $0.kind == .neutral } }
}
