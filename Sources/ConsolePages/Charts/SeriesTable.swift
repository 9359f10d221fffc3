// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The numbers of a chart over time; the chart's module reads them from here too.
enum SeriesTable {
    /// One column of figures.
    struct Column {
        var title: String
        /// `nil` where so short a time says nothing.
        var text: (TrafficSeries.Bucket) -> String?
    }

    /// - Parameter link: the flows of a bucket; the bucket's time leads there.
    static func html(
        _ caption: String,
        id: String,
        _ series: TrafficSeries,
        _ columns: [Column],
        clock: Clock,
        link: (TrafficSeries.Bucket) -> Link
    ) -> HTML {
        let heads = [DataTable.Column("Time")] + columns.map { DataTable.Column($0.title, isNumber: true) }
        return DataTable.html(caption, id: "\(id).rows", columns: heads) {
            for bucket in series.buckets {
                tag("tr", .init("data-start", "\(bucket.start)"), .class(bucket.isGap ? "gap" : nil)) {
                    tag("th", .init("scope", "row")) {
                        tag("a", .href(link(bucket))) { clock.html(bucket.start) }
                        if bucket.isIncomplete { tag("span", .class("muted")) { " not ended" } }
                    }
                    for column in columns {
                        tag("td", .class("number")) {
                            bucket.isGap
                                ? HTML.unknown("not recorded")
                                : column.text(bucket).map { HTML.text($0) } ?? .unknown("less than a second of it")
                        }
                    }
                }
            }
        }
    }
}
