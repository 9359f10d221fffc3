// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One thing that the host must have, or should have, for enforcement.
public struct HostCheck: Hashable, Sendable {
    public enum Outcome: String, Hashable, Sendable, Codable {
        case pass
        /// Enforcement works; something else is missing.
        case warning
        /// Policies would not take effect, or not for all traffic.
        case failure
    }

    /// Stable short name: `privilege`, `nft`, `bridge-netfilter`.
    public var name: String
    public var outcome: Outcome
    /// One sentence: what was found.
    public var finding: String
    /// What to do about it; `nil` when nothing is to be done.
    public var fix: String?

    public init(_ name: String, _ outcome: Outcome, _ finding: String, fix: String? = nil) {
        self.name = name
        self.outcome = outcome
        self.finding = finding
        self.fix = fix
    }
}
