// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

extension QuickFilter {
    /// What a host has of everyday noise: name lookups, the host itself, scrapers, and Palisade.
    ///
    /// A runtime checks health inside of the container, where no traffic is seen; what is left of such checks comes from
    /// the host.
    static let host = [
        QuickFilter(
            id: "dns",
            title: "DNS lookups",
            filters: [filter([(.destination, .port, .range(PortRange(53)))])]
        ),
        QuickFilter(
            id: "health",
            title: "Health checks and published ports (from the host)",
            filters: [
                filter([(.source, .entity, .kind(.host)), (.either, .reason, .reason(.hostTraffic))]),
                filter([(.source, .entity, .kind(.host)), (.either, .reason, .reason(.notIsolated))]),
            ]
        ),
        QuickFilter(id: "host", title: "The host", filters: [filter([(.either, .entity, .kind(.host))])]),
        QuickFilter(
            id: "metrics",
            title: "Metrics scraping",
            filters: [
                filter(
                    ["*prometheus*", "*vmagent*", "*grafana-agent*", "*alloy*", "*otel-collector*", "*telegraf*"].map {
                        (.source, .workload, .glob(Glob($0)))
                    }
                )
            ]
        ),
        QuickFilter(
            id: "palisade",
            title: "Palisade itself",
            filters: [
                filter([(.either, .workload, .glob(Glob("palisade*")))]),
                filter([
                    (.destination, .entity, .kind(.host)), (.destination, .port, .range(PortRange(7350))),
                ]),
            ]
        ),
    ]

    private static func filter(
        _ terms: [(side: FlowFilter.Side, key: FlowFilter.Key, value: FlowFilter.Value)]
    ) -> FlowFilter {
        FlowFilter(terms.map { FlowFilter.Term(side: $0.side, key: $0.key, value: $0.value) })
    }
}
