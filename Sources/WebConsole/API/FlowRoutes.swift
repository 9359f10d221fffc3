// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird

/// Recorded flows, live flows, statistics and the map.
struct FlowRoutes: Sendable {
    let now: @Sendable () -> Int64

    private static let range = [FlowParameters.from, FlowParameters.to]
    private static let counting = range + [FlowParameters.filter, FlowParameters.namespace, FlowParameters.limit]

    var routes: [APIRoute] { [flows, live, traffic, map, policyUse] + statistics }

    private var flows: APIRoute {
        let now = now
        let groupings = FlowRequest.Grouping.allCases.map(\.rawValue)
        return .reading(
            "flows",
            "listFlows",
            "Recorded flows, by kind of connection or one by one.",
            FlowPage.self,
            Self.range + [
                FlowParameters.filter, FlowParameters.limit,
                APIParameter("group", .choice(groupings), "By kind of connection (default), or raw."),
                APIParameter("cursor", .text, "`next` of the page before."),
                APIParameter("sort", .choice(FlowRequest.Sort.allCases.map(\.rawValue)), "Of grouped items."),
                APIParameter("order", .choice(["asc", "desc"]), "Default: as is usual for the sort."),
                APIParameter(
                    "extra",
                    .choice(FlowRequest.Extra.allCases.map(\.rawValue)),
                    "What the page brings besides its items.",
                    isList: true
                ),
            ]
        ) { request in try await request.place().flows.flows(FlowParameters(request, now: now()).flowRequest()) }
    }

    private var live: APIRoute {
        let now = now
        return APIRoute(
            method: .get,
            path: "environments/{environment}/flows/live",
            operation: "streamFlows",
            summary: "Flows as they come.",
            needs: .namespaces(.viewTraffic),
            parameters: [FlowParameters.filter],
            answer: .text(
                "text/event-stream",
                "Events `flows` with a LiveFlows each and `lost` with a number; Last-Event-ID resumes."
            )
        ) { request in
            let filter = try FlowParameters(request, now: now()).filter()
            let after = request.request.headers[HTTPField.Name.lastEventID].flatMap(LivePlace.init)
            let wanted = LiveRequest(filter: filter, view: request.view, after: after)
            let place = try request.place()
            return LiveStream.response(await place.flows.liveFlows(wanted), while: request.isStillPermitted)
        }
    }

    private var traffic: APIRoute {
        let now = now
        return .reading(
            "traffic",
            "getTraffic",
            "Kinds of recorded connections with their counts, busiest first.",
            TrafficReport.self,
            Self.counting
        ) { request in
            try await request.place().flows.traffic(FlowParameters(request, now: now()).statisticsRequest())
        }
    }

    private var map: APIRoute {
        let now = now
        return .reading(
            "map",
            "getMap",
            "Who talks to whom, as nodes and edges.",
            TrafficMap.self,
            Self.counting + [
                APIParameter(
                    "expand",
                    .text,
                    "A namespace whose workloads are shown one by one; * for all.",
                    isList: true
                ),
                APIParameter("unused", .flag, "Whether permitted connections that nothing used are added."),
            ]
        ) { request in
            let expanded = Set(request.queries("expand"))
            return try await request.place().insight.map(
                TrafficMapRequest(
                    statistics: FlowParameters(request, now: now()).statisticsRequest(),
                    expanded: expanded.contains("*") ? nil : expanded,
                    includesUnused: request.query("unused") == "true"
                )
            )
        }
    }

    private var policyUse: APIRoute {
        let now = now
        return .reading(
            "policy-use",
            "getPolicyUse",
            "How recorded traffic used each policy and each of its rules.",
            PolicyUseReport.self,
            Self.counting
        ) { request in
            try await request.place().insight.policyUse(FlowParameters(request, now: now()).statisticsRequest())
        }
    }

    private var statistics: [APIRoute] {
        let now = now
        let compare = APIParameter("compare", .flag, "Whether the time before is counted, too.")
        let dimensions = BreakdownReport.Dimension.allCases.map(\.rawValue)
        return [
            .counting("totals", "getTotals", "One count of traffic.", TotalsReport.self, now, [compare]) {
                try await $0.flows.totals($1)
            },
            .counting("rate", "getRate", "Traffic over time.", RateReport.self, now) { try await $0.flows.rate($1) },
            .counting("namespaces", "getNamespaces", "Each namespace by itself.", NamespaceReport.self, now) {
                try await $0.flows.namespaces($1)
            },
            .counting("drops", "getDrops", "What is dropped or would be.", DropsReport.self, now) {
                try await $0.flows.drops($1)
            },
            .counting("quality", "getDataQuality", "Whether this is everything.", DataQualityReport.self, now) {
                try await $0.insight.dataQuality($1)
            },
            .reading(
                "statistics/breakdown/{dimension}",
                "getBreakdown",
                "Traffic by \(dimensions.joined(separator: ", ")).",
                BreakdownReport.self,
                Self.counting
            ) { request in
                let word = try request.path("dimension")
                guard let dimension = BreakdownReport.Dimension(rawValue: word) else {
                    throw ServiceError(
                        .notFound,
                        "Traffic cannot be broken down by \(word).",
                        fix: "Use one of: \(dimensions.joined(separator: ", "))."
                    )
                }
                let counted = try FlowParameters(request, now: now()).statisticsRequest()
                return try await request.place().insight.breakdown(counted, by: dimension)
            },
        ]
    }
}

extension APIRoute {
    fileprivate static func counting<Answer: Codable & Sendable>(
        _ path: String,
        _ operation: String,
        _ summary: String,
        _ answer: Answer.Type,
        _ now: @escaping @Sendable () -> Int64,
        _ more: [APIParameter] = [],
        _ body: @escaping @Sendable (ConsoleEnvironment, StatisticsRequest) async throws -> Answer
    ) -> APIRoute {
        let shared = [
            FlowParameters.from, FlowParameters.to, FlowParameters.filter, FlowParameters.namespace,
            FlowParameters.limit,
        ]
        return .reading("statistics/" + path, operation, summary, answer, shared + more) { request in
            try await body(request.place(), FlowParameters(request, now: now()).statisticsRequest())
        }
    }
}
