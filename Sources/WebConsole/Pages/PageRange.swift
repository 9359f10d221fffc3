// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import FlowModel

/// The time range of a page, from its address: `from` and `to` as `now-8h`, `now/d`, `now`, RFC 3339, or `live`.
struct PageRange {
    /// Past this length nothing is asked.
    static let longest: Int64 = 400 * 86_400_000_000

    let choice: TimeRangeChoice
    var range: TimeRange { choice.range }

    /// A text that cannot be read leaves the page's usual range, and stands in the form with what is wrong with it.
    /// - Parameter standard: of the page: `now-8h`.
    init(_ request: PageRequest, standard: String, keptSeconds: Int64?, offersLive: Bool = false, now: Int64? = nil) {
        let now = now ?? request.console.now()
        let from = request.query("from") ?? standard
        let to = request.query("to") ?? "now"
        let refresh = request.query("refresh").flatMap(Int.init).map { min(max($0, 0), 3_600) } ?? 0
        let usual = Self.time(standard == "live" ? "now-15m" : standard, now) ?? now - 3_600_000_000
        var (fromProblem, toProblem): (String?, String?) = (nil, nil)
        var range = TimeRange(from: usual, to: now)
        if from == "live" {
            range = TimeRange(from: now - 900_000_000, to: now)
        } else {
            let start = Self.time(from, now)
            let end = Self.time(to, now)
            if start == nil { fromProblem = Self.unreadable(from) }
            if end == nil { toProblem = Self.unreadable(to) }
            if let start, let end {
                if start >= end {
                    fromProblem = "The range ends before it starts."
                } else if end - start > Self.longest {
                    fromProblem = "The range is longer than 400 days."
                } else if start > now {
                    fromProblem = "This lies in the future."
                } else {
                    range = TimeRange(from: start, to: min(end, max(now, start + 1)))
                }
            }
        }
        choice = TimeRangeChoice(
            from: from,
            to: to,
            range: range,
            fromProblem: fromProblem,
            toProblem: toProblem,
            keptSeconds: keptSeconds,
            standard: standard,
            refresh: refresh,
            offersLive: offersLive
        )
    }

    /// Microseconds since 1970; `nil` for text that cannot be read.
    static func time(_ text: String, _ now: Int64) -> Int64? {
        if text == "now" { return now }
        if text == "now/d" { return now / 86_400_000_000 * 86_400_000_000 }
        if text.hasPrefix("now-") { return seconds(text.dropFirst(4)).map { now - $0 * 1_000_000 } }
        for tail in ["", "Z", ":00Z"] {
            if let time = Timestamp(text + tail) { return time.microseconds }
        }
        return nil
    }

    private static func seconds(_ text: Substring) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last], let number = Int64(text.dropLast()), number >= 0,
            number < 10_000_000
        else { return nil }
        return number * unit
    }

    private static func unreadable(_ text: String) -> String {
        "\"\(text)\" is not a time. Write it like now-8h, now/d or 2026-11-22T14:00:00Z."
    }
}

extension TrafficSeries {
    /// Connections over time.
    init(connections report: RateReport) {
        self.init(report) { $0.connections }
    }

    /// Packets over time.
    init(packets report: RateReport) {
        self.init(report) { $0.packets }
    }

    private init(_ report: RateReport, _ count: (Volume) -> UInt64) {
        self.init(
            bucketSeconds: report.bucketSeconds,
            buckets: report.buckets.map { bucket in
                Bucket(
                    start: bucket.start,
                    allowed: count(bucket.allowed),
                    dropped: count(bucket.dropped),
                    wouldDrop: count(bucket.wouldDrop),
                    seconds: bucket.seconds,
                    isGap: bucket.isGap,
                    isIncomplete: bucket.isIncomplete
                )
            }
        )
    }
}
