// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

/// A finding of a lint rule, with what a fix would have to do.
struct LintRemark {
    /// What would mend it, before anybody has looked at the text.
    enum Hint {
        /// Another value for a label of a selector inside.
        case relabel(key: String, from: String, to: String)
        /// The list item at the finding's place is taken out.
        case removeItem
        /// `::/0` beside `0.0.0.0/0`.
        case addIPv6
        /// A rule for lookups at the cluster DNS.
        case addDNS(PolicyKind)
    }

    var finding: Finding
    var hint: Hint?

    init(_ remark: PolicyRemark, at location: SourceLocation, notes: [Finding.Note] = [], hint: Hint? = nil) {
        finding = remark.finding(at: location, notes: notes)
        self.hint = hint
    }
}
