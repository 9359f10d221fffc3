// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import NetworkPrimitives
import Testing

/// Labels of edges: none covers another one or a node.
@Suite struct MapLabelTests {
    /// A rectangle of the drawing.
    private struct Box {
        var name: String
        var (x, y, width, height) = (0.0, 0.0, 0.0, 0.0)

        func overlaps(_ other: Box) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
        }
    }

    private func boxes(_ model: MapModel) -> (labels: [Box], nodes: [Box], edges: Int) {
        let context = Samples().context("e", "production", "map")
        let page = StrictHTML(Shell.document(MapPage.page(model, context), context))
        func number(_ element: StrictHTML.Element, _ name: String) -> Double {
            element.attributes[name].flatMap(Double.init) ?? .nan
        }
        let labels = page.elements.filter { $0.attributes["data-testid"] == "map.label" }.map { element in
            // As wide as a wide font draws it, and as high as a line.
            let width = Double(element.text.count) * 6.2
            return Box(
                name: element.text,
                x: number(element, "x") - width / 2,
                y: number(element, "y") - 10,
                width: width,
                height: 13
            )
        }
        let nodes = page.elements.filter { element in
            element.name == "rect" && element.parent.map { page.elements[$0].attributes["data-node"] != nil } ?? false
        }
        .map {
            Box(
                name: "node",
                x: number($0, "x"),
                y: number($0, "y"),
                width: number($0, "width"),
                height: number($0, "height")
            )
        }
        return (labels, nodes, page.elements.count { $0.attributes["data-testid"] == "map.edge" })
    }

    private func expectNoOverlap(_ model: MapModel) {
        let (labels, nodes, _) = boxes(model)
        #expect(!nodes.isEmpty)
        for (index, label) in labels.enumerated() {
            #expect(label.x.isFinite && label.y.isFinite)
            for other in labels[(index + 1)...] + nodes where label.overlaps(other) {
                Issue.record("\"\(label.name)\" covers \"\(other.name)\" at \(label.x), \(label.y)")
            }
        }
    }

    /// Two islands open, eight edges, as the demo data have them.
    private var demo: MapModel {
        var model = Samples().map()
        func workload(_ namespace: String, _ label: String) -> MapModel.Node {
            .init(id: "\(namespace)/\(label)", kind: .workload, namespace: namespace, label: label)
        }
        func namespace(_ name: String) -> MapModel.Node {
            .init(id: name, kind: .namespace, namespace: name, label: name)
        }
        func edge(
            _ from: String,
            _ to: String,
            _ port: String,
            _ count: UInt64,
            _ verdict: Verdict = .allowed
        )
            -> MapModel.Edge
        { .init(from: from, to: to, verdict: verdict, ports: [port], connections: count) }
        model.nodes =
            ["api", "cart", "web"].map { workload("shop", $0) } + ["cache", "db"].map { workload("data", $0) }
            + ["ingress", "legacy", "monitoring", "kube-system"].map(namespace)
            + [.init(id: "world", kind: .world, namespace: nil, label: "world")]
        model.edges = [
            edge("ingress", "shop/web", "TCP 8080", 4200), edge("monitoring", "shop/web", "TCP 8080", 249),
            edge("monitoring", "data/db", "TCP 9187", 960), edge("shop/web", "shop/api", "TCP 8080", 3400),
            edge("shop/web", "kube-system", "UDP 53", 800), edge("shop/cart", "world", "TCP 443", 36, .dropped),
            edge("shop/api", "data/db", "TCP 5432", 6100), edge("shop/web", "data/db", "TCP 5432", 1204, .dropped),
        ]
        model.expanded = ["shop", "data"]
        model.selected = nil
        return model
    }

    @Test func theDemoMapHasAllItsLabelsAndNoneCoversAnother() {
        expectNoOverlap(demo)
        let (labels, _, edges) = boxes(demo)
        #expect(edges == 8)
        #expect(labels.count == 8)
        #expect(labels.contains { $0.name == "TCP 5432 · 1.2k" })
    }

    @Test(arguments: [(12, 40), (30, 120), (60, 400), (150, 400)])
    func noLabelOfAGeneratedMapCoversAnother(_ nodes: Int, _ edges: Int) {
        var model = Samples().map()
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        model.nodes = (0..<nodes).map { number in
            .init(id: "n\(number / 5)/w\(number)", kind: .workload, namespace: "n\(number / 5)", label: "w\(number)")
        }
        let ids = model.nodes.map(\.id)
        model.edges = (0..<edges).map { _ in
            .init(
                from: ids[next(nodes)],
                to: ids[next(nodes)],
                verdict: [.allowed, .allowed, .dropped, .wouldDrop][next(4)],
                ports: ["TCP \(next(65_000))"],
                connections: UInt64(next(100_000))
            )
        }
        model.selected = nil
        expectNoOverlap(model)
        let drawn = boxes(model)
        #expect(drawn.edges == edges)
        #expect(drawn.labels.count > min(edges, 60) / 4)
    }

    @Test func anEdgeWithoutRoomForItsLabelStillSaysItInItsTitle() {
        var model = demo
        model.edges = (0..<60).map { number in
            .init(
                from: "shop/api",
                to: "data/db",
                verdict: .allowed,
                ports: ["TCP \(number)"],
                connections: UInt64(number)
            )
        }
        expectNoOverlap(model)
        let context = Samples().context("e", "production", "map")
        let page = MapPage.drawing(model, context)
        for number in 0..<60 {
            #expect(page.contains("<title>shop/api to data/db: TCP \(number) · \(number), allowed</title>"))
        }
    }
}
