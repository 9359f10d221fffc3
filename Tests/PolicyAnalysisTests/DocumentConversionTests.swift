// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyModel
import Testing

@Suite struct DocumentConversionTests {
    private static let settings = "# Of the shop.\napiVersion: v1\nkind: ConfigMap   # stays\nmetadata: {name: x}\n"
    private static let policy = """
        # The team's file.

        # Who may ask the web.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress:
          - from: [{podSelector: {matchLabels: {app: cart}}}]
            ports: [{port: 80}]

        """

    private static func source(_ text: String) -> SourceDocument {
        SourceDocument(name: "shop/web.yaml", bytes: Array(text.utf8))
    }

    private static func converted(
        _ text: String,
        _ index: Int = 0,
        to target: PolicyConversion.Target = .cilium
    ) -> String? {
        guard case .converted(let bytes) = DocumentConversion(ofDocument: index, in: source(text), to: target) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `one document becomes the other kind, and what is around it stays`() throws {
        let text = Self.settings + "---\n" + Self.policy + "--- # last\n" + Self.settings
        let result = try #require(Self.converted(text, 1))
        #expect(result.hasPrefix(Self.settings + "---\n# The team's file.\n\n# Who may ask the web.\n"))
        #expect(result.hasSuffix("--- # last\n" + Self.settings))
        let kinds = PolicyFormText(Self.source(result)).documents.map { $0.form?.policyKind }
        #expect(kinds == [nil, .ciliumNetworkPolicy, nil])
        // Back again it is the kind that it was.
        let back = try #require(Self.converted(result, 1, to: .kubernetes))
        #expect(PolicyFormText(Self.source(back)).documents[1].form?.policyKind == .networkPolicy)
    }

    @Test func `line ends stay those of the file`() throws {
        let text = Self.policy.replacing("\n", with: "\r\n")
        let result = try #require(Self.converted(text))
        #expect(result.replacing("\r\n", with: "").contains("\n") == false)
    }

    @Test func `what the other kind cannot say is refused at its line`() {
        let text = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: out, namespace: shop}
            spec:
              endpointSelector: {}
              egress:
              - toFQDNs: [{matchName: example.com}]

            """
        guard case .refused(let findings) = DocumentConversion(ofDocument: 0, in: Self.source(text), to: .kubernetes)
        else {
            Issue.record("a DNS name was converted")
            return
        }
        #expect(findings.map(\.location.line) == [7])
    }

    @Test(arguments: [
        // Not a policy, broken, on the line of its separator, one of a list, and one that is not there.
        (settings, 0), ("kind: [", 0), ("--- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy}\n", 0),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
                + "metadata: {name: a}, spec: {podSelector: {}}}\n- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
                + "metadata: {name: b}, spec: {podSelector: {}}}\n", 0
        ),
        (policy, 3),
    ])
    func `what cannot be told apart is left alone`(_ text: String, _ index: Int) {
        #expect(Self.converted(text, index) == nil)
    }
}
