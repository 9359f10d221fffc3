// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// Findings as a SARIF log (OASIS "Static Analysis Results Interchange Format" 2.1.0).
struct SARIFReport {
    var findings: [Finding]
    var version: String

    var json: JSONValue {
        let codes = Set(findings.map(\.code)).sorted()
        let driver: [(String, JSONValue)] = [
            ("name", .string("Palisade")), ("version", .string(version)),
            ("rules", .array(codes.map { .object([("id", .string($0))]) })),
        ]
        let run: [(String, JSONValue)] = [
            ("tool", .object([("driver", .object(driver))])),
            ("columnKind", .string("unicodeCodePoints")),
            ("results", .array(findings.map { result($0, codes) })),
        ]
        return .object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
            ("runs", .array([.object(run)])),
        ])
    }

    private func result(_ finding: Finding, _ codes: [String]) -> JSONValue {
        let level = finding.severity == .info ? "note" : finding.severity.rawValue
        var fields: [(String, JSONValue)] = [
            ("ruleId", .string(finding.code)), ("ruleIndex", .number(codes.firstIndex(of: finding.code) ?? -1)),
            ("level", .string(level)), ("message", Self.message(finding.message)),
            ("locations", .array([.object([Self.place(finding.location)])])),
        ]
        let related = finding.notes.map { note -> JSONValue in
            .object([Self.place(note.location ?? finding.location), ("message", Self.message(note.message))])
        }
        if !related.isEmpty { fields.append(("relatedLocations", .array(related))) }
        if let fix = finding.fix { fields.append(("fixes", .array([Self.fix(fix, finding.location.document)]))) }
        return .object(fields)
    }

    private static func fix(_ fix: Fix, _ document: String) -> JSONValue {
        let replacements = fix.edits.map { edit -> JSONValue in
            let region: [(String, JSONValue)] = [
                ("byteOffset", .number(edit.start)), ("byteLength", .number(edit.end - edit.start)),
            ]
            return .object([
                ("deletedRegion", .object(region)), ("insertedContent", .object([("text", .string(edit.replacement))])),
            ])
        }
        let change: [(String, JSONValue)] = [artifact(document), ("replacements", .array(replacements))]
        return .object([
            ("description", message(fix.title)), ("artifactChanges", .array([.object(change)])),
        ])
    }

    private static func place(_ location: SourceLocation) -> (String, JSONValue) {
        let region: [(String, JSONValue)] = [
            ("startLine", .number(location.line)), ("startColumn", .number(location.column)),
        ]
        return ("physicalLocation", .object([artifact(location.document), ("region", .object(region))]))
    }

    private static func artifact(_ document: String) -> (String, JSONValue) {
        ("artifactLocation", .object([("uri", .string(uri(document)))]))
    }

    private static func message(_ text: String) -> JSONValue { .object([("text", .string(text))]) }

    /// A path as a reference relative to where the log is read (RFC 3986); a colon would look like a scheme.
    private static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return path.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/".unicodeScalars.contains(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%" + String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
    }
}
