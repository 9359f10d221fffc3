// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import PolicyAnalysis
import Testing

@testable import WebConsole

/// What the editor's form makes of a text, without a server.
@Suite struct EditorDraftTests {
    private let text = """
        # The web tier.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          endpointSelector:
            matchLabels:
              app: web   # all replicas
          ingress:
            - fromEndpoints:
                - matchLabels: {app: gateway}
              toPorts:
                - ports:
                    - port: "8080"   # http
                      protocol: TCP

        """

    private func form(_ fields: [(String, String)]) throws -> FormBody {
        func encoded(_ text: String) -> String {
            text.utf8.map { byte in
                let isPlain =
                    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
                return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
        }
        return try FormBody(parsing: fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&"))
    }

    /// The draft after a form with these fields was posted.
    private func posted(_ fields: [(String, String)]) throws -> EditorDraft {
        // A browser sends every line end as CR LF.
        let sent = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        let form = try form([("text", sent), ("base", "abc"), ("path", "web.yaml"), ("document", "0")] + fields)
        var draft = EditorDraft(form, path: nil)
        draft.apply(form)
        return draft
    }

    private func changedLines(_ draft: EditorDraft) -> [String] {
        let (old, new) = (text.split(separator: "\n"), draft.text.split(separator: "\n"))
        return new.difference(from: old).insertions.map { change in
            if case .insert(_, let line, _) = change { return String(line) }
            return ""
        }
    }

    @Test func `posting what is shown changes no byte`() throws {
        let same = [
            ("v.subject.tests.0.key", "app"), ("v.inbound.1.ports.0.port", "8080"),
            ("v.inbound.1.ports.0.transport", "TCP"),
            ("v.inbound.1.action", "allow"), ("new.inbound.1.port", ""), ("do", "update"),
        ]
        #expect(try posted(same).text == text)
        #expect(try posted(same).problems.isEmpty)
    }

    @Test func `one port changes one line, comment and quotes kept`() throws {
        let draft = try posted([("v.inbound.1.ports.0.port", "8443"), ("v.inbound.1.ports.0.transport", "TCP")])
        #expect(changedLines(draft) == ["            - port: \"8443\"   # http"])
    }

    @Test(arguments: ["81x", "0", "65536", "8080-", "9-", "70000-70001"])
    func `a port that is none stays in its field and changes nothing`(_ port: String) throws {
        let draft = try posted([("v.inbound.1.ports.0.port", port), ("v.inbound.1.ports.0.transport", "TCP")])
        #expect(draft.text == text)
        #expect(draft.problems["v.inbound.1.ports.0.port"]?.contains("V10") == true)
        #expect(draft.typed["v.inbound.1.ports.0.port"] == port)
    }

    @Test func `a button acts after the values beside it`() throws {
        let draft = try posted([
            ("v.inbound.1.ports.0.port", "8443"), ("v.inbound.1.ports.0.transport", "TCP"),
            ("new.inbound.1.port", "9000-9100"), ("new.inbound.1.transport", "UDP"), ("edit", "addPort:inbound.1"),
        ])
        #expect(draft.text.contains("8443") && draft.text.contains("9000") && draft.text.contains("9100"))
        #expect(draft.forms.firstForm?.inbound.rules.first?.ports.count == 2)
    }

    @Test func `removing the last rule asks first, and a yes does it`() throws {
        let asked = try posted([("edit", "removeRule:inbound.1")])
        #expect(asked.text == text)
        let question = try #require(asked.question)
        #expect(question.sentence.contains("Deny all"))
        #expect(!question.alternatives.isEmpty)
        let done = try posted([("confirmed", question.edit)])
        #expect(done.forms.firstForm?.inbound.rules.contains { !$0.peers.isEmpty || !$0.ports.isEmpty } == false)
        #expect(done.forms.firstForm?.inbound.state == .denyAll)
    }

    @Test func `an incomplete new rule says what is missing`() throws {
        let draft = try posted([("edit", "addRule:inbound"), ("new.inbound.kind", "pods")])
        #expect(draft.text == text)
        #expect(draft.problems["new.inbound"] != nil)
    }

    @Test(arguments: [
        "", "removeRule", "removeRule:", "moveRule:inbound.1:9", "setState:up:restricted", "x:y", "edit:edit",
    ])
    func `a button that is none of ours does nothing`(_ button: String) throws {
        #expect(try posted([("edit", button)]).text == text)
    }

    @Test func `an author of one namespace may write there and nowhere else`() throws {
        let shop = EditorScope(view: .only(["shop"]))
        try shop.check(text)
        try EditorScope(view: .all).check("not: [valid")
        for foreign in [
            text.replacing("namespace: shop", with: "namespace: data"), text.replacing(", namespace: shop", with: ""),
            text + "---\n" + text.replacing("namespace: shop", with: "namespace: data"), "not: [valid", "",
            text.replacing("CiliumNetworkPolicy", with: "CiliumClusterwideNetworkPolicy"),
        ] where !foreign.isEmpty {
            #expect(throws: ServiceError(.notPermitted, "")) { try shop.check(foreign) }
        }
    }
}

/// Addresses that a form names.
@Suite struct LocalLinkTests {
    @Test(arguments: ["/", "/e/production/flows?q=ns:shop&from=now-8h", "/audit", "/e/a%2Fb/flows"])
    func `places of this server are followed`(_ text: String) {
        #expect(Link(local: text) != nil)
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "", "evil",
        "/a\nb",
        "/ b", "///evil.example",
    ])
    func `anything else is not`(_ text: String) {
        #expect(Link(local: text) == nil)
    }

    @Test func `what is followed never names a host`() {
        for text in ["/%2f%2fevil.example", "/..//evil.example", "/e/%5c%5cevil"] {
            guard let link = Link(local: text) else { continue }
            #expect(!"\(link)".hasPrefix("//") && !"\(link)".contains("\\"))
        }
    }
}
