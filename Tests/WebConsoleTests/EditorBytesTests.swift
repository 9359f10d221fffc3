// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

@testable import WebConsole

/// Files that a browser's form cannot hold as they are.
@Suite struct EditorBytesTests {
    /// Line breaks of four kinds; two of them a text area cannot show.
    private static let mixed = LabWorld.isolation("shop", "api", name: "mixed")
        .replacing("metadata:", with: "# next line:\u{85}# and a return:\r# of the machine\r\nmetadata:")

    /// What a browser shows of the page's text area, with the line ends that it posts.
    private static func area(_ body: String) throws -> String {
        let start = try #require(body.range(of: "<textarea"))
        let open = try #require(body.range(of: ">\n", range: start.upperBound..<body.endIndex))
        let end = try #require(body.range(of: "</textarea>", range: open.upperBound..<body.endIndex))
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        let text = entities.reduce(String(body[open.upperBound..<end.lowerBound])) { $0.replacing($1.0, with: $1.1) }
        return text.replacing("\n", with: "\r\n")
    }

    private static func value(_ name: String, _ body: String) throws -> String {
        let pattern = try Regex("name=\"\(name)\" value=\"([^\"]*)\"")
        return String(try #require(body.firstMatch(of: pattern)?[1].substring))
    }

    @Test func `a change of one line changes the bytes of one line, in text and by the form`() async throws {
        try await ConsoleLab.serving { lab in
            let file = URL(filePath: lab.folder + "/production/policies/mixed.yaml")
            try Data(Self.mixed.utf8).write(to: file)
            let root = try await lab.browser("root")
            let path = "/e/production/edit?path=mixed.yaml"
            let page = try await root.get(path).body
            let fields = try ["base", "crlf", "document", "controls-of"].map { ($0, try Self.value($0, page)) }
            let text = try Self.area(page)
            #expect(!text.utf8.elementsEqual(Self.mixed.utf8))
            let edited = text.replacing("policyTypes: [Ingress]", with: "policyTypes: [Ingress] # by hand")
            let saved = try await root.form(path, fields + [("text", edited), ("do", "save")])
            #expect(saved.status == 303, "\(saved.body)")
            let byHand = Self.mixed.replacing("policyTypes: [Ingress]", with: "policyTypes: [Ingress] # by hand")
            #expect(Array(try Data(contentsOf: file)) == Array(byHand.utf8))

            // The form beside the text belongs to this text: its buttons change their lines only.
            let again = try await root.get(path).body
            let now = try ["base", "crlf", "document", "controls-of"].map { ($0, try Self.value($0, again)) }
            let opened = [("text", try Self.area(again)), ("confirmed", "setState:outbound:deny-all")]
            let answer = try await root.form(path, now + opened)
            let shown = try Self.area(answer.body)
            let next = try ["base", "crlf", "document", "controls-of"].map { ($0, try Self.value($0, answer.body)) }
            #expect(try await root.form(path, next + [("text", shown), ("do", "save")]).status == 303)
            let bytes = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            let untouched = try #require(byHand.split(separator: "  policyTypes:").first)
            #expect(bytes != byHand && bytes.hasPrefix(untouched), "\(bytes)")
        }
    }
}
