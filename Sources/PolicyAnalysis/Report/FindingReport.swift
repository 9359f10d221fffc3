// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// Findings as people and continuous integration read them.
///
/// Deterministic, and escaped for the format: names and messages come from files that anybody may have written.
public struct FindingReport: Sendable {
    /// What a report can be written as.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// As compilers print.
        case text
        /// An object of kind `FindingList`.
        case json
        /// SARIF 2.1.0 (OASIS), with fixes.
        case sarif
        /// JUnit's XML: one test for each finding, and one for each document without any.
        case junit
        /// Workflow commands of GitHub Actions.
        case github
    }

    /// In the order in which they are written.
    public var findings: [Finding]
    /// Names of all documents that were looked at.
    public var documents: [String]
    /// Of the program, for SARIF.
    public var version: String

    public init(_ findings: [Finding], documents: [String], version: String) {
        self.findings = findings
        self.documents = documents
        self.version = version
    }

    /// The whole report; ends with a line break unless it is empty.
    /// - Complexity: linear in the text.
    public func text(_ format: Format) -> String {
        switch format {
        case .text: return findings.map { "\($0)\n" }.joined()
        case .json: return json.indentedText
        case .sarif: return SARIFReport(findings: findings, version: version).json.indentedText
        case .junit: return junit.text
        case .github: return findings.map { Self.command($0) + "\n" }.joined()
        }
    }

    private var json: JSONValue {
        let items = findings.map { finding -> JSONValue in
            var fields: [(String, JSONValue)] = [
                ("code", .string(finding.code)), ("severity", .string(finding.severity.rawValue)),
                ("message", .string(finding.message)), ("location", Self.json(finding.location)),
            ]
            let notes = finding.notes.map { note -> JSONValue in
                let place = note.location.map { [("location", Self.json($0))] } ?? []
                return .object([("message", .string(note.message))] + place)
            }
            if !notes.isEmpty { fields.append(("notes", .array(notes))) }
            if let fix = finding.fix {
                let edits = fix.edits.map { edit -> JSONValue in
                    .object([
                        ("start", .number(edit.start)), ("end", .number(edit.end)),
                        ("replacement", .string(edit.replacement)),
                    ])
                }
                let value: [(String, JSONValue)] = [
                    ("title", .string(fix.title)), ("isSafe", .bool(fix.isSafe)), ("edits", .array(edits)),
                ]
                fields.append(("fix", .object(value)))
            }
            return .object(fields)
        }
        return .object([
            ("apiVersion", .string("palisade/v1")), ("kind", .string("FindingList")), ("items", .array(items)),
        ])
    }

    private static func json(_ location: SourceLocation) -> JSONValue {
        .object([
            ("document", .string(location.document)), ("line", .number(location.line)),
            ("column", .number(location.column)),
        ])
    }

    private var junit: JUnitReport {
        var cases: [JUnitReport.Case] = findings.map { finding in
            let name = "\(finding.code) \(finding.location.line):\(finding.location.column)"
            guard finding.severity != .info else {
                return .init(group: finding.location.document, name: name, output: "\(finding)")
            }
            let failure = (finding.severity.rawValue, finding.message, "\(finding)")
            return .init(group: finding.location.document, name: name, failure: failure)
        }
        let named = Set(findings.map(\.location.document))
        cases += Set(documents).subtracting(named).sorted().map { .init(group: $0, name: "policy lint") }
        return JUnitReport(suite: "policy lint", cases: cases)
    }

    /// GitHub documentation, "Workflow commands for GitHub Actions".
    private static func command(_ finding: Finding) -> String {
        let word = finding.severity == .info ? "notice" : finding.severity.rawValue
        let place = finding.location
        let notes = finding.notes.map { note in "\n" + (note.location.map { "\($0): " } ?? "") + note.message }
        let message = escaped(finding.message + notes.joined(), isProperty: false)
        let file = escaped(place.document, isProperty: true)
        return "::\(word) file=\(file),line=\(place.line),col=\(place.column),title=\(finding.code)::\(message)"
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case ":" where isProperty: result += "%3A"
            case "," where isProperty: result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
