// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The compiled ruleset against the engine, packet by packet.
@Suite struct RulesetOracleTests {
    private static let worldsPerPart = 400
    private static let questionsPerWorld = 40

    @Test(arguments: 0..<2)
    func `compiled rules treat first packets as the engine decides`(part: UInt64) throws {
        var asked = 0
        // One compiler for all: class numbers that are kept from world to world must not change a verdict.
        var compiler = RulesetCompiler()
        var kernel = RulesetInterpreter()
        for index in 0..<UInt64(Self.worldsPerPart) {
            let seed = SeededRandom.runSeed &+ index &* 2 &+ part
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 1))
            try #require(decoded.problems.isEmpty, "seed \(seed): \(decoded.problems)\n\(decoded.texts)")
            let resolved = ResolvedSnapshot(world.snapshot(policies: decoded.policies, groups: decoded.groups))
            let generation = UInt32(index % 1000) + 1
            try kernel.load(compiler.ruleset(for: resolved, attachments: [], generation: generation))
            for question in generator.questions(Self.questionsPerWorld, about: world) {
                guard var packet = Self.packet(question, resolved) else { continue }
                asked += 1
                let decision = resolved.decision(from: packet.source, to: packet.destination, packet.service)
                // What an earlier generation noted on a connection of ours must not colour this judgement.
                if asked % 2 == 0, decision.egress != nil || decision.ingress != nil {
                    packet.mark = (generation + 1) << 4 | UInt32(asked / 2 % 8)
                }
                let expected = Self.expected(decision)
                guard try kernel.outcome(of: packet) != expected else { continue }
                let state = "the connection's mark was \(packet.mark), the generation \(generation)"
                let mismatch = Mismatch(seed: seed, world: world, question: question, differs: Self.comparison)
                try #require(Bool(false), "\(state)\n\(mismatch.description)")
            }
        }
        #expect(asked >= 10_000)
    }

    private static let comparison: Mismatch.Comparison = { world, question in
        let decoded = DecodedWorld(world, random: SeededRandom(seed: 1))
        guard decoded.problems.isEmpty else { return nil }
        let resolved = ResolvedSnapshot(world.snapshot(policies: decoded.policies, groups: decoded.groups))
        guard let packet = packet(question, resolved) else { return nil }
        let decision = resolved.decision(from: packet.source, to: packet.destination, packet.service)
        var (compiler, kernel) = (RulesetCompiler(), RulesetInterpreter())
        do {
            try kernel.load(compiler.ruleset(for: resolved, attachments: [], generation: 1))
            let found = try kernel.outcome(of: packet)
            return found == expected(decision) ? nil : ("\(expected(decision)) because \(decision)", "\(found)")
        } catch {
            return ("a ruleset that can be read", "\(error)")
        }
    }

    private static func expected(_ decision: Decision) -> RulesetInterpreter.Outcome {
        switch decision.verdict {
        case .allowed: .accepted
        case .dropped: .dropped
        case .wouldDrop: .acceptedWouldDrop
        }
    }

    /// The packet that a question is about; `nil` where the host's rules never see one.
    private static func packet(_ question: RandomQuestion, _ world: ResolvedSnapshot) -> RulesetInterpreter.Packet? {
        let (source, destination) = (world.party(at: question.source), world.party(at: question.destination))
        // What the host sends to itself stays on its loopback.
        if source.kind == .host, destination.kind == .host { return nil }
        if question.source.isLoopback || question.destination.isLoopback { return nil }
        let hook = source.kind == .host ? "output" : destination.kind == .host ? "input" : "forward"
        return .init(hook: hook, source: question.source, destination: question.destination, service: question.service)
    }
}
