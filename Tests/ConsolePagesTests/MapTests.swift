// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import NetworkPrimitives
import Testing

@Suite struct MapTests {
    private func document(_ model: MapModel) -> String {
        let context = Samples().context("e", "production", "map")
        return Shell.document(MapPage.page(model, context), context)
    }

    private func position(of node: String, in model: MapModel) -> [String?] {
        let page = StrictHTML(document(model))
        let index = page.elements.firstIndex { $0.attributes["data-node"] == node }
        guard let index else { return [] }
        let box = page.elements.indices.first { page.elements[$0].parent == index && page.elements[$0].name == "rect" }
        return box.map { [page.elements[$0].attributes["x"], page.elements[$0].attributes["y"]] } ?? []
    }

    @Test func theSameDataInAnyOrderGiveTheSameBytes() {
        let model = Samples().map(expanded: true)
        let first = document(model)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5 {
            var other = model
            other.nodes.shuffle(using: &generator)
            other.edges.shuffle(using: &generator)
            #expect(document(other) == first)
        }
    }

    @Test(arguments: ["data", "monitoring", "world", "host"])
    func expandingAnIslandMovesNoOther(_ node: String) {
        let before = position(of: node, in: Samples().map())
        #expect(before.count == 2)
        #expect(position(of: node, in: Samples().map(expanded: true)) == before)
    }

    @Test func callersStandLeftOfWhatTheyCall() throws {
        let model = Samples().map()
        let x = try ["monitoring", "shop", "data"].map { node in
            try #require(Double(position(of: node, in: model).first.flatMap { $0 } ?? ""))
        }
        #expect(x == x.sorted())
        #expect(Set(x).count == 3)
    }

    @Test func tableAndDrawingHaveTheSameEdges() {
        let drawn = StrictHTML(document(Samples().map())).elements.count { $0.attributes["data-testid"] == "map.edge" }
        let listed = StrictHTML(document(Samples().map(table: true))).elements.count {
            $0.attributes["data-testid"] == "map.row"
        }
        #expect(drawn == listed)
        #expect(drawn == 8)
    }

    private func large(nodes: Int, edges: Int, selected: String? = nil) -> MapModel {
        var model = Samples().map()
        model.nodes = (0..<nodes).map { .init(id: "n\($0)", kind: .namespace, namespace: "n\($0)", label: "n\($0)") }
        model.edges = (0..<edges).map { number in
            .init(
                from: "n\(number % nodes)",
                to: "n\((number / nodes + number + 1) % nodes)",
                verdict: .allowed,
                connections: 1
            )
        }
        model.selected = selected
        return model
    }

    @Test func overBudgetOnlyTheEdgesOfTheSelectionAreDrawn() {
        let none = StrictHTML(document(large(nodes: 100, edges: 600)))
        #expect(!none.elements.contains { $0.attributes["data-testid"] == "map.edge" })
        let some = document(large(nodes: 100, edges: 600, selected: "n3"))
        let edges = StrictHTML(some).elements.filter { $0.attributes["data-testid"] == "map.edge" }
        #expect(!edges.isEmpty)
        #expect(edges.allSatisfy { $0.attributes["data-from"] == "n3" || $0.attributes["data-to"] == "n3" })
        #expect(some.contains("600 edges. Showing those of the selection."))
    }

    @Test func tooManyNodesBecomeATableThatSaysWhy() {
        let page = document(large(nodes: 1500, edges: 10))
        #expect(!page.contains("id=\"map\""))
        #expect(page.contains("1,500 nodes"))
    }

    @Test func aCycleEndsAndStandsStill() {
        var model = Samples().map()
        model.edges.append(.init(from: "data", to: "shop", verdict: .allowed, connections: 1))
        model.edges.append(.init(from: "shop", to: "monitoring", verdict: .allowed, connections: 1))
        #expect(document(model) == document(model))
    }
}
