// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// The outcome of a policy test: which expectations hold in a world, and why the others do not.
///
/// Policies in audit mode count as if they were enforced: the test is about what the policies say.
public struct PolicyTestRun: Sendable {
    /// One expectation and what came of it.
    public struct Result: Sendable {
        public var expectation: PolicyExpectation
        /// One sentence for each pair that is not as expected, at most ten; empty when it holds.
        ///
        /// Names are escaped.
        public var failures: [String]

        public var isPassed: Bool { failures.isEmpty }
    }

    /// In the order of the expectations.
    public var results: [Result]

    public var isPassed: Bool { results.allSatisfy(\.isPassed) }

    /// Asks every expectation.
    /// - Complexity: O(pairs that the expectations name · rules that select them).
    public init(_ expectations: [PolicyExpectation], in world: ResolvedSnapshot) {
        results = expectations.map { Result(expectation: $0, failures: Self.failures($0, world)) }
    }

    /// The lines that people read: the failures, and the count.
    public var text: String {
        var lines: [String] = []
        for result in results where !result.isPassed {
            let place = result.expectation.location
            lines.append(
                "\(place): failed: \(shown(result.expectation.text)) must be \(result.expectation.expected.rawValue)."
            )
            if let reason = result.expectation.reason { lines.append("    \(shown(reason))") }
            lines += result.failures.map { "    \($0)" }
        }
        lines.append("\(results.count { $0.isPassed }) of \(results.count) expectations hold.")
        return lines.joined(separator: "\n") + "\n"
    }

    /// JUnit's XML: one test for each expectation.
    public var junit: String {
        let cases = results.map { result -> JUnitReport.Case in
            let place = result.expectation.location
            let name = "\(place.line): \(result.expectation.text) is \(result.expectation.expected.rawValue)"
            var test = JUnitReport.Case(group: place.document, name: name)
            if let first = result.failures.first {
                let reason = result.expectation.reason.map { [$0] } ?? []
                test.failure = ("failed", first, (reason + result.failures).joined(separator: "\n"))
            }
            return test
        }
        return JUnitReport(suite: "policy test", cases: cases).text
    }

    private static func failures(_ expectation: PolicyExpectation, _ world: ResolvedSnapshot) -> [String] {
        let sources = expectation.from.parties(in: world)
        let destinations = expectation.to.parties(in: world)
        if sources.isEmpty { return ["Nobody is \(shown(expectation.from.text))."] }
        if destinations.isEmpty { return ["Nobody is \(shown(expectation.to.text))."] }
        var failures: [String] = []
        var hasPair = false
        for source in sources {
            for destination in destinations where !isPointless(source, destination) {
                hasPair = true
                if let failure = failure(expectation, source, destination, world) { failures.append(failure) }
                if failures.count == 10 { return failures }
            }
        }
        return hasPair ? failures : ["There is no pair to ask about."]
    }

    /// Whether no connection between the two is under policy or can be: a pod with itself, or two families of addresses.
    private static func isPointless(_ source: Party, _ destination: Party) -> Bool {
        if case .endpoint = source.kind, source.kind == destination.kind { return true }
        guard source.kind == .world || destination.kind == .world else { return false }
        return source.address.family != destination.address.family
            && [source, destination].allSatisfy(\.hasOwnAddress)
    }

    private static func failure(
        _ expectation: PolicyExpectation,
        _ source: Party,
        _ destination: Party,
        _ world: ResolvedSnapshot
    ) -> String? {
        let pair = "\(name(source, world)) -> \(name(destination, world))"
        guard let service = expectation.service else {
            let connections = world.connections(from: source, to: destination)
            let found: PolicyExpectation.Outcome? =
                connections.isEmpty ? .dropped : connections.passable.isAll ? .allowed : nil
            if found == expectation.expected { return nil }
            if expectation.expected == .uncertain, !connections.uncertain.isEmpty { return nil }
            let word = found?.rawValue ?? (connections.passable.isEmpty ? "uncertain" : "allowed on some ports only")
            return "\(pair) is \(word). " + rules(world.reasons(from: source, to: destination))
        }
        let connection = Connection(
            source: source,
            destination: destination,
            service: service,
            request: expectation.request
        )
        let decision = world.decision(for: connection)
        let found: PolicyExpectation.Outcome
        switch decision.answer {
        case .allowed: found = .allowed
        case .dropped, .wouldDrop: found = .dropped
        case .uncertain: found = .uncertain
        }
        return found == expectation.expected ? nil : "\(pair) is \(found.rawValue). \(why(decision))"
    }

    private static func rules(_ reasons: PairReasons) -> String {
        func side(_ name: String, _ side: PairReasons.SideReasons) -> String? {
            if side.isolating.isEmpty, side.rules.isEmpty { return nil }
            let rules =
                side.rules.isEmpty ? "no rule matches" : side.rules.map { shown("\($0)") }.joined(separator: ", ")
            let isolating = side.isolating.map { shown("\($0)") }.joined(separator: ", ")
            return "\(name): \(rules)" + (isolating.isEmpty ? "." : "; isolated by \(isolating).")
        }
        let sides = [side("Outbound", reasons.egress), side("Inbound", reasons.ingress)].compactMap { $0 }
        return sides.isEmpty ? "No policy has a say." : sides.joined(separator: " ")
    }

    private static func why(_ decision: Decision) -> String {
        let sides = [("Outbound", decision.egress?.complete), ("Inbound", decision.ingress?.complete)]
        var parts = sides.compactMap { name, judgement in judgement.map { "\(name): \(text($0))." } }
        parts += decision.uncertainties.map(\.sentence).sorted().map { "Here \($0)." }
        return parts.isEmpty ? "No policy has a say." : parts.joined(separator: " ")
    }

    private static func text(_ judgement: Judgement) -> String {
        func list(_ rules: [some CustomStringConvertible]) -> String {
            rules.map { shown("\($0)") }.joined(separator: ", ")
        }
        switch judgement.outcome {
        case .notIsolated: return "nothing isolates it"
        case .allowedByRule: return "allowed by \(list(judgement.allowing))"
        case .hostTraffic: return "the host is let in"
        case .defaultDeny: return "no rule allows it; isolated by \(list(judgement.isolating))"
        case .deniedByRule: return "denied by \(list(judgement.denying))"
        case .unknownEndpoint: return "the endpoint is unknown"
        }
    }

    private static func name(_ party: Party, _ world: ResolvedSnapshot) -> String {
        switch party.kind {
        case .endpoint(let index):
            let endpoint = world.snapshot.endpoints[index]
            return shown("\(endpoint.namespace)/\(endpoint.name)")
        case .host: return "host"
        case .node(let index): return shown("node \(world.snapshot.nodes[index].name)")
        case .reserved(let entity): return entity.rawValue
        case .world, .unknown: return "\(party.address)"
        }
    }
}

extension Party {
    /// Whether the address is the party's own, not one that stands in for it.
    fileprivate var hasOwnAddress: Bool {
        switch kind {
        case .endpoint, .node, .world: true
        case .host, .reserved, .unknown: false
        }
    }
}
