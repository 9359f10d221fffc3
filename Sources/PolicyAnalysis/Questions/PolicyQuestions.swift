// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyModel

/// Answers questions by the thousand: a line of JSON in, a line of JSON out, in the same order.
///
/// An answer has the question's `from`, `to`, `protocol` and `port`, then `verdict` (`ALLOWED`, `DROPPED`, `WOULD_DROP`,
/// `UNCERTAIN`), `l7` (whether rules about requests decide further), and for `egress` and `ingress` the verdict and what
/// decided it. A line that is no question gets an answer with `error` instead of `verdict`.
///
/// A name that several pods have, and `world`, stand for all that they can be: when these get different answers, the answer
/// is uncertain (`INSTANCES`).
public struct PolicyQuestions {
    /// Names and answers remembered; when full they are all forgotten.
    private static let maximumKnown = 100_000

    private let world: ResolvedSnapshot
    private var known: [String: [Party]] = [:]
    /// Endpoints by `namespace/name`, of their own and of their workloads; made when the first name is asked about.
    private var byName: [String: [Int]]?
    /// Everything of an answer behind the question's own fields.
    private var answers: [PolicyQuestion: String] = [:]
    /// Lines that were no question, or named nobody.
    public private(set) var failures = 0

    public init(_ world: ResolvedSnapshot) { self.world = world }

    /// The answer to one line, without a line break at its end.
    /// - Complexity: O(rules that select the two ends) for each pair of parties that the names stand for; the first question
    ///   with a name O(endpoints).
    public mutating func answer(_ line: UnsafeBufferPointer<UInt8>) -> String {
        do {
            let question = try PolicyQuestion(line)
            if let known = answers[question] { return known }
            let text = Self.head(question) + (try tail(question)) + "}"
            if answers.count >= Self.maximumKnown { answers.removeAll(keepingCapacity: true) }
            answers[question] = text
            return text
        } catch {
            failures += 1
            return "{\"error\":\(Escaped.json(error.sentence))}"
        }
    }

    private static func head(_ question: PolicyQuestion) -> String {
        var text = "{\"from\":\(Escaped.json(question.from)),\"to\":\(Escaped.json(question.to))"
        text += ",\"protocol\":\"\(question.service.ipProtocol)\",\"port\":\(question.service.port)"
        if let http = question.http { text += ",\"http\":\(Escaped.json(http))" }
        if let dns = question.dns { text += ",\"dns\":\(Escaped.json(dns))" }
        return text
    }

    private mutating func tail(_ question: PolicyQuestion) throws(PolicyQuestion.Problem) -> String {
        let request = try question.facts()
        let (sources, destinations) = (try parties(question.from), try parties(question.to))
        var first: Decision?
        var doubts: Set<String> = []
        var verdicts: Set<Decision.Answer> = []
        var isLimited = false
        for source in sources {
            for destination in destinations where source.address.family == destination.address.family {
                let decision = world.decision(
                    for: Connection(
                        source: source,
                        destination: destination,
                        service: question.service,
                        request: request
                    )
                )
                verdicts.insert(decision.answer)
                doubts.formUnion(decision.uncertainties.map(\.rawValue))
                isLimited = isLimited || decision.isLimited
                if first == nil { first = decision }
            }
        }
        guard let first else {
            throw .init(sentence: "\"from\" and \"to\" have no addresses of the same family.")
        }
        if verdicts.count > 1 { doubts.insert("INSTANCES") }
        let verdict = verdicts.count == 1 ? first.answer : .uncertain
        return ",\"verdict\":\"\(verdict.rawValue)\",\"l7\":\(isLimited && verdict == .allowed)"
            + (doubts.isEmpty ? "" : ",\"dependsOn\":[\(doubts.sorted().map(Escaped.json).joined(separator: ","))]")
            + ",\"egress\":\(Self.side(first.egress)),\"ingress\":\(Self.side(first.ingress))"
    }

    /// `null` when no policy applies to the side at all.
    private static func side(_ side: SideDecision?) -> String {
        guard let side else { return "null" }
        let judgement = side.deciding
        let rules = judgement.isDenied ? judgement.denying : judgement.allowing
        func list(_ texts: [String]) -> String { "[" + texts.map(Escaped.json).joined(separator: ",") + "]" }
        var text = "{\"verdict\":\"\(side.uncertainties.isEmpty ? side.verdict.rawValue : "UNCERTAIN")\""
        text += ",\"rules\":\(list(rules.map(\.description)))"
        if !judgement.isolating.isEmpty { text += ",\"isolatedBy\":\(list(judgement.isolating.map(\.description)))" }
        if !judgement.possible.isEmpty { text += ",\"possible\":\(list(judgement.possible.map(\.rule.description)))" }
        return text + "}"
    }

    private mutating func parties(_ text: String) throws(PolicyQuestion.Problem) -> [Party] {
        if let parties = known[text] { return parties }
        guard let name = PartyName(text) else {
            throw .init(sentence: "\"\(Escaped.plain(text))\" is not NAMESPACE/NAME, an address or an entity.")
        }
        let parties: [Party]
        if case .endpoint = name {
            parties = endpoints(named: text).flatMap { world.parties(ofEndpoint: $0) }
        } else {
            parties = name.parties(in: world)
        }
        guard !parties.isEmpty else { throw .init(sentence: "\"\(Escaped.plain(text))\" is not here.") }
        if known.count >= Self.maximumKnown { known.removeAll(keepingCapacity: true) }
        known[text] = parties
        return parties
    }

    /// In order; the same ones that `PartyName` finds one by one.
    private mutating func endpoints(named text: String) -> [Int] {
        if let byName { return byName[text] ?? [] }
        var byName: [String: [Int]] = [:]
        for (index, endpoint) in world.snapshot.endpoints.enumerated() {
            byName["\(endpoint.namespace)/\(endpoint.name)", default: []].append(index)
            guard endpoint.workload.name != endpoint.name else { continue }
            byName["\(endpoint.namespace)/\(endpoint.workload.name)", default: []].append(index)
        }
        self.byName = byName
        return byName[text] ?? []
    }
}
