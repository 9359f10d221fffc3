// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import Testing

@testable import ControlPlane

struct ExplainerTests {
    private static func explain(
        _ world: ResolvedSnapshot,
        _ source: String,
        _ destination: String,
        port: UInt16 = 5432,
        observed: Explanation.Observed? = nil
    ) async throws -> Explanation {
        let request = ExplainRequest(source: source, destination: destination, port: port, ipProtocol: .tcp)
        return try await Explainer(world).explanation(of: request) { _ in observed }
    }

    private static let deny = World.isolated("db-deny", "db")
    private static let allow = World.isolated("db-allow", "db", from: ["api"])

    @Test func aDefaultDenyNamesWhatIsolatesAndWhatComesClosest() async throws {
        let world = World.resolved([Self.deny, Self.allow])
        let observed = Explanation.Observed(agreeing: 1204, disagreeing: 0, since: Timestamp(microseconds: 0))
        let answer = try await Self.explain(world, "shop/web", "data/db", observed: observed)
        #expect(answer.verdict == .dropped)
        #expect(answer.steps.map(\.label) == ["source", "destination", "outbound", "inbound", "mode", "verdict"])
        #expect(answer.steps[2].result == "allowed" && answer.steps[2].text == "shop/web is not restricted outbound")
        #expect(answer.steps[3].result == "NOT ALLOWED")
        #expect(
            answer.steps[3].text == "data/db-allow and data/db-deny isolate data/db; neither allows shop/web"
        )
        #expect(answer.steps[3].notes.map(\.label) == ["closest"])
        #expect(
            answer.steps[3].notes.first?.text.hasPrefix("data/db-allow inbound/1")
                == true
        )
        #expect(answer.steps[4].result == "blocking")
        #expect(answer.steps[5].result == "DROPPED" && answer.steps[5].text.hasPrefix("agrees with 1204 flows since"))
        #expect(answer.advice?.hasPrefix("To allow it: add to data/db-") == true)
    }

    @Test func anAllowedConnectionNamesTheRule() async throws {
        let world = World.resolved([Self.deny, Self.allow])
        let answer = try await Self.explain(world, "shop/api", "data/db")
        #expect(answer.verdict == .allowed)
        #expect(answer.steps[3].text == "allowed by data/db-allow inbound/1")
        #expect(answer.steps[3].notes.first?.text.hasPrefix("data/db-allow inbound/1 at 1.yaml:") == true)
        #expect(answer.advice == nil)
        let other = try await Self.explain(world, "shop/api", "data/db", port: 80)
        #expect(other.verdict == .dropped)
        #expect(other.steps[3].notes.first?.text.hasPrefix("data/db-allow inbound/1") == true)
    }

    @Test func auditSaysThatNothingIsBlocked() async throws {
        let answer = try await Self.explain(World.resolved([Self.deny], mode: .audit), "shop/web", "data/db")
        #expect(answer.verdict == .wouldDrop)
        #expect(answer.steps[4].result == "audit" && answer.steps[4].text.contains("nothing is blocked"))
        #expect(answer.steps[5].result == "WOULD DROP")
    }

    @Test func trafficOfTheHostIsAllowedUnlessItIsPutUnderPolicy() async throws {
        let free = try await Self.explain(World.resolved([Self.deny]), "host", "data/db")
        #expect(free.verdict == .allowed && free.hostTraffic?.contains("--host-traffic allowed") == true)
        let bound = try await Self.explain(World.resolved([Self.deny], hostTraffic: .enforced), "host", "data/db")
        #expect(bound.verdict == .dropped && bound.hostTraffic?.contains("--host-traffic enforce") == true)
    }

    @Test func aDisagreementIsSaid() async throws {
        let observed = Explanation.Observed(agreeing: 3, disagreeing: 1, since: Timestamp(microseconds: 0))
        let answer = try await Self.explain(World.resolved(), "shop/web", "data/db", observed: observed)
        #expect(answer.steps[5].text.hasPrefix("disagrees with 1 of 4 flows"))
    }

    @Test(arguments: [
        ("shop/wbe", "Did you mean shop/web?"), ("nowhere", "Write it like shop/web."), ("shop/", "Write it like"),
    ])
    func aNameThatIsNobodysIsRefusedWithAFix(_ name: String, _ fix: String) async throws {
        let error = await #expect(throws: ServiceError.self) {
            try await Self.explain(World.resolved(), name, "data/db")
        }
        #expect("\(error as Any)".contains(fix))
    }

    @Test func anAddressThatNoContainerHasIsUnknown() async throws {
        let answer = try await Self.explain(World.resolved([Self.allow]), "10.0.0.77", "data/db")
        #expect(answer.verdict == .dropped)
        #expect(answer.steps[0].text.contains("no container has"))
    }
}
