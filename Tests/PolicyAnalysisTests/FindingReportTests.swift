// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyAnalysis
import PolicyModel
import Testing

/// Findings whose texts try to break out of every format.
private let hostile = "a\"b'<c>&d]]>\n::error::x%0A\u{1B}[31m\u{0}\u{2028}é"

private func report() -> FindingReport {
    let place = SourceLocation(document: "dir a/\(hostile).yaml", line: 3, column: 7)
    let fix = Fix("Replace \(hostile)", [TextEdit(4..<9, with: hostile)], isSafe: true)
    let findings = [
        Finding(
            "V102",
            .error,
            "Unknown \(hostile)",
            at: place,
            notes: [.init("note \(hostile)", at: place)],
            fix: fix
        ),
        Finding("V120", .warning, "No pods", at: SourceLocation(document: "b.yaml", line: 1, column: 1)),
        Finding("V202", .info, "Nothing", at: SourceLocation(document: "b.yaml", line: 2, column: 1)),
    ]
    return FindingReport(findings, documents: ["b.yaml", "clean.yaml"], version: "1.2.3")
}

private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite struct FindingReportTests {
    @Test func `SARIF has rules, places, notes and fixes`() throws {
        let log = try object(report().text(.sarif))
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "Palisade")
        let rules = try #require(driver["rules"] as? [[String: String]])
        #expect(rules.map { $0["id"] } == ["V102", "V120", "V202"])
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.map { $0["level"] as? String } == ["error", "warning", "note"])
        #expect(results.map { $0["ruleIndex"] as? Int } == [0, 1, 2])
        let first = results[0]
        #expect((first["message"] as? [String: String])?["text"] == "Unknown \(hostile)")
        let location = try #require(
            (first["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
        )
        #expect((location["region"] as? [String: Int]) == ["startLine": 3, "startColumn": 7])
        let uri = try #require((location["artifactLocation"] as? [String: String])?["uri"])
        #expect(URL(string: uri)?.path(percentEncoded: false) == "dir a/\(hostile).yaml")
        #expect((first["relatedLocations"] as? [[String: Any]])?.count == 1)
        let fix = try #require((first["fixes"] as? [[String: Any]])?.first)
        let change = try #require((fix["artifactChanges"] as? [[String: Any]])?.first)
        let replacement = try #require((change["replacements"] as? [[String: Any]])?.first)
        #expect((replacement["deletedRegion"] as? [String: Int]) == ["byteOffset": 4, "byteLength": 5])
        #expect((replacement["insertedContent"] as? [String: String])?["text"] == hostile)
    }

    @Test func `JSON says all there is`() throws {
        let list = try object(report().text(.json))
        #expect(list["kind"] as? String == "FindingList")
        let items = try #require(list["items"] as? [[String: Any]])
        #expect(items.map { $0["code"] as? String } == ["V102", "V120", "V202"])
        #expect((items[0]["location"] as? [String: Any])?["line"] as? Int == 3)
        #expect((items[0]["fix"] as? [String: Any])?["isSafe"] as? Bool == true)
        #expect(items[1]["fix"] == nil)
    }

    @Test func `JUnit has a failing test for each finding and a passing one for each clean document`() throws {
        let text = report().text(.junit)
        let cases = text.split(separator: "\n").filter { $0.contains("<testcase") }
        #expect(cases.count == 4)
        #expect(text.components(separatedBy: "<failure").count == 3)
        #expect(text.contains(#"<testsuite name="policy lint" tests="4" failures="2" errors="0""#))
        #expect(text.contains(#"<testcase classname="clean.yaml" name="policy lint" time="0"/>"#))
        #expect(text.contains("Unknown a&quot;b&apos;&lt;c&gt;&amp;d]]&gt;&#10;::error::x%0A\u{FFFD}[31m\u{FFFD}"))
        // Nothing of the findings opens an element.
        let names = text.split(separator: "<").dropFirst().map { $0.prefix { $0.isLetter || "?/-".contains($0) } }
        let known: Set<Substring> = [
            "?xml", "testsuites", "testsuite", "testcase", "/testcase", "failure", "/failure", "system-out",
            "/system-out",
            "/testsuite", "/testsuites",
        ]
        #expect(Set(names).subtracting(known).isEmpty)
    }

    @Test func `a finding is one command, whatever it says`() {
        let lines = report().text(.github).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("::error file=dir a/a\"b'<c>&d]]>%0A%3A%3Aerror%3A%3Ax%250A"))
        #expect(lines[0].contains(",line=3,col=7,title=V102::Unknown a\"b'<c>&d]]>%0A::error::x%250A"))
        #expect(lines[1] == "::warning file=b.yaml,line=1,col=1,title=V120::No pods")
        #expect(lines[2] == "::notice file=b.yaml,line=2,col=1,title=V202::Nothing")
    }

    @Test func `without findings every format is still whole`() throws {
        let empty = FindingReport([], documents: [], version: "1")
        #expect(empty.text(.text).isEmpty && empty.text(.github).isEmpty)
        #expect((try object(empty.text(.json))["items"] as? [Any])?.isEmpty == true)
        #expect(try object(empty.text(.sarif))["version"] as? String == "2.1.0")
        #expect(empty.text(.junit).contains(#"tests="0""#))
    }
}
