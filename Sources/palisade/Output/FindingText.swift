// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

/// Findings for the terminal: `path:line:column: error: [V104] …`, and one line for each note.
enum FindingText {
    /// Each line is escaped on its own, so that no text of a file can begin a line.
    static func lines(_ finding: Finding) -> [String] {
        let first = "\(finding.location): \(finding.severity.rawValue): [\(finding.code)] \(finding.message)"
        let notes = finding.notes.map { "\($0.location ?? finding.location): note: \($0.message)" }
        return ([first] + notes).map { Escaping.terminal($0) }
    }
}
