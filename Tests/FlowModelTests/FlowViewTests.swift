// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

struct FlowViewTests {
    private static let shop = FlowView(namespaces: ["shop"])
    private static let data = FlowView(namespaces: ["data"])

    @Test func `whoever sees everything sees flows as they are`() {
        let flow = FlowSamples.denied()
        #expect(FlowView.all.seen(flow) == flow)
        #expect(FlowView.all.seen(FlowKey(flow)) == FlowKey(flow))
    }

    @Test func `a flow with no end in the view is not there`() {
        let view = FlowView(namespaces: ["other"])
        #expect(view.seen(FlowSamples.denied()) == nil)
        #expect(view.seen(FlowKey(FlowSamples.denied())) == nil)
        #expect(FlowView(namespaces: []).seen(FlowSamples.wouldDrop()) == nil)
    }

    @Test func `the end that is not seen keeps kind, namespace and workload only`() throws {
        let flow = try #require(Self.shop.seen(FlowSamples.denied()))
        #expect(flow.source == FlowSamples.web)
        let end = flow.destination
        #expect(end.kind == .endpoint && end.namespace == "data" && end.workload == "db")
        #expect(end.name == nil && end.labels.isEmpty && end.isMasked)
        #expect(end.address != FlowSamples.database.address)
    }

    @Test func `an address outside is told, the host's is not`() throws {
        let outside = try #require(Self.shop.seen(FlowSamples.wouldDrop()))
        #expect(outside.destination == FlowSamples.wouldDrop().destination)
        var flow = FlowSamples.denied()
        flow.destination = Flow.Party(kind: .host, address: IPAddress(v4: 0x0a00_00fe))
        #expect(try #require(Self.shop.seen(flow)).destination.isMasked)
    }

    @Test func `decisions of policies that are not seen lose their names and say so`() throws {
        let hidden = try #require(Self.shop.seen(FlowSamples.denied())).decision
        #expect(hidden.isolatedBy.isEmpty && hidden.isPartlyHidden && hidden.reason == .policyDenied)
        let allowed = try #require(Self.shop.seen(FlowSamples.allowed())).decision
        #expect(allowed.policy == nil && allowed.rule == nil && allowed.isPartlyHidden)
        let own = try #require(Self.data.seen(FlowSamples.allowed())).decision
        #expect(own == FlowSamples.allowed().decision)
        #expect(!Self.shop.sees(policy: "cluster-wide"))
        #expect(FlowView.all.sees(policy: "cluster-wide"))
    }

    @Test func `filters see what is shown and nothing else`() throws {
        let texts = [
            "pod:db-0", "label:app=db", "ip:10.0.0.2", "policy:data/db-deny", "policy:db-deny", "db-0",
            "ip:0.0.0.0/0 -from.ip:0.0.0.0/0",
        ]
        for text in texts {
            let query = FlowQuery(
                filter: try FlowFilter(parsing: text),
                range: TimeRange(from: 0, to: .max),
                view: Self.shop
            )
            #expect(query.seen(FlowSamples.denied()) == nil, "\(text)")
        }
        let query = FlowQuery(
            filter: try FlowFilter(parsing: "to.workload:data/db pod:web-1"),
            range: TimeRange(from: 0, to: .max),
            view: Self.shop
        )
        #expect(query.seen(FlowSamples.denied()) != nil)
    }

    @Test func `the key of a seen record is the seen key of the record`() {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let flow = RandomFlows.flow(time: 5, &random)
            for view in [FlowView.all, Self.shop, Self.data, FlowView(namespaces: [])] {
                #expect(view.seen(flow).map { FlowKey($0) } == view.seen(FlowKey(flow)), "seed \(random.seed)")
            }
        }
    }

    @Test func `coarse keys answer what is asked about namespaces and verdicts`() throws {
        var random = SeededRandom()
        let filters = try ["", "ns:shop", "-to.ns:data verdict:dropped", "entity:world", "from.ns:s*"].map {
            try FlowFilter(parsing: $0)
        }
        for _ in 0..<2_000 {
            let key = FlowKey(RandomFlows.flow(time: 5, &random))
            for filter in filters {
                #expect(filter.isAboutNamespaces)
                #expect(filter.matches(key) == filter.matches(key.coarse), "\(filter), seed \(random.seed)")
                #expect(Self.shop.seen(key)?.coarse == Self.shop.seen(key.coarse)?.coarse)
            }
        }
    }
}
