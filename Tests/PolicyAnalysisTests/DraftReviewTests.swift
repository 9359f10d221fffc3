// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let pods = ["web", "api", "db"].enumerated().map { index, name in
    """
    kind: Pod
    apiVersion: v1
    metadata: {name: \(name)-1, namespace: shop, labels: {app: \(name)}}
    spec: {}
    status: {podIP: 10.0.0.\(index + 1)}
    """
}.joined(separator: "\n---\n")

private let deployed = """
    # Who may use the database.
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: db, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: db}}
      ingress:
        - from:
            - podSelector: {matchLabels: {app: web}}
          ports:
            - port: 5432
        - from:
            - podSelector: {matchLabels: {app: api}}
          ports:
            - port: 5432

    """

private func world(_ text: String) -> ResolvedSnapshot {
    let documents = [
        SourceDocument(name: "world.yaml", bytes: Array(pods.utf8)),
        SourceDocument(name: "db.yaml", bytes: Array(text.utf8)),
    ]
    return ResolvedSnapshot(WorldReader().read(documents).snapshot)
}

private func connection(_ source: String, _ port: UInt16) -> RecordedConnection {
    RecordedConnection(
        source: .init(namespace: "shop", pod: "\(source)-1"),
        destination: .init(namespace: "shop", pod: "db-1"),
        ipProtocol: .tcp,
        port: port,
        verdict: .allowed
    )
}

private func review(_ draft: String, path: String = "db.yaml") -> DraftReview {
    var traffic = RecordedTraffic()
    traffic.add(connection("web", 5432), .init(flows: 40, firstSeen: 1, lastSeen: 9))
    traffic.add(connection("api", 5432), .init(flows: 2, firstSeen: 1, lastSeen: 5))
    return DraftReview(
        SourceDocument(name: path, bytes: Array(draft.utf8)),
        deployed: .init(world(deployed), bytes: path == "db.yaml" ? Array(deployed.utf8) : nil),
        traffic: traffic
    )
}

private func edited(_ text: String, _ edit: FormEdit) -> String {
    let editor = FormEditor(SourceDocument(name: "db.yaml", bytes: Array(text.utf8)))
    guard case .edited(let bytes) = editor.applying(edit, confirmed: true) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
}

@Suite struct DraftReviewTests {
    @Test func `a draft that closes something says what, and offers the rule that opens it again`() throws {
        let draft = edited(deployed, .removeRule(id: "inbound.2"))
        let review = review(draft)
        #expect(!review.hasErrors)
        let rows = review.rows(limit: 10)
        #expect(rows.map(\.outcome) == [.newlyDropped, .stillAllowed])
        let proposals = review.allowing(rows[0].connection)
        #expect(proposals.count == 1 && proposals[0].policy.name == "db")
        let mended = edited(draft, proposals[0].edit)
        let again = DraftReview(
            SourceDocument(name: "db.yaml", bytes: Array(mended.utf8)),
            deployed: .init(world(deployed), bytes: nil),
            traffic: RecordedTraffic([(FlowKey, FlowCount)]().map { (key: $0.0, value: $0.1) })
        )
        let answer = try #require(again.world)
        #expect(RuleProposal.proposals(for: connection("api", 5432), in: answer).isEmpty)
        // The narrowest: another port stays closed.
        #expect(RuleProposal.proposals(for: connection("api", 22), in: answer).count == 1)
        #expect(mended.contains("app: api") && mended.contains("port: 5432"))
    }

    @Test func `the difference has signs, gaps and the way to each part`() {
        let review = review(edited(deployed, .setPort(id: "inbound.2.ports.0", port: PortValue("5433"))))
        #expect(
            review.difference.text == [
                "⋯ 11 unchanged lines", "@@ shop/db → inbound → rule 2 → ports", "     - from:",
                "         - podSelector: {matchLabels: {app: api}}", "       ports:", "-        - port: 5432",
                "+        - port: 5433",
            ],
            "\(review.difference.text)"
        )
    }

    @Test func `a text that cannot be read has its finding first and no impact`() {
        let review = review("kind: [\n")
        #expect(review.findings.first?.code == "V101" && review.replay == nil && review.world == nil)
        #expect(review.forms.documents.isEmpty && review.rows(limit: 5).isEmpty)
    }

    @Test func `a policy of a name that another file has is an error`() {
        let review = review(deployed, path: "other.yaml")
        #expect(review.findings.map(\.code).contains("V110") && review.hasErrors && review.replay == nil)
    }

    @Test func `summaries are those of the deployed policy's mode and world`() {
        #expect(
            review(deployed).summaries.map { $0.lines[0] } == [
                "Applies to pods in namespace shop with app=db (1 pod now)."
            ]
        )
    }

    @Test(arguments: PolicyTemplate.allCases)
    func `templates hold no errors and are forms`(template: PolicyTemplate) {
        for labels in [[:], ["app": "web", "app.kubernetes.io/name": "true"]] {
            let text = template.text(.init(namespace: "shop", labels: labels))
            let document = SourceDocument(name: "t.yaml", bytes: Array(text.utf8))
            let decoded = PolicyDecoder().decode(document)
            #expect(!decoded.hasErrors && decoded.policies.count == 1, "\(decoded.findings)\n\(text)")
            let form = PolicyFormText(document).firstForm
            #expect(
                form?.allLocked == [] && form?.name == template.rawValue && form?.subject.tests.count == labels.count
            )
            #expect(
                text.hasPrefix("# ") && PolicyLint(engine: nil).findings([decoded]).allSatisfy { $0.severity != .error }
            )
        }
    }

    @Test func `the two predefined policies do what the original's did`() {
        func form(_ template: PolicyTemplate) -> PolicyForm? {
            PolicyFormText(SourceDocument(name: "t", bytes: Array(template.text(.init(namespace: "a")).utf8))).firstForm
        }
        let (drop, http) = (form(.dropOutbound), form(.allowInboundHTTP))
        #expect(drop?.outbound.state == .denyAll && drop?.inbound.state == .notRestricted)
        #expect(http?.inbound.rules.map(\.whom) == [.anyone] && http?.outbound.state == .notRestricted)
        #expect(http?.inbound.rules[0].ports.map(\.value.port) == ["80", "443"])
        #expect(PolicyTemplate.allCases.filter(\.startsDisabled) == [.dropOutbound, .allowInboundHTTP])
    }
}

@Suite struct LineDifferenceTests {
    @Test func `differences of random texts lead from one to the other by few lines`() {
        var random = SeededRandom()
        let seed = random.seed
        for _ in 0..<2_000 {
            func lines() -> [String] {
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    ["a", "b", "c", "d"].randomElement(using: &random) ?? ""
                }
            }
            let (old, new) = (lines(), lines())
            let difference = LineDifference(
                old: old.map { $0 + "\n" }.joined(),
                new: new.map { $0 + "\n" }.joined(),
                context: 100
            )
            let all = difference.hunks.flatMap(\.lines)
            let isSame = all.isEmpty
            #expect(isSame ? old == new : all.filter { $0.sign != .added }.map(\.text) == old, "seed \(seed)")
            #expect(isSame ? old == new : all.filter { $0.sign != .removed }.map(\.text) == new, "seed \(seed)")
            // Foundation's own way is a shortest one.
            #expect(
                difference.added + difference.removed == new.difference(from: old).count,
                "seed \(seed) \(old) \(new)"
            )
        }
    }

    @Test func `two large texts that share nothing take bounded time`() {
        let old = (0..<20_000).map { "old \($0)\n" }.joined()
        let new = (0..<20_000).map { "new \($0)\n" }.joined()
        let start = ContinuousClock.now
        let difference = LineDifference(old: old, new: new)
        #expect(difference.added == 20_000 && difference.removed == 20_000)
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func `gaps are counted and hostile text is escaped`() {
        let old = (1...30).map { "line \($0)\n" }.joined()
        let difference = LineDifference(old: old, new: old.replacing("line 15\n", "line \u{1b}[31m\n"), context: 1)
        #expect(
            difference.text == [
                "⋯ 13 unchanged lines", " line 14", "-line 15", "+line \\u{1b}[31m", " line 16", "⋯ 14 unchanged lines",
            ]
        )
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(range, new)
    }

    private func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }

    private func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
        String(self[..<range.lowerBound]) + new + self[range.upperBound...]
    }
}
