// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Test results in the XML that continuous integration reads as JUnit's.
struct JUnitReport {
    struct Case {
        /// What the results are grouped by: a file.
        var group: String
        var name: String
        /// `nil` when it passed: a short word, one line, and the whole text.
        var failure: (type: String, message: String, text: String)?
        /// What is said without failing.
        var output: String?
    }

    var suite: String
    var cases: [Case]

    var text: String {
        let counts = [
            ("tests", "\(cases.count)"), ("failures", "\(cases.count { $0.failure != nil })"), ("errors", "0"),
        ]
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuites\(XMLText.attributes([("name", suite)] + counts))>",
            "  <testsuite\(XMLText.attributes([("name", suite)] + counts + [("skipped", "0")]))>",
        ]
        for test in cases {
            let start =
                "    <testcase\(XMLText.attributes([("classname", test.group), ("name", test.name), ("time", "0")]))"
            guard test.failure != nil || test.output != nil else {
                lines.append(start + "/>")
                continue
            }
            lines.append(start + ">")
            if let failure = test.failure {
                let attributes = XMLText.attributes([("type", failure.type), ("message", failure.message)])
                lines.append("      <failure\(attributes)>\(XMLText.escaped(failure.text))</failure>")
            }
            if let output = test.output { lines.append("      <system-out>\(XMLText.escaped(output))</system-out>") }
            lines.append("    </testcase>")
        }
        return (lines + ["  </testsuite>", "</testsuites>", ""]).joined(separator: "\n")
    }
}
