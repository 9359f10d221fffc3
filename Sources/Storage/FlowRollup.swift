// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB

/// Counts of longer windows, made from those of minutes, so that long ranges need not read every minute.
///
/// They hold nothing that the minutes do not: a rollup is made when its hour is over, in one transaction with the mark that
/// says so, and what comes late for a window that has one is added to both. Windows start at multiples of their length.
enum FlowRollup: Int64, CaseIterable {
    /// By key.
    case hour = 1
    case quarterDay = 2
    case day = 3
    /// By coarse key (`FlowKey.coarse`).
    case coarseFiveMinutes = 11
    case coarseHour = 12
    case coarseQuarterDay = 13
    case coarseDay = 14

    /// Microseconds.
    var length: Int64 {
        switch self {
        case .coarseFiveMinutes: 5 * FlowWindow.length
        case .hour, .coarseHour: 60 * FlowWindow.length
        case .quarterDay, .coarseQuarterDay: 6 * 60 * FlowWindow.length
        case .day, .coarseDay: 24 * 60 * FlowWindow.length
        }
    }

    var isCoarse: Bool {
        switch self {
        case .hour, .quarterDay, .day: false
        case .coarseFiveMinutes, .coarseHour, .coarseQuarterDay, .coarseDay: true
        }
    }

    /// The hours that a longer window is made from; `nil` for what is made from minutes.
    var source: FlowRollup? {
        switch self {
        case .quarterDay, .day: .hour
        case .coarseQuarterDay, .coarseDay: .coarseHour
        case .hour, .coarseFiveMinutes, .coarseHour: nil
        }
    }

    func start(of time: Int64) -> Int64 { time - time % length }

    /// Up to where the windows of this level are complete, when those of hours are up to `mark`.
    func end(_ mark: Int64) -> Int64 { start(of: mark) }

    /// Those that a query may be answered from, longest first.
    static func levels(for query: FlowQuery) -> [FlowRollup] {
        let levels: [FlowRollup] =
            query.isCoarse
            ? [.coarseDay, .coarseQuarterDay, .coarseHour, .coarseFiveMinutes] : [.day, .quarterDay, .hour]
        guard case .length(let length) = query.window else { return levels }
        return levels.filter { length % $0.length == 0 }
    }

    /// Flows that are this much late are taken into the minute alone, as long as its hour has no rollup.
    static let grace: Int64 = 2 * FlowWindow.length

    static let table = """
        CREATE TABLE IF NOT EXISTS flow_rollup(
            level INTEGER NOT NULL, window INTEGER NOT NULL, flow_key INTEGER NOT NULL, flows INTEGER NOT NULL,
            packets INTEGER NOT NULL, bytes INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
            PRIMARY KEY(level, window, flow_key)) WITHOUT ROWID;
        """
}

extension FlowQuery.Window {
    /// Whether no minute is in two windows.
    var isOfMinutes: Bool {
        switch self {
        case .whole: true
        case .length(let length): length % FlowWindow.length == 0
        }
    }
}

/// Where the answer of a fold comes from, by parts of its range, in the order of time.
enum FoldPart: Hashable {
    case records(TimeRange)
    /// A range of whole windows.
    case counts(TimeRange)
    /// A range of whole windows of the level.
    case rollup(FlowRollup, TimeRange)

    /// The level, `nil` for minutes, and the windows; `nil` where it is made of records.
    var windows: (level: FlowRollup?, range: TimeRange)? {
        switch self {
        case .records: nil
        case .counts(let range): (nil, range)
        case .rollup(let level, let range): (level, range)
        }
    }

    /// Up to where things are there or gone; microseconds since 1970.
    struct Marks {
        var recordsPrunedTo: Int64 = .min
        var countsPrunedTo: Int64 = .min
        /// Hours before this have rollups; `nil`: none.
        var rolledUpTo: Int64?
    }

    /// Whole windows from counts, the rest at both ends from records while those are kept, else the whole window.
    static func parts(of query: FlowQuery, _ marks: Marks) -> [FoldPart] {
        let range = query.range
        guard range.from < range.to else { return [] }
        if query.needsRecords { return [.records(range)] }
        let prunedTo = marks.recordsPrunedTo
        if !query.window.isOfMinutes, range.from >= prunedTo { return [.records(range)] }
        var start = FlowWindow.start(of: range.from)
        var end = FlowWindow.start(of: range.to)
        if start == end {
            return range.from >= prunedTo
                ? [.records(range)] : [.counts(TimeRange(from: start, to: start + FlowWindow.length))]
        }
        var first: [FoldPart] = []
        var last: [FoldPart] = []
        if start < range.from, range.from >= prunedTo {
            start += FlowWindow.length
            first.append(.records(TimeRange(from: range.from, to: start)))
        }
        if end < range.to {
            if end >= prunedTo {
                last.append(.records(TimeRange(from: end, to: range.to)))
            } else {
                end += FlowWindow.length
            }
        }
        let levels = FlowRollup.levels(for: query)[...]
        return first + split(TimeRange(from: start, to: end), levels, marks) + last
    }

    /// The longest windows that fit, and shorter ones before and after.
    private static func split(_ range: TimeRange, _ levels: ArraySlice<FlowRollup>, _ marks: Marks) -> [FoldPart] {
        guard range.from < range.to else { return [] }
        guard let level = levels.first, let rolledUpTo = marks.rolledUpTo else { return [.counts(range)] }
        let rest = levels.dropFirst()
        // A rollup of which minutes are gone says more than those that are left.
        let from = level.start(of: max(range.from, marks.countsPrunedTo, 0) + level.length - 1)
        let to = min(level.start(of: range.to), level.end(rolledUpTo))
        guard from < to else { return split(range, rest, marks) }
        return split(TimeRange(from: range.from, to: from), rest, marks)
            + [.rollup(level, TimeRange(from: from, to: to))]
            + split(TimeRange(from: to, to: range.to), rest, marks)
    }
}
