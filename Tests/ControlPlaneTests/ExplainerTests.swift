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
            answer.steps[3].notes.first?.text
                == "data/db-allow inbound/1 allows TCP 5432 from pods with app=api in any namespace (1.yaml:8:5)"
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
        #expect(other.steps[3].notes.first?.text.contains("allows TCP 5432 from pods with app=api") == true)
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

    @Test func instancesWithDifferentAnswersAreToldApart() async throws {
        var second = World.db
        (second.id, second.name, second.labels["tier"]) = ("db-2", "db-2", "open")
        second.addresses = [World.address("10.0.0.9")]
        let text = World.isolated("closed", "db").replacing("{app: db}", with: "{tier: open}")
        let world = World.resolved([text], endpoints: [World.web, World.db, second])
        let error = await #expect(throws: ServiceError.self) { try await Self.explain(world, "shop/web", "data/db") }
        #expect(
            error?.description
                == "Instances get different answers: shop/web-1 -> data/db-1 ALLOWED, shop/web-1 -> data/db-2 DROPPED. Name the instances."
        )
        #expect(error?.code == .badRequest)
        #expect(try await Self.explain(world, "shop/web", "data/db-1").verdict == .allowed)
        #expect(try await Self.explain(world, "shop/web", "data/db-2").verdict == .dropped)
        #expect(try await Self.explain(World.resolved([Self.deny]), "shop/web", "data/db").verdict == .dropped)
    }

    @Test func aNameOfAWorkloadAndOfAnotherWorkloadsInstanceIsAmbiguous() async throws {
        var other = World.api
        other.name = "web"
        let world = World.resolved(endpoints: [World.web, other, World.db])
        let error = await #expect(throws: ServiceError.self) { try await Self.explain(world, "shop/web", "data/db") }
        #expect(error?.message == "shop/web is a workload, and also an instance of shop/api.")
    }

    @Test func anotherAnswerForTheOtherFamilyIsSaid() async throws {
        let text = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: out, namespace: shop}
            spec:
              podSelector: {matchLabels: {app: web}}
              policyTypes: [Egress]
              egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]

            """
        let answer = try await Self.explain(World.resolved([text]), "shop/web", "world")
        #expect(answer.verdict == .allowed)
        #expect(answer.steps[5].notes.first?.text == "DROPPED over IPv6; ask with the IPv6 address to see why")
    }

    @Test func icmpWithoutATypeIsAnEchoRequestOfItsFamily() async throws {
        let text = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: ping, namespace: data}
            spec:
              endpointSelector: {matchLabels: {app: db}}
              ingress: [{fromEntities: [all], icmps: [{fields: [{family: IPv6, type: 128}]}]}]

            """
        let world = World.resolved([text])
        func verdict(_ type: UInt16?, _ family: IPProtocol) async throws -> Verdict {
            let request = ExplainRequest(source: "shop/web", destination: "data/db", port: type, ipProtocol: family)
            return try await Explainer(world).explanation(of: request) { _ in nil }.verdict
        }
        #expect(try await verdict(nil, .icmpv6) == .allowed)
        #expect(try await verdict(128, .icmpv6) == .allowed)
        #expect(try await verdict(0, .icmpv6) == .dropped)
        #expect(try await verdict(nil, .icmp) == .dropped)
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
