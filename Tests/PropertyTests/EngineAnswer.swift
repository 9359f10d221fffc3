// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport

/// The product's answers in the oracle's words.
struct EngineAnswer {
    let resolved: ResolvedSnapshot

    init(_ resolved: ResolvedSnapshot) { self.resolved = resolved }

    func answer(_ question: RandomQuestion) -> Oracle.Answer {
        let decision = decision(question)
        return Oracle.Answer(
            answer: decision.answer.rawValue,
            isLimited: decision.answer == .allowed && decision.isLimited,
            verdict: decision.verdict,
            decidingDirection: decision.decidingDirection,
            egress: decision.egress.map(side),
            ingress: decision.ingress.map(side)
        )
    }

    func decision(_ question: RandomQuestion) -> Decision {
        resolved.decision(
            for: Connection(
                source: party(question.source, question.sourceName),
                destination: party(question.destination, question.destinationName),
                service: question.service,
                request: question.request
            )
        )
    }

    func party(_ address: IPAddress, _ name: Entity?) -> Party {
        switch name {
        case nil: resolved.party(at: address)
        case .host: Party(.host, address: address, isAddressKnown: false)
        case .some(let entity): Party(.reserved(entity), address: address, isAddressKnown: false)
        }
    }

    private func side(_ side: SideDecision) -> Oracle.Side {
        Oracle.Side(enforced: judgement(side.enforced), complete: judgement(side.complete))
    }

    private func judgement(_ judgement: Judgement) -> Oracle.Judgement {
        Oracle.Judgement(
            outcome: "\(judgement.outcome)",
            allows: Set(judgement.allowing.map(name)),
            denies: Set(judgement.denying.map(name)),
            passes: Set(judgement.passing.map(name)),
            isolating: judgement.isolating.map(\.label).sorted()
        )
    }

    private func name(_ rule: RuleID) -> String {
        "\(rule.policy.label) specs[\(rule.spec)] \(rule.direction.rawValue) \(rule.action.rawValue) \(rule.index)"
    }
}

/// Manifests as texts, and what the decoder makes of them.
struct DecodedWorld {
    var policies: [Policy] = []
    var groups: [CIDRGroup] = []
    var texts: [String] = []
    var problems: [String] = []
    private let options: PolicyDecoder.Options

    /// Writes every manifest in a style of its own, some as YAML documents of one file, some as JSON, and decodes all.
    init(_ world: RandomWorld, random: SeededRandom) {
        options = world.decoderOptions
        var random = random
        var files: [[Manifest]] = []
        for manifest in world.groups + world.policies {
            if files.isEmpty || random.chance(40) { files.append([]) }
            files[files.count - 1].append(manifest)
        }
        for file in files { decode(Self.text(of: file, using: &random)) }
    }

    /// One file with the manifests in their order.
    static func text(of manifests: [Manifest], using random: inout SeededRandom) -> String {
        var writer = ManifestText(random: random.fork())
        if random.chance(35) {
            guard manifests.count != 1 || random.chance(30) else { return writer.json(manifests[0]) }
            return writer.json(["apiVersion": "v1", "kind": "List", "items": .list(manifests)])
        }
        var text = random.chance(50) ? "---\n" : ""
        for (index, manifest) in manifests.enumerated() {
            text += (index == 0 ? "" : "\n---\n") + writer.yaml(manifest)
        }
        return text + "\n"
    }

    private mutating func decode(_ text: String) {
        let document = SourceDocument(name: "file\(texts.count).yaml", bytes: Array(text.utf8))
        let decoded = PolicyDecoder(options).decode(document)
        texts.append(text)
        policies += decoded.policies
        groups += decoded.cidrGroups
        problems += decoded.findings.filter { $0.severity == .error }.map(\.description)
    }

    /// Without what depends on where things stand in a text.
    static func placeless(_ policies: [Policy]) -> [Policy] {
        let nowhere = SourceLocation(document: "", line: 1, column: 1)
        return policies.map { policy in
            var policy = policy
            policy.location = nowhere
            for spec in policy.specs.indices {
                policy.specs[spec].location = nowhere
                for rule in policy.specs[spec].rules.indices { policy.specs[spec].rules[rule].location = nowhere }
            }
            return policy
        }
    }
}
