// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

struct InsightTests {
    private static let range = TimeRange(from: 0, to: 3_600_000_000)
    private static let request = StatisticsRequest(range: range)
    private static let deny = World.isolated("db-deny", "db")
    private static let allow = World.isolated("db-allow", "db", from: ["api"])

    private static func scene(_ flows: [Flow], _ policies: [String] = [deny, allow]) async throws -> Scene {
        let store = MemoryFlowStore()
        try await store.append(flows, losses: [])
        return try await Scene(policies: policies, store: store)
    }

    @Test func `a map has a node per namespace, and per workload where it is expanded`() async throws {
        let environment = try await Self.scene([FlowSamples.denied(), FlowSamples.wouldDrop()]).environment
        let closed = try await environment.map(TrafficMapRequest(statistics: Self.request))
        #expect(closed.nodes.map(\.id) == ["data", "shop", "world"])
        #expect(closed.nodes.map(\.workloads) == [1, 2, 0])
        #expect(closed.edges.map { [$0.source, $0.destination] } == [["shop", "data"], ["shop", "world"]])
        #expect(
            closed.edges.map(\.verdict) == [.dropped, .wouldDrop] && closed.edges.allSatisfy { $0.layer == .observed }
        )
        #expect(closed.nodes[0].isIsolatedInbound && !closed.nodes[0].isIsolatedOutbound)
        #expect(closed.nodes[0].policies == ["data/db-allow", "data/db-deny"])
        let open = try await environment.map(TrafficMapRequest(statistics: Self.request, expanded: ["shop"]))
        #expect(open.nodes.map(\.id) == ["data", "shop/api", "shop/web", "world"])
        let edge = try #require(open.edges.first)
        #expect(edge.source == "shop/web" && edge.ports == ["TCP 5432"] && edge.connections == 1)
    }

    @Test func `what policies permit and nobody used is a layer of its own`() async throws {
        let scene = try await Self.scene([FlowSamples.denied()])
        func unused(_ environment: HostEnvironment, _ view: NamespaceView = .all) async throws -> [String] {
            var request = TrafficMapRequest(statistics: Self.request, expanded: nil, includesUnused: true)
            request.statistics.view = view
            let edges = try await environment.map(request).edges.filter { $0.layer == .unused }
            return edges.map { "\($0.source) \($0.destination) \($0.ports.joined(separator: ","))" }
        }
        // Only what an isolated end permits; that web may talk to api is nobody's decision.
        #expect(try await unused(scene.environment) == ["shop/api data/db TCP 5432"])
        #expect(try await unused(scene.environment, .only(["shop"])).isEmpty)
        var used = FlowSamples.allowed()
        used.source.workload = "api"
        #expect(try await unused(Self.scene([used]).environment).isEmpty)
    }

    @Test func `rules count what they decided, isolating policies what they stopped`() async throws {
        var allowed = FlowSamples.allowed(time: 9_000_000)
        allowed.source.workload = "api"
        let environment = try await Self.scene([FlowSamples.denied(), FlowSamples.denied(), allowed]).environment
        let use = try await environment.policyUse(Self.request)
        #expect(use.items.map(\.policy) == ["data/db-allow", "data/db-deny"])
        #expect(use.items[0].use.allowed == 1 && use.items[0].rules["inbound/1"]?.allowed == 1)
        #expect(use.items[0].use.lastUsed == Timestamp(microseconds: 9_000_000))
        #expect(use.items[1].use.dropped == 2 && use.items[1].rules.isEmpty)
    }

    @Test func `a policy that changed counts since it changed`() async throws {
        let scene = try await Self.scene([10, 20, 30].map { FlowSamples.denied(time: $0 * 60_000_000) })
        let environment = scene.environment
        #expect(try await environment.policyUse(Self.request).items[1].use.dropped == 3)
        scene.clock.move(to: 25 * 60_000_000)
        scene.policies.set([Self.deny.replacing("app: db", with: "app: db, x: z"), Self.allow])
        _ = await environment.state.receive(try await environment.policyIntake.read())
        scene.clock.move(to: 3_600_000_000)
        let use = try await environment.policyUse(Self.request)
        #expect(use.items[1].policy == "data/db-deny")
        #expect(use.items[1].use.dropped == 1)
    }

    @Test func `traffic is broken down by reason, port and policy`() async throws {
        var icmp = FlowSamples.denied()
        (icmp.ipProtocol, icmp.destinationPort, icmp.packets) = (.icmp, 8, 5)
        let environment = try await Self.scene([FlowSamples.denied(), icmp, FlowSamples.allowed()]).environment
        let ports = try await environment.breakdown(Self.request, by: .port).items
        #expect(ports.map(\.name) == ["ICMP 8", "TCP 5432"] && ports[1].allowed.connections == 1)
        let reasons = try await environment.breakdown(Self.request, by: .reason).items.map(\.name)
        #expect(reasons == ["POLICY_DENIED", "ALLOWED_BY_RULE"])
        let policies = try await environment.breakdown(Self.request, by: .policy).items.map(\.name)
        #expect(policies == ["data/db-deny", "data/db-allow"])
    }

    @Test func `an overview says what needs somebody, worst first`() async throws {
        let nobody = World.isolated("nobody", "ghost")
        let store = MemoryFlowStore()
        let time: Int64 = 3_500_000_000
        try await store.append(
            [FlowSamples.wouldDrop(time: time), FlowSamples.denied(time: time)],
            losses: [FlowLoss(from: time, to: time, source: .pipeline, count: 4)]
        )
        let scene = try await Scene(policies: [Self.deny, nobody], mode: .audit, store: store)
        let overview = try await scene.environment.overview(.all, over: nil)
        #expect(
            overview.items.map(\.topic) == [
                .notInSync, .auditMode, .policiesWithoutSubjects, .workloadsWithoutPolicy, .lostEvents,
            ]
        )
        #expect(overview.health == .failing && overview.mode == .audit)
        let audit = overview.items[1]
        #expect(audit.message == "lab is in audit mode: 1 connection would have been dropped in the last 24 h.")
        #expect(audit.link == OverviewLink(.flows, filter: "verdict:would-drop", lookback: 86_400_000_000))
        #expect(overview.items[2].link.name == "data/nobody")
        #expect(overview.items[3].names == ["shop/api", "shop/web"])
        #expect(overview.totals.total.connections == 2 && overview.packets.counts.reduce(0, +) == 2)
        #expect(overview.droppedPackets.counts.reduce(0, +) == 1 && overview.topDrops.count == 2)
        #expect(overview.workloads.inboundOnly == 1 && overview.workloads.none == 2)
        let part = try await scene.environment.overview(.only(["shop"]), over: nil)
        #expect(part.items.map(\.topic) == [.notInSync, .auditMode, .workloadsWithoutPolicy, .lostEvents])
        #expect(part.items.last?.count == 0 && part.policies == 0)
    }
}

struct FlowListingTests {
    private static let range = TimeRange(from: 0, to: 3_600_000_000)

    private static func environment(_ random: inout SeededRandom) async throws -> HostEnvironment {
        let store = MemoryFlowStore()
        let flows = (0..<400).map { _ in
            RandomFlows.flow(time: Int64.random(in: 0..<3_600_000_000, using: &random), &random)
        }
        try await store.append(flows, losses: [])
        return try await Scene(store: store).environment
    }

    @Test(arguments: FlowRequest.Sort.allCases)
    func `pages of a sorted list are the list`(_ sort: FlowRequest.Sort) async throws {
        var random = SeededRandom()
        let environment = try await Self.environment(&random)
        for isDescending in [false, true] {
            var whole = FlowRequest(filter: .everything, range: Self.range, limit: 10_000, sort: sort)
            whole.isDescending = isDescending
            let all = try await environment.flows(whole)
            #expect(all.next == nil && all.rows == all.items.count)
            var paged = whole
            paged.limit = 37
            var items: [FlowItem] = []
            repeat {
                let page = try await environment.flows(paged)
                items += page.items
                paged.cursor = page.next
            } while paged.cursor != nil
            #expect(items == all.items, "seed \(random.seed)")
        }
    }

    @Test func `a list and its rate say the same together as apart`() async throws {
        var random = SeededRandom()
        let environment = try await Self.environment(&random)
        let texts = [
            "", "ns:shop", "ip:10.0.0.0/9", "-ip:10.0.0.0/9 verdict:dropped", "pod:web-1 verdict:allowed", "web",
        ]
        for text in texts {
            for grouping in FlowRequest.Grouping.allCases {
                for view in [NamespaceView.all, .only(["shop"]), .only([])] {
                    var request = FlowRequest(
                        filter: try FlowFilter(parsing: text),
                        range: TimeRange(
                            from: 100_000_000,
                            to: .random(in: 200_000_000..<3_600_000_000, using: &random)
                        ),
                        limit: 20,
                        grouping: grouping,
                        view: view,
                        extras: [.verdicts]
                    )
                    request.quickFilters = ["port:80", "pod:web-1", "ns:data"].enumerated().map { index, text in
                        QuickFilter(
                            id: "\(index)",
                            title: text,
                            filters: [(try? FlowFilter(parsing: text)) ?? .everything],
                            isOn: Bool.random(using: &random)
                        )
                    }
                    let found = try await environment.flowsOverTime(request)
                    var counted = StatisticsRequest(range: request.range, filter: request.filter, view: view)
                    counted.excluding = request.quickFilters.filter(\.isOn).flatMap(\.filters)
                    #expect(found.page == (try await environment.flows(request)), "\(text), seed \(random.seed)")
                    #expect(found.rate == (try await environment.rate(counted)), "\(text), seed \(random.seed)")
                }
            }
        }
    }

    @Test func `verdicts and what quick filters hide are counted, whatever is shown`() async throws {
        var random = SeededRandom()
        let environment = try await Self.environment(&random)
        let dropped = try FlowFilter(parsing: "verdict:dropped")
        let noise = [
            QuickFilter(id: "80", title: "Port 80", filters: [try FlowFilter(parsing: "port:80")], isOn: true),
            QuickFilter(id: "pods", title: "Pods", filters: [try FlowFilter(parsing: "pod:web-1")]),
        ]
        func page(_ filter: FlowFilter, _ quick: [QuickFilter] = []) async throws -> FlowPage {
            try await environment.flows(
                FlowRequest(
                    filter: filter,
                    range: Self.range,
                    limit: 10_000,
                    quickFilters: quick,
                    extras: [.verdicts, .sparklines]
                )
            )
        }
        let plain = try await page(dropped)
        let counts = try #require(plain.verdicts)
        #expect(counts.dropped == plain.matched && counts.total == plain.total, "seed \(random.seed)")
        #expect(plain.items.allSatisfy { $0.sparkline?.counts.reduce(0, +) == $0.count }, "seed \(random.seed)")
        let quiet = try await page(dropped, noise)
        let hidden = quiet.hidden
        #expect(hidden.map(\.id) == ["80", "pods"])
        #expect(hidden[0].rows == plain.rows - quiet.rows && hidden[0].events == plain.matched - quiet.matched)
        // The second is off: it says what it would hide of what the first leaves.
        let pods = try await page(try FlowFilter(parsing: "verdict:dropped pod:web-1"), noise)
        #expect(hidden[1].events == pods.matched + pods.hidden[0].events, "seed \(random.seed)")
        #expect(!pods.items.isEmpty && pods.items.allSatisfy { $0.sparkline?.counts.reduce(0, +) == $0.count })
    }

    @Test func `a place that is none is refused`() async throws {
        var random = SeededRandom()
        let environment = try await Self.environment(&random)
        for text in ["", "x", "zz-1", "1", "1--1"] {
            for grouping in FlowRequest.Grouping.allCases {
                let request = FlowRequest(
                    filter: .everything,
                    range: Self.range,
                    grouping: grouping,
                    cursor: text
                )
                await #expect(throws: ServiceError(.badRequest, "")) { _ = try await environment.flows(request) }
            }
        }
    }
}
