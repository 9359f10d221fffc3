// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyModel

/// The YAML itself.
public enum EditorText {
    /// What a text area shows of a line.
    public static func shown(_ line: String) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.map { HTML.isForbidden($0) ? "\u{FFFD}" : $0 }))
    }

    static func html(_ model: EditorModel) -> HTML {
        let isShown = model.view != .rules
        return tag(
            "section",
            .class("panel editor-yaml"),
            .id("editor-yaml"),
            .flag("hidden", !isShown),
            .init("aria-labelledby", "editor-yaml-title")
        ) {
            tag("h2", .id("editor-yaml-title")) { "YAML" }
            if let problem = model.forms.problem ?? syntaxProblem(model), model.isFormStale { notice(problem) }
            tag("label", .init("for", "editor-text"), .class("quiet")) { "Policy text" }
            // Browsers drop the first line break of a text area; this one is there to be dropped.
            tag(
                "textarea",
                .id("editor-text"),
                .name("text"),
                .init("spellcheck", "false"),
                .init("autocapitalize", "off"),
                .init("autocomplete", "off"),
                .init("rows", "32"),
                .init("cols", "80"),
                .init("wrap", "off"),
                .testID("editor.text"),
                .init("data-findings", marks(model))
            ) { "\n" + model.text.replacing("\r\n", with: "\n") }
        }
    }

    private static func syntaxProblem(_ model: EditorModel) -> Finding? {
        model.findings.first { $0.code == "V101" }
    }

    private static func notice(_ finding: Finding) -> HTML {
        tag("p", .class("problem")) {
            Icon.warning
            tag("span") { "\(finding.message) Fix it here to continue." }
        }
    }

    /// `line:column:severity:message` of each finding, for the marks beside the text.
    private static func marks(_ model: EditorModel) -> String? {
        let marks = model.findings.prefix(200).map { finding in
            let place = finding.location
            return "\(place.line):\(place.column):\(finding.severity.rawValue):[\(finding.code)] \(finding.message)"
        }
        return marks.isEmpty ? nil : marks.joined(separator: "\n")
    }
}
