// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

/// Every answer of a namespace-scoped reader is the same whatever happens where that reader does not look.
struct ScopedAnswerTests {
    private static let view = NamespaceView.only(["shop"])
    private static let filters = [
        "", "ns:shop", "verdict:dropped", "policy:data/*", "pod:web-1", "ip:10.0.0.0/28", "label:app=web", "-ns:data",
        "port:80", "reason:policy-denied", "db", "workload:w*",
    ]

    /// What a reader sees of flows, and the same with noise that the reader must not notice.
    private static func stores(
        _ random: inout SeededRandom
    ) async throws -> (quiet: MemoryFlowStore, noisy: MemoryFlowStore) {
        let (quiet, noisy) = (MemoryFlowStore(), MemoryFlowStore())
        let flowView = FlowView(Self.view)
        for _ in 0..<300 {
            let time = Int64.random(in: 0..<3_600_000_000, using: &random)
            var flow = RandomFlows.flow(time: time, &random)
            guard flowView.seen(flow) != nil else {
                try await noisy.append([flow], losses: [])
                continue
            }
            try await noisy.append([flow], losses: [])
            // The same flow with everything hidden made different.
            flow.source = Self.disguised(flow.source)
            flow.destination = Self.disguised(flow.destination)
            if let policy = flow.decision.policy, !flowView.sees(policy: policy) {
                flow.decision.policy = "elsewhere/\(time)"
                flow.decision.rule = "outbound/9"
            }
            flow.decision.isolatedBy = flow.decision.isolatedBy.map { flowView.sees(policy: $0) ? $0 : "x/\(time)" }
            try await quiet.append([flow], losses: [])
        }
        return (quiet, noisy)
    }

    private static func disguised(_ party: Flow.Party) -> Flow.Party {
        guard party.kind == .host || (party.kind == .endpoint && party.namespace != "shop") else { return party }
        var other = party
        other.address = IPAddress(family: party.address.family, bits: 77)
        if party.kind == .endpoint {
            other.name = "renamed"
            other.labels = ["secret=1"]
        }
        return other
    }

    @Test func `pages, counts and statistics depend on what is seen alone`() async throws {
        var random = SeededRandom()
        let (quiet, noisy) = try await Self.stores(&random)
        let (one, other) = (try await Scene(store: quiet).environment, try await Scene(store: noisy).environment)
        for text in Self.filters {
            let filter = try FlowFilter(parsing: text)
            let from = Int64.random(in: 0..<1_800_000_000, using: &random)
            let range = TimeRange(from: from, to: from + 1_800_000_000)
            let comment = Comment(rawValue: "\(text), seed \(random.seed)")
            for grouping in FlowRequest.Grouping.allCases {
                var request = FlowRequest(
                    filter: filter,
                    range: range,
                    limit: 7,
                    grouping: grouping,
                    view: Self.view,
                    quickFilters: QuickFilter.host,
                    extras: [.verdicts, .sparklines]
                )
                repeat {
                    let page = try await one.flows(request)
                    #expect(page == (try await other.flows(request)), comment)
                    request.cursor = page.next
                } while request.cursor != nil
            }
            let statistics = StatisticsRequest(
                range: range,
                filter: filter,
                view: Self.view,
                comparesWithPrevious: true
            )
            #expect(try await one.totals(statistics) == (try await other.totals(statistics)), comment)
            #expect(try await one.rate(statistics) == (try await other.rate(statistics)), comment)
            #expect(try await one.namespaces(statistics) == (try await other.namespaces(statistics)), comment)
            #expect(try await one.drops(statistics) == (try await other.drops(statistics)), comment)
            #expect(try await one.traffic(statistics) == (try await other.traffic(statistics)), comment)
            #expect(try await one.policyUse(statistics) == (try await other.policyUse(statistics)), comment)
            #expect(try await one.dataQuality(statistics) == (try await other.dataQuality(statistics)), comment)
            let dimensions = BreakdownReport.Dimension.allCases
            let details = try await one.details(statistics, by: dimensions)
            for (dimension, breakdown) in zip(dimensions, details.breakdowns) {
                #expect(try await one.breakdown(statistics, by: dimension) == breakdown, comment)
                #expect(try await other.breakdown(statistics, by: dimension) == breakdown, comment)
            }
            #expect(try await one.namespaces(statistics) == details.namespaces, comment)
            #expect(try await one.drops(statistics) == details.drops, comment)
            for expanded in [nil, [], ["data"]] as [Set<String>?] {
                let request = TrafficMapRequest(statistics: statistics, expanded: expanded)
                #expect(try await one.map(request) == (try await other.map(request)), comment)
            }
        }
    }

    @Test func `losses of everybody are told without their number`() async throws {
        let store = MemoryFlowStore()
        let loss = FlowLoss(from: 10, to: 20, source: .packetLog, count: 7)
        try await store.append([], losses: [loss])
        let environment = try await Scene(store: store).environment
        let range = TimeRange(from: 0, to: 1_000_000)
        let page = try await environment.flows(FlowRequest(filter: .everything, range: range, view: Self.view))
        #expect(!page.complete && page.lost == 0 && page.losses.map(\.count) == [0])
        let quality = try await environment.dataQuality(StatisticsRequest(range: range, view: Self.view))
        #expect(quality.gaps.map(\.lost) == [0] && quality.coverage.lost == 0)
        #expect(try await environment.dataQuality(StatisticsRequest(range: range)).gaps.map(\.lost) == [7])
    }

    @Test func `policies, modes and the world are cut to what is seen`() async throws {
        let scene = try await Scene(policies: [
            World.isolated("db-deny", "db"), World.isolated("web", "web", in: "shop"),
        ])
        let environment = scene.environment
        #expect(await environment.policies(Self.view).items.map(\.name) == ["web"])
        #expect(await environment.modes(Self.view).policies.isEmpty)
        await #expect(throws: ServiceError(.notPermitted, "")) {
            _ = try await environment.world(Self.view, texts: true)
        }
        let hidden = await #expect(throws: ServiceError.self) {
            _ = try await environment.policies(named: "db-deny", namespace: nil, view: Self.view)
        }
        let missing = await #expect(throws: ServiceError.self) {
            _ = try await environment.policies(named: "db-dent", namespace: nil, view: Self.view)
        }
        #expect(hidden?.code == .notFound && hidden?.fix == missing?.fix)
        #expect(await environment.coverage(Self.view).items.map(\.workload) == ["api", "web"])
        #expect(await environment.coverage(.all).items.map(\.workload) == ["db", "api", "web"])
        #expect(await environment.status(Self.view).policies.loaded == 0)
    }

    @Test func `explaining about a workload that is not seen fails as for one that does not exist`() async throws {
        let environment = try await Scene(policies: [World.isolated("db-deny", "db")]).environment
        func failure(_ source: String, _ destination: String) async -> ServiceError? {
            await #expect(throws: ServiceError.self) {
                let request = ExplainRequest(source: source, destination: destination, port: 1, ipProtocol: .tcp)
                _ = try await environment.explain(request, Self.view)
            }
        }
        let real = await failure("data/db", "world")
        let made = await failure("data/xx", "world")
        #expect(real?.code == .notFound && made?.code == .notFound)
        #expect(real?.message.replacing("db", with: "xx") == made?.message && real?.fix == made?.fix)
        #expect(
            await failure("shop/web", "10.0.0.2")?.message.replacing("0.2", with: "0.9")
                == (await failure("shop/web", "10.0.0.9"))?.message
        )
        #expect(await failure("shop/web", "data/db-1")?.code == .notFound)
        #expect(await failure("shop/wbe", "data/db")?.fix?.contains("data") == false)
        #expect(await failure("host", "world")?.code == .badRequest)
    }

    @Test func `explaining towards a workload that is not seen names no policy of it`() async throws {
        let policies = [World.isolated("db-secret", "db"), World.isolated("db-hidden", "db", from: ["api"])]
        let environment = try await Scene(policies: policies).environment
        let request = ExplainRequest(source: "shop/web", destination: "data/db", port: 5432, ipProtocol: .tcp)
        let answer = try await environment.explain(request, Self.view)
        #expect(answer.verdict == .dropped && answer.decision.isPartlyHidden && answer.policies.isEmpty)
        #expect(answer.rule == nil)
        let text = "\(answer)"
        #expect(!text.contains("db-secret") && !text.contains("db-hidden") && !text.contains("db-1"))
        let all = try await environment.explain(request, .all)
        #expect("\(all)".contains("data/db-secret") && !all.decision.isPartlyHidden)
    }

    @Test func `live readers get what they see, and no number of what others lost`() async throws {
        let broadcast = FlowBroadcast()
        let view = FlowView(Self.view)
        var reader = try #require(await broadcast.subscribe(.everything, view)).makeAsyncIterator()
        var other = FlowSamples.denied(time: 7)
        other.source = FlowSamples.database
        await broadcast.send([other, FlowSamples.denied(time: 5)], lost: 3)
        let batch = try #require(await reader.next())
        #expect(batch.flows.map(\.time) == [5] && batch.flows[0].destination.isMasked)
        #expect(batch.lost == 0 && batch.isIncomplete)
    }
}
