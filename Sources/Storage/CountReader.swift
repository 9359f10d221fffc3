// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// The counts of parts of a fold: from memory where a window was read before, else from the database.
///
/// Where only kinds are told apart, what the question makes of a window is kept instead of everybody's counts.
struct CountReader {
    typealias Visit = (_ window: Int64, _ id: Int64, FlowCount, _ key: () throws -> FlowKey) throws -> Void

    /// A longer run is not kept: it would drive out what is asked for more often.
    private static let longestRun = 1_500
    /// Where everybody's counts are not more than so many rows, or minutes, all are read: they are there for the next query.
    private static let cheapRows: Int64 = 300_000
    private static let cheapMinutes: Int64 = 240
    /// Windows whose rows are held beside the cache while they are read.
    private static let windowsAtOnce: Int64 = 16

    private enum Segment {
        case known(window: Int64, [WindowCache.Row])
        case missing(TimeRange)
    }

    private let query: FlowQuery
    private let cache: WindowCache
    /// Of the cache, from before the snapshot that is read.
    private let generation: Int?
    /// Minutes before this are kept in memory.
    private let settled: Int64
    private let choices: KeyChoices
    /// The only keys that matter, once they were asked for.
    private var choice: KeyChoice??
    /// Of what is kept for this question; `nil` where everybody's counts are.
    private let question: Int?
    private var keys = QuestionKeys()
    /// Of `keys`, as they came from the cache.
    private var knownKeys = 0

    init(_ query: FlowQuery, cache: WindowCache, generation: Int?, settled: Int64, choices: KeyChoices) {
        (self.query, self.choices) = (query, choices)
        (self.cache, self.generation, self.settled) = (cache, generation, settled)
        question = query.detail == .kinds && query.keys == nil ? cache.question(of: query) : nil
        guard let question, let known = cache.keys(of: question) else { return }
        (keys, knownKeys) = (known, known.count)
    }

    /// Keeps what was found out about keys for the next query.
    func remember() {
        if let question, keys.count > knownKeys { cache.keep(keys, of: question, generation: generation) }
    }

    /// Calls `visit` with the counts of the windows of a part, in the order of time.
    ///
    /// A part that is made of records has no counts.
    mutating func forEachCount(_ part: FoldPart, _ reader: inout FlowReader, _ visit: Visit) throws {
        // What is asked for may be all of time: only windows that there can be counts of are looked for.
        guard let (level, asked) = part.windows, let span = try reader.span(of: level) else { return }
        let range = TimeRange(from: max(asked.from, span.from), to: min(asked.to, span.to))
        guard query.window == .whole else { return try forEachWindow(level, range, &reader, visit) }
        // The newest minutes, which are not kept, apart.
        let end = level == nil ? max(range.from, min(range.to, settled)) : range.to
        try forEachRow(level, TimeRange(from: range.from, to: end), &reader, visit)
        try forEachWindow(level, TimeRange(from: end, to: range.to), &reader, visit)
    }

    private mutating func forEachWindow(
        _ level: FlowRollup?,
        _ range: TimeRange,
        _ reader: inout FlowReader,
        _ visit: Visit
    ) throws {
        for segment in segments(level, range, question) {
            switch segment {
            case .known(let window, let rows): try Self.visitAll(rows, at: window, &reader, visit)
            case .missing(let run):
                if question == nil {
                    _ = try read(level, run, isKept: true, &reader, visit)
                } else {
                    try reduce(level, run, &reader, visit)
                }
            }
        }
    }

    /// The counts of a whole range together, which are kept as that.
    private mutating func forEachRow(
        _ level: FlowRollup?,
        _ range: TimeRange,
        _ reader: inout FlowReader,
        _ visit: Visit
    ) throws {
        guard range.from < range.to, isKept(level, range) else {
            return try forEachWindow(level, range, &reader, visit)
        }
        guard let question else {
            return try Self.visitAll(try rowsOfAll(level, range, &reader), at: range.from, &reader, visit)
        }
        let place = WindowCache.Place(level: level, window: range.from, end: range.to, question: question)
        if let rows = cache.rows(at: place, generation: generation) {
            return try Self.visitAll(rows, at: range.from, &reader, visit)
        }
        var run = RunRows()
        for row in try rowsOfAll(level, range, &reader) {
            let first = try first(of: row.id) { try reader.key(row.id) }
            if first >= 0 { run.add(first, row.count) }
        }
        cache.add(run.rows, at: place, generation: generation)
        try Self.visitAll(run.rows, at: range.from, &reader, visit)
    }

    /// Everybody's counts of a whole range, or those of few keys where there are many.
    private mutating func rowsOfAll(
        _ level: FlowRollup?,
        _ range: TimeRange,
        _ reader: inout FlowReader
    ) throws -> [WindowCache.Row] {
        let place = WindowCache.Place(level: level, window: range.from, end: range.to)
        if let rows = cache.rows(at: place, generation: generation) { return rows }
        var run = RunRows()
        var isAll = true
        for segment in segments(level, range, nil) {
            switch segment {
            case .known(_, let rows):
                for row in rows { run.add(row.id, row.count) }
            case .missing(let missing):
                // Long windows are not kept beside the run: they would take as much room as everything else.
                let wasAll = try read(level, missing, isKept: level == nil, &reader) { _, id, count, _ in
                    run.add(id, count)
                }
                isAll = isAll && wasAll
            }
        }
        if isAll { cache.add(run.rows, at: place, generation: generation) }
        return run.rows
    }

    private static func visitAll(
        _ rows: [WindowCache.Row],
        at window: Int64,
        _ reader: inout FlowReader,
        _ visit: Visit
    ) throws {
        for row in rows { try visit(window, row.id, row.count) { try reader.key(row.id) } }
    }

    /// What is in memory and what is not, in the order of time; the newest minutes, which are not kept, apart.
    private func segments(_ level: FlowRollup?, _ range: TimeRange, _ question: Int?) -> [Segment] {
        let length = level?.length ?? FlowWindow.length
        var result: [Segment] = []
        var missing: Int64?
        for window in stride(from: range.from, to: range.to, by: Int64.Stride(length)) {
            if level == nil, window == settled, let start = missing {
                result.append(.missing(TimeRange(from: start, to: window)))
                missing = nil
            }
            // A minute that is not settled in this snapshot may be in a newer one.
            let isKept = level != nil || window < settled
            let place = WindowCache.Place(level: level, window: window, question: question)
            guard isKept, let rows = cache.rows(at: place, generation: generation) else {
                if missing == nil { missing = window }
                continue
            }
            if let start = missing { result.append(.missing(TimeRange(from: start, to: window))) }
            missing = nil
            result.append(.known(window: window, rows))
        }
        if let missing { result.append(.missing(TimeRange(from: missing, to: range.to))) }
        return result
    }

    private func isKept(_ level: FlowRollup?, _ range: TimeRange) -> Bool {
        let count = (range.to - range.from) / (level?.length ?? FlowWindow.length)
        return (level != nil || range.to <= settled) && count <= Self.longestRun
    }

    /// Everybody's counts, or those of few keys where there are many.
    /// - Returns: whether it was everybody's.
    private mutating func read(
        _ level: FlowRollup?,
        _ range: TimeRange,
        isKept: Bool,
        _ reader: inout FlowReader,
        _ visit: Visit
    ) throws -> Bool {
        let part = level.map { FoldPart.rollup($0, range) } ?? .counts(range)
        let chosen = try few(of: level, range, &reader)
        guard chosen == nil, isKept, self.isKept(level, range) else {
            try reader.forEachCount(part, of: chosen, visit)
            return chosen == nil
        }
        let length = level?.length ?? FlowWindow.length
        // A few windows at a time: a minute may have 20,000 rows, and a run 1,500 minutes.
        for start in stride(from: range.from, to: range.to, by: Int64.Stride(length * Self.windowsAtOnce)) {
            let some = TimeRange(from: start, to: min(start + length * Self.windowsAtOnce, range.to))
            var windows = WindowRows(level, some)
            try reader.forEachCount(level.map { .rollup($0, some) } ?? .counts(some), of: nil) { window, id, count, _ in
                windows.append(.init(id: id, count: count), at: window)
            }
            for (window, rows) in windows.all {
                cache.add(rows, at: .init(level: level, window: window), generation: generation)
                try Self.visitAll(rows, at: window, &reader, visit)
            }
        }
        return true
    }

    /// What the question makes of everybody's counts.
    private mutating func reduce(
        _ level: FlowRollup?,
        _ range: TimeRange,
        _ reader: inout FlowReader,
        _ visit: Visit
    ) throws {
        var windows = WindowRows(level, range)
        for segment in segments(level, range, nil) {
            switch segment {
            case .known(let window, let rows):
                for row in rows {
                    let id = try first(of: row.id) { try reader.key(row.id) }
                    windows.merge(.init(id: id, count: row.count), at: window)
                }
            case .missing(let run):
                let part = level.map { FoldPart.rollup($0, run) } ?? .counts(run)
                let chosen = try few(of: level, run, &reader)
                try reader.forEachCount(part, of: chosen) { window, id, count, key in
                    windows.merge(.init(id: try first(of: id, key), count: count), at: window)
                }
            }
        }
        let isKept = isKept(level, range)
        for (window, rows) in windows.all {
            if isKept {
                let place = WindowCache.Place(level: level, window: window, question: question)
                cache.add(rows, at: place, generation: generation)
            }
            try Self.visitAll(rows, at: window, &reader, visit)
        }
    }

    private mutating func first(of id: Int64, _ key: () throws -> FlowKey) rethrows -> Int64 {
        try keys.first(of: id) { query.seen(try key()) }
    }

    private mutating func few(
        of level: FlowRollup?,
        _ range: TimeRange,
        _ reader: inout FlowReader
    ) throws -> [Int64]? {
        let count = (range.to - range.from) / (level?.length ?? FlowWindow.length)
        let isCheap = try level == nil ? count <= Self.cheapMinutes : count * reader.highestKey() <= Self.cheapRows
        guard !isCheap else { return nil }
        if choice == nil { choice = .some(try choices.choice(for: query, &reader)) }
        return choice??.few(in: level.map { .rollup($0, range) } ?? .counts(range))
    }
}
