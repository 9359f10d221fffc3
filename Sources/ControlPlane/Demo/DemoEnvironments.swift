// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

extension DemoEnvironment {
    private static let database = Service(.tcp, port: 5_432)
    private static let web = Service(.tcp, port: 8_080)
    private static let names = Service(.udp, port: 53)

    /// A cluster in blocking mode: 48,210 flows in a day, two connections dropped, two short gaps.
    static let production = DemoEnvironment(
        name: "production",
        mode: .blocking,
        world: clusterWorld,
        policies: [
            "data/db-deny.yaml": databaseClosed, "data/db-allow.yaml": databaseOpen, "data/cache.yaml": cacheOpen,
            "shop/allow-web.yaml": webOpen, "shop/api.yaml": apiOpen, "shop/egress.yaml": cartEgress,
            "shop/wishlist.yaml": wishlistClosed, "monitoring/prometheus.yaml": prometheusOpen,
        ],
        traffic: [
            Traffic("shop/web-6c9f4", "data/db-0", database, 1_204, from: 450, to: 19, isDaily: false),
            Traffic("shop/cart-x2p", "203.0.113.40", Service(.tcp, port: 443), 36, from: 3_500, to: 32, isDaily: false),
            Traffic("monitoring/prometheus-0", "data/db-0", Service(.tcp, port: 9_187), 2_880, packets: 10),
            Traffic("shop/api-77d2c", "data/db-0", database, 18_204, packets: 24, bytes: 22_000),
            Traffic("ingress/gateway-5d8", "shop/web-77d2c", web, 12_480, packets: 18, bytes: 30_000),
            Traffic("shop/web-77d2c", "shop/api-9xk2p", web, 10_260, packets: 14, bytes: 11_000),
            Traffic("shop/web-q2x7k", "kube-system/coredns-f7", names, 2_400, packets: 2, bytes: 300),
            Traffic("monitoring/prometheus-0", "shop/web-6c9f4", web, 746, packets: 8),
        ],
        gaps: [15_600...15_720, 39_000...39_120]
    )

    /// The same cluster before its switch to blocking: a few kinds of connections would be dropped.
    static let staging = DemoEnvironment(
        name: "staging",
        mode: .audit,
        world: clusterWorld,
        policies: [
            "data/db-deny.yaml": databaseClosed, "data/db-allow.yaml": databaseOpen, "shop/api.yaml": apiOpen,
            "shop/egress.yaml": cartEgress,
        ],
        traffic: [
            Traffic("shop/cart-x2p", "203.0.113.40", Service(.tcp, port: 443), 420),
            Traffic("shop/web-6c9f4", "data/db-0", database, 310),
            Traffic("legacy/report-0", "data/db-0", database, 24),
            Traffic("shop/api-77d2c", "data/db-0", database, 6_400, packets: 24, bytes: 22_000),
            Traffic("shop/web-77d2c", "shop/api-9xk2p", web, 5_120, packets: 14, bytes: 11_000),
            Traffic("ingress/gateway-5d8", "shop/web-77d2c", web, 5_300, packets: 18, bytes: 30_000),
        ],
        gaps: []
    )

    /// A single host that has just been added.
    static let edge = DemoEnvironment(
        name: "edge-7",
        mode: .audit,
        world: clusterWorld,
        policies: ["shop/api.yaml": apiOpen],
        traffic: [Traffic("shop/web-77d2c", "shop/api-9xk2p", web, 900, from: 9_000, to: 1_200, isDaily: false)],
        gaps: []
    )
}
