// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// A case's manifests as a world, and the answers of the engine to the case's questions.
struct CaseWorld {
    var snapshot: ClusterSnapshot
    var findings: [Finding]

    /// Reads manifests, spread over any number of files, as a case wants them read.
    init(_ texts: [String], of conformanceCase: ConformanceCase) {
        let documents = texts.enumerated().map { SourceDocument(name: "case-\($0).yaml", bytes: Array($1.utf8)) }
        let options = WorldReader.Options(
            reach: conformanceCase.reach,
            tieredPolicies: .read,
            semantics: conformanceCase.semantics
        )
        let world = WorldReader(options).read(documents)
        snapshot = world.snapshot
        snapshot.modes.environment = .blocking
        findings = world.documents.flatMap(\.findings)
    }

    /// What differs from the answers of the case; empty when all agree.
    func differences(from conformanceCase: ConformanceCase) -> [String] {
        let errors = findings.filter { $0.severity == .error }
        if let code = conformanceCase.rejected {
            if errors.isEmpty { return ["accepted, not rejected with \(code)"] }
            return errors.contains { $0.code == code }
                ? [] : ["rejected with \(errors.map(\.description)), not \(code)"]
        }
        guard errors.isEmpty else { return errors.map(\.description) }
        let resolved = ResolvedSnapshot(snapshot)
        return conformanceCase.asks.flatMap { differences($0, resolved) }
    }

    private func differences(_ ask: ConformanceCase.Ask, _ world: ResolvedSnapshot) -> [String] {
        let label = "line \(ask.line), \(ask.from) -> \(ask.to) \(ask.service)"
        guard let source = PartyName(ask.from)?.parties(in: world).first,
            let destination = PartyName(ask.to)?.parties(in: world).first
        else { return ["\(label): nobody has that name"] }
        let connection = Connection(
            source: source,
            destination: destination,
            service: ask.service,
            request: ask.request
        )
        let decision = world.decision(for: connection)
        var result: [String] = []
        let answer = decision.answer.rawValue.lowercased()
        if answer != ask.answer { result.append("\(label): \(answer), not \(ask.answer)") }
        if let isLimited = ask.isLimited, decision.isLimited != isLimited {
            result.append("\(label): \(decision.isLimited ? "limited" : "not limited") by requests")
        }
        // The same question put to the sets of connections.
        guard ask.request.isEmpty else { return result }
        let pair = world.connections(from: source, to: destination)
        let set =
            pair.passable.contains(ask.service)
            ? "allowed" : pair.uncertain.contains(ask.service) ? "uncertain" : "dropped"
        if set != ask.answer { result.append("\(label): the set says \(set), not \(ask.answer)") }
        return result
    }
}
