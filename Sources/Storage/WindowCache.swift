// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Synchronization

/// Counts of windows that are over, kept in memory from query to query.
///
/// A window that is settled (`FlowSchema.settled`) only changes when something comes late, and then it is forgotten. Holds
/// about `rowLimit` rows of 48 bytes; past that the windows that were not asked for lately go, and are read again.
final class WindowCache: Sendable {
    struct Row {
        var id: Int64
        var count: FlowCount
    }

    struct Place: Hashable {
        /// `nil`: the minutes.
        var level: FlowRollup?
        var window: Int64
        /// Of a run of windows whose counts were put together; `nil`: the window alone.
        var end: Int64?
        /// `nil`: everybody's counts; else what a question makes of them (`question(of:)`).
        var question: Int?

        /// Whether it is not what the database has, but made of that.
        var isMade: Bool { end != nil || question != nil }
    }

    private struct Question: Hashable {
        var filter: FlowFilter
        var view: FlowView
        var excluding: [FlowFilter]
        var detail: FlowQuery.Detail
    }

    static let rowLimit = 800_000
    /// More rows in one place than this are not kept: they would drive out all others.
    private static let largest = rowLimit / 4
    /// What a window costs beside its rows, in rows.
    private static let overhead = 4
    private static let questionLimit = 256
    /// Questions whose keys are kept, and the highest id among them, at most: a megabyte each.
    private static let keyedLimit = 16
    private static let highestKey: Int64 = 1 << 18

    /// Windows that were asked for move into the young half; when that is full it becomes the old one.
    private struct State {
        var generation = 0
        /// Tickets of changes that are being written.
        var changing: Set<Int> = []
        var nextTicket = 0
        var young: [Place: [Row]] = [:]
        var old: [Place: [Row]] = [:]
        var youngRows = 0
        var questions: [Question: Int] = [:]
        /// Numbers of questions are not used again.
        var nextQuestion = 0
        /// By number of the question.
        var keys: [Int: QuestionKeys] = [:]

        mutating func remove(_ place: Place) {
            old[place] = nil
            if let rows = young.removeValue(forKey: place) { youngRows -= rows.count + WindowCache.overhead }
        }

        mutating func forget(where isGone: (Place) -> Bool) {
            for place in young.keys where isGone(place) { remove(place) }
            for place in old.keys where isGone(place) { remove(place) }
        }

        mutating func insert(_ rows: [Row], at place: Place) {
            remove(place)
            guard rows.count <= WindowCache.largest else { return }
            young[place] = rows
            youngRows += rows.count + WindowCache.overhead
            guard youngRows > WindowCache.rowLimit / 2 else { return }
            (old, young, youngRows) = (young, [:], 0)
        }
    }

    private let state = Mutex(State())

    /// To be asked before a snapshot of the database is opened.
    ///
    /// Who has another one than the present gets nothing and keeps nothing: there was a change, and nobody knows whether the
    /// snapshot is of before or after. `nil` while a change is written.
    var generation: Int? { state.withLock { $0.changing.isEmpty ? $0.generation : nil } }

    /// The number of what a query asks of each window; the same for the same question.
    func question(of query: FlowQuery) -> Int {
        let question = Question(
            filter: query.filter,
            view: query.view,
            excluding: query.excluding,
            detail: query.detail
        )
        return state.withLock { state in
            if let known = state.questions[question] { return known }
            if state.questions.count >= Self.questionLimit { state.questions = [:] }
            state.nextQuestion += 1
            state.questions[question] = state.nextQuestion
            return state.nextQuestion
        }
    }

    func keys(of question: Int) -> QuestionKeys? { state.withLock { $0.keys[question] } }

    /// Starts anew when it is full; of more keys than there is room for, none.
    func keep(_ keys: QuestionKeys, of question: Int, generation: Int?) {
        guard keys.highest < Self.highestKey else { return }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.keys.count >= Self.keyedLimit { state.keys = [:] }
            state.keys[question] = keys
        }
    }

    /// Forgets everything, which is as right as it was; it only takes room.
    func clear() {
        state.withLock { state in
            (state.young, state.old, state.youngRows, state.keys) = ([:], [:], 0, [:])
        }
    }

    func rows(at place: Place, generation: Int?) -> [Row]? {
        state.withLock { state in
            guard state.generation == generation else { return nil }
            if let rows = state.young[place] { return rows }
            guard let rows = state.old.removeValue(forKey: place) else { return nil }
            state.insert(rows, at: place)
            return rows
        }
    }

    func add(_ rows: [Row], at place: Place, generation: Int?) {
        state.withLock { state in
            guard state.generation == generation else { return }
            state.insert(rows, at: place)
        }
    }

    /// For one change; to be ended whatever became of it.
    func ticket() -> Int {
        state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
    }

    /// What is no longer as it was.
    enum Change {
        /// Something came for these minutes, which are settled.
        case late([Int64])
        /// Counts before a time are gone, and perhaps keys of which none was left.
        case pruned(to: Int64, hasSweptKeys: Bool)

        fileprivate var isNone: Bool {
            if case .late(let minutes) = self { minutes.isEmpty } else { false }
        }
    }

    /// Says, inside the transaction, what changes.
    func begin(_ ticket: Int, _ change: Change) {
        guard !change.isNone else { return }
        state.withLock { state in
            state.generation += 1
            state.changing.insert(ticket)
            switch change {
            case .late(let minutes):
                for minute in minutes {
                    state.remove(Place(level: nil, window: minute))
                    for level in FlowRollup.allCases {
                        state.remove(Place(level: level, window: level.start(of: minute)))
                    }
                }
                // What was made of them goes as well.
                state.forget(where: \.isMade)
            case .pruned(let time, let hasSweptKeys):
                state.forget { $0.window < time }
                // Of keys that are the same to a question one stands for all, and that one may be gone.
                guard hasSweptKeys else { return }
                state.forget { $0.question != nil }
                state.keys = [:]
            }
        }
    }

    /// After the transaction.
    func end(_ ticket: Int) {
        state.withLock { state in
            if state.changing.remove(ticket) != nil { state.generation += 1 }
        }
    }
}
