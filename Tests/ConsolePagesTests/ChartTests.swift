// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import Testing

@Suite struct ChartTests {
    private func statistics(_ buckets: [TrafficSeries.Bucket]) -> StrictHTML {
        let samples = Samples()
        var model = samples.statistics()
        model.rate = TrafficSeries(bucketSeconds: 60, buckets: buckets)
        let context = samples.context("e", "production", "stats")
        return StrictHTML(Shell.document(StatisticsPage.page(model, context), context))
    }

    private func bucket(
        _ minute: Int64,
        _ allowed: UInt64,
        gap: Bool = false,
        incomplete: Bool = false
    ) -> TrafficSeries.Bucket {
        .init(
            start: Samples.time(6000 - minute * 60),
            allowed: allowed,
            dropped: 1,
            wouldDrop: 0,
            isGap: gap,
            isIncomplete: incomplete
        )
    }

    private func lines(_ page: StrictHTML, _ style: String) -> [String] {
        page.elements.filter { $0.attributes["class"] == style }.compactMap { $0.attributes["d"] }
    }

    @Test func noLineLeadsThroughAGap() {
        let page = statistics([bucket(0, 10), bucket(1, 10), bucket(2, 0, gap: true), bucket(3, 10), bucket(4, 10)])
        let allowed = lines(page, "line allowed")
        #expect(allowed.count == 2)
        #expect(allowed.allSatisfy { $0.count(where: { $0 == "M" }) == 1 })
        #expect(
            page.elements.contains {
                $0.attributes["class"] == "gap" && $0.attributes["fill"]?.contains("hatch") == true
            }
        )
    }

    @Test func aGapIsNotRecordedInTheTableAndNotZero() {
        let page = statistics([bucket(0, 10), bucket(1, 0, gap: true)])
        let rows = page.elements.filter { $0.name == "tr" && $0.attributes["class"] == "gap" }
        #expect(rows.count == 2)
        let unknown = page.elements.filter {
            $0.attributes["class"] == "unknown" && $0.attributes["title"] == "not recorded"
        }
        #expect(unknown.count == 4)
    }

    @Test func whatHasNotEndedIsDottedFromThePointBefore() {
        let page = statistics([bucket(0, 10), bucket(1, 10), bucket(2, 3, incomplete: true)])
        let dotted = lines(page, "line allowed incomplete")
        #expect(dotted.count == 1)
        #expect(dotted.first?.split(separator: "L").count == 2)
        #expect(lines(page, "line allowed").first?.split(separator: "L").count == 2)
    }

    @Test func theRateOfABucketThatTheRangeCutsIsOverItsPart() throws {
        var first = bucket(0, 150)
        first.seconds = 15
        var moment = bucket(3, 1)
        moment.seconds = 0.2
        let page = statistics([first, bucket(1, 600), bucket(2, 600), moment])
        // All at the same height, and nothing drawn of a moment that one packet would make a peak.
        let line = try #require(lines(page, "line allowed").first)
        let points = line.dropFirst().split(separator: "L").map { $0.split(separator: " ")[1] }
        #expect(points.count == 3)
        #expect(Set(points).count == 1)
    }

    @Test func aSeriesOfGapsAloneDrawsNoLine() {
        let page = statistics([bucket(0, 0, gap: true), bucket(1, 0, gap: true)])
        #expect(lines(page, "line allowed").isEmpty)
    }

    @Test func everyChartHasAFocusablePlotASummaryAndATable() {
        let page = statistics((0..<10).map { bucket($0, 10) })
        let plots = page.elements.filter { $0.attributes["class"] == "plot" }
        #expect(plots.count == 2)
        #expect(plots.allSatisfy { $0.attributes["tabindex"] == "0" && $0.attributes["aria-label"]?.isEmpty == false })
        #expect(page.elements.count { $0.attributes["class"] == "table-view" } == 2)
    }
}
