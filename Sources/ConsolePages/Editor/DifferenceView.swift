// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis

/// Two texts compared: which side is which, where each change is, and how much is left out between.
///
/// Lines say by their sign what they are; colours only repeat it.
struct DifferenceView {
    /// Also of the hook `data-testid`.
    var id: String
    /// What it is a comparison of: `Difference to the file`.
    var label: String
    /// Of what is removed: `the file as it is`.
    var old: String
    /// Of what is added: `this draft`.
    var new: String
    /// Of a hunk that no document is around.
    var file: String

    func html(_ difference: LineDifference) -> HTML {
        tag("div", .class("difference"), .testID(id)) {
            tag("p", .class("sides")) {
                tag("span", .class("removed")) { "− \(old)" }
                tag("span", .class("added")) { "+ \(new)" }
            }
            if difference.hunks.isEmpty {
                tag("p") { "No difference." }
            } else {
                tag("pre", .class("diff"), .init("tabindex", "0"), .init("role", "region"), .label(label)) {
                    for hunk in difference.hunks { html(hunk) }
                    gap(difference.skippedAtEnd)
                }
            }
        }
    }

    private func html(_ hunk: LineDifference.Hunk) -> HTML {
        group {
            gap(hunk.skipped)
            tag("span", .class("path")) { "@@ \(path(hunk))\n" }
            for line in hunk.lines { html(line) }
        }
    }

    private func path(_ hunk: LineDifference.Hunk) -> String {
        let first = hunk.lines.first { $0.sign != .unchanged }
        let line = first.flatMap { $0.new ?? $0.old } ?? 1
        return "\(hunk.path.isEmpty ? file : hunk.path), line \(line)"
    }

    private func html(_ line: LineDifference.Line) -> HTML {
        switch line.sign {
        case .added: tag("span", .class("added")) { "+\(line.shown)\n" }
        case .removed: tag("span", .class("removed")) { "−\(line.shown)\n" }
        case .unchanged: tag("span", .class("same")) { " \(line.shown)\n" }
        }
    }

    private func gap(_ count: Int) -> HTML {
        count == 0 ? .empty : tag("span", .class("gap")) { LineDifference.gap(count) + "\n" }
    }
}
