// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import NetworkPrimitives

/// Models with everything in them, made with names as they come or with hostile ones.
struct Samples: Sendable {
    /// Applied to every text that comes from elsewhere.
    var name: @Sendable (String) -> String = { $0 }
    var access = Access.full
    var theme = PageContext.Theme.system

    static let hostile = Samples(name: { "\($0)\"><script>alert('\($0)')</script>&amp;<b onclick=x>\u{1B}[0m" })

    static let now = Timestamp(microseconds: 1_795_356_150_000_000)

    static func time(_ secondsAgo: Int64) -> Timestamp {
        Timestamp(microseconds: now.microseconds - secondsAgo * 1_000_000)
    }

    func context(_ segments: String..., query: [Link.Parameter] = []) -> PageContext {
        let isServer = segments.first != "e"
        return PageContext(
            environments: [
                .init(name: name("edge-7"), kind: .host, mode: .audit, isObserved: false, trouble: name("no runtime")),
                .init(name: name("production"), kind: .host, mode: .blocking),
                .init(name: name("staging"), kind: .sandbox, mode: .audit),
            ],
            environmentName: isServer ? nil : name("production"),
            viewer: .init(name: name("author1"), access: access),
            location: Link(segments: segments.map { $0 == "production" ? name($0) : $0 }, query: query),
            theme: theme,
            csrfToken: name("token"),
            now: Self.now,
            version: name("1.0.0"),
            command: isServer ? nil : name("palisade \(segments.last ?? "") --since 8h"),
            connection: .receiving(flowsPerSecond: 1234),
            notices: isServer ? [] : [.init(.remark, name("Switched; removed ns:shop, which is not there."))]
        )
    }

    func range(_ from: String = "now-8h") -> TimeRangeChoice {
        TimeRangeChoice(
            from: from,
            range: TimeRange(from: Self.time(28_800).microseconds, to: Self.now.microseconds),
            keptSeconds: 259_200,
            offersLive: true
        )
    }

    func series(_ count: Int = 96, seconds: Int = 300) -> TrafficSeries {
        let buckets = (0..<count).map { index in
            let wave = UInt64(900 + (index * 37) % 400 + (index > 60 ? 600 : 0))
            return TrafficSeries.Bucket(
                start: Self.time(Int64((count - index) * seconds)),
                allowed: wave,
                dropped: UInt64((index * 13) % 90) + (index == 70 ? 400 : 0),
                wouldDrop: UInt64((index * 7) % 60),
                isGap: (30..<36).contains(index),
                isIncomplete: index == count - 1
            )
        }
        return TrafficSeries(bucketSeconds: seconds, buckets: buckets)
    }

    func party(_ namespace: String, _ workload: String) -> Flow.Party {
        Flow.Party(
            kind: .endpoint,
            address: IPAddress(v4: 0x0a00_0005),
            namespace: name(namespace),
            workload: name(workload),
            name: name("\(workload)-1"),
            labels: [name("app=\(workload)")]
        )
    }

    func flow(
        _ verdict: Verdict,
        from source: Flow.Party,
        to destination: Flow.Party,
        port: UInt16,
        _ decision: Flow.Decision
    ) -> Flow {
        Flow(
            time: Self.time(19).microseconds,
            verdict: verdict,
            direction: .ingress,
            source: source,
            destination: destination,
            ipProtocol: .tcp,
            sourcePort: 40_000,
            destinationPort: port,
            tcpFlags: 2,
            bytes: 48_210,
            packets: 12,
            duration: 1_200_000,
            decision: decision,
            revision: 7
        )
    }

    var flows: [Flow] {
        let isolated = Flow.Decision(
            isolatedBy: [name("data/db-allow-api"), name("data/db-deny")],
            reason: .policyDenied
        )
        let allowed = Flow.Decision(policy: name("shop/allow-web"), rule: "inbound/1", reason: .allowedByRule)
        let world = Flow.Party(kind: .world, address: IPAddress(v4: 0xcb00_7107))
        let host = Flow.Party(kind: .host, address: IPAddress(v4: 0x0a00_0001))
        return [
            flow(.dropped, from: party("shop", "web"), to: party("data", "db"), port: 5432, isolated),
            flow(.allowed, from: world, to: party("shop", "web"), port: 443, allowed),
            flow(
                .wouldDrop,
                from: party("shop", "api-with-a-very-long-name-6c9f7d5b8-x2x9q"),
                to: world,
                port: 443,
                isolated
            ),
            flow(.allowed, from: host, to: party("data", "db"), port: 5432, .init(reason: .hostTraffic)),
            flow(
                .allowed,
                from: party("shop", "web"),
                to: party("shop", "api"),
                port: 8080,
                .init(reason: .notIsolated)
            ),
        ]
    }

    /// Grouped, busiest as in the examples of the specification.
    var groups: [FlowItem] {
        zip(flows, [1204, 48_210, 37, 12, 6200] as [UInt64]).map { flow, count in
            FlowItem(
                FlowGroup(
                    key: FlowKey(flow),
                    count: FlowCount(
                        flows: count,
                        packets: count * 3,
                        bytes: count * 900,
                        firstSeen: Self.time(7200).microseconds,
                        lastSeen: flow.time
                    )
                )
            )
        }
    }

    func flowsModel(rows: Int = 1, query: String = "", live: Bool = false) -> FlowsModel {
        let items = (0..<rows).flatMap { _ in groups }
        let page = FlowPage(
            environment: name("production"),
            range: .init(range().range),
            grouping: .connection,
            complete: false,
            lost: 1840,
            matched: 55_663,
            total: 60_101,
            keptSince: Self.time(259_200),
            items: rows == 1 ? items : items.enumerated().map { Self.distinct($0.element, $0.offset) },
            next: "c1"
        )
        return FlowsModel(
            page: page,
            timeRange: range(live ? "live" : "now-8h"),
            query: query,
            verdictCounts: [.allowed: 54_422, .dropped: 1204, .wouldDrop: 37],
            quickFilters: [
                .init(id: "dns", title: name("DNS lookups"), isOn: true, hidden: 3102),
                .init(id: "host", title: "Host", isOn: false, hidden: 12),
            ],
            histogram: series(),
            selected: rows == 1 && !live ? detail : nil,
            partialView: .init(visible: 2, all: 9)
        )
    }

    private static func distinct(_ item: FlowItem, _ number: Int) -> FlowItem {
        var item = item
        item.port = UInt16(1000 + number)
        return item
    }

    var detail: FlowDetail {
        FlowDetail(
            item: groups[0],
            story: DecisionStory.sentences(groups[0]),
            policies: [
                .init(name: name("data/db-deny"), link: Link("e", name("production"), "policies", name("data")))
            ],
            closestRule: .init(name: name("data/db-allow-api inbound/1"), link: Link("e", "p", fragment: "L12")),
            timeline: series(24, seconds: 1200),
            json: name("{\"verdict\":\"DROPPED\"}"),
            command: name("palisade explain shop/web data/db --port 5432"),
            createRule: access.allows(.proposeChanges, in: .server)
                ? Link("e", name("production"), "policies", "new") : nil
        )
    }
}
