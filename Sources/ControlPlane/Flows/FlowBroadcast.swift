// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// Hands flows to live readers; a reader that does not keep up loses flows of its own, and is told how many.
///
/// The newest flows are remembered once for everybody, and a reader is a place among them: however many read, and however
/// slowly, the flows are there once. Filters are asked where the reader runs, not here.
public actor FlowBroadcast {
    /// Flows that a reader may be behind, and that are remembered for readers that come back.
    ///
    /// Past twice that many, all but these are forgotten: whoever has not taken them has lost them, the oldest first.
    public static let maximumRemembered = 10_000

    /// Readers at the same time.
    public static let maximumReaders = 2_000

    /// Flows in one batch at most: what a reader that stands still holds.
    public static let maximumBatch = 64

    /// Some flows for one reader, oldest first.
    public struct Batch: Sendable {
        public var flows: [Flow]
        /// Lost before this batch.
        public var lost: UInt64
        /// Whether something may be missing before this batch, also where nobody tells how much.
        public var isIncomplete: Bool
        /// Where to go on after this batch.
        public var place: LivePlace
        /// Whether more waits already.
        public var hasMore: Bool
    }

    private struct Reader {
        let question: LiveQuestion
        /// Of the first flow that it has not looked at.
        var next: UInt64
        var lost: UInt64 = 0
        var isIncomplete = false
        let wake: AsyncStream<Void>.Continuation
    }

    /// What a reader takes at a time, before its filter.
    private struct Taken {
        var flows: [ArraySlice<Flow>] = []
        var lost: UInt64
        var isIncomplete: Bool
        var place: LivePlace
        var hasMore: Bool
    }

    /// Flows that came together; the number of the first one.
    private struct Chunk {
        let first: UInt64
        let flows: [Flow]
        var end: UInt64 { first + UInt64(flows.count) }
    }

    private var readers: [Int: Reader] = [:]
    private var nextReader = 0
    /// Oldest first, without gaps.
    private var chunks: [Chunk] = []
    /// Of the oldest flow that is remembered; of the next flow to come.
    private var first: UInt64 = 1
    private var end: UInt64 = 1
    private let places: LivePlaces

    /// - Parameter seed: makes places of this broadcast differ from those of another one.
    public init(seed: UInt64 = .random(in: .min ... .max)) { places = LivePlaces(seed: seed) }

    /// Flows from now on, or from a place on, that a filter matches, as a view shows them; `nil` when there are too many
    /// readers already.
    ///
    /// Nothing is taken for a reader before it asks for the next batch. Events that the kernel lost may be of any namespace:
    /// their number is told to readers who see everything. A place that is no longer remembered makes the first batch
    /// incomplete.
    /// - Parameter hidden: what any of these matches is left out.
    public func subscribe(
        _ filter: FlowFilter,
        _ view: FlowView = .all,
        hiding hidden: [FlowFilter] = [],
        after place: LivePlace? = nil
    ) -> AsyncStream<Batch>? {
        guard readers.count < Self.maximumReaders else { return nil }
        let id = nextReader
        nextReader += 1
        let (wake, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let question = LiveQuestion(filter: filter, view: view, hidden: hidden)
        var reader = Reader(question: question, next: end, wake: continuation)
        if let place { resume(&reader, after: place) }
        readers[id] = reader
        if reader.next < end || reader.isIncomplete { continuation.yield() }
        return AsyncStream(unfolding: { [weak self] in
            for await _ in wake {
                // What is taken may have nothing for this reader, and more may wait behind it.
                while let taken = await self?.take(id) {
                    let batch = Self.batch(taken, question)
                    if !batch.flows.isEmpty || batch.isIncomplete { return batch }
                    if !taken.hasMore { break }
                }
            }
            await self?.unsubscribe(id)
            return nil
        })
    }

    private static func batch(_ taken: Taken, _ question: LiveQuestion) -> Batch {
        Batch(
            flows: taken.flows.flatMap { $0.compactMap(question.shown) },
            lost: taken.lost,
            isIncomplete: taken.isIncomplete,
            place: taken.place,
            hasMore: taken.hasMore
        )
    }

    private func resume(_ reader: inout Reader, after place: LivePlace) {
        guard let number = places.number(place), number < end, number + 1 >= first else {
            reader.isIncomplete = true
            return
        }
        reader.next = number + 1
    }

    func send(_ flows: [Flow], lost: UInt64) {
        if !flows.isEmpty {
            chunks.append(Chunk(first: end, flows: flows))
            end += UInt64(flows.count)
            forgetOld()
        }
        for (id, reader) in readers {
            if lost > 0 {
                readers[id]?.lost += reader.question.view == .all ? lost : 0
                readers[id]?.isIncomplete = true
            }
            // A reader that has gone is noticed when it is woken.
            if case .terminated = reader.wake.yield() { unsubscribe(id) }
        }
    }

    /// Forgets in large steps, so that the readers are looked through rarely.
    private func forgetOld() {
        guard end - first > 2 * UInt64(Self.maximumRemembered) else { return }
        let kept = end - UInt64(Self.maximumRemembered)
        for (id, reader) in readers where reader.next < kept {
            let lost = reader.question.count(slices(reader.next, kept))
            readers[id]?.next = kept
            readers[id]?.lost += lost
            if lost > 0 { readers[id]?.isIncomplete = true }
        }
        chunks.removeFirst(index(of: kept))
        first = kept
    }

    private func take(_ id: Int) -> Taken? {
        guard let reader = readers[id] else { return nil }
        let last = min(end, reader.next + UInt64(Self.maximumBatch))
        readers[id]?.next = last
        readers[id]?.lost = 0
        readers[id]?.isIncomplete = false
        // Who takes only a part is to come again, also when nothing new is sent.
        if last < end { reader.wake.yield() }
        return Taken(
            flows: slices(reader.next, last),
            lost: reader.lost,
            isIncomplete: reader.isIncomplete,
            place: places.place(last - 1),
            hasMore: last < end
        )
    }

    /// The flows from one number up to another, both remembered.
    private func slices(_ from: UInt64, _ to: UInt64) -> [ArraySlice<Flow>] {
        guard from < to else { return [] }
        return chunks[index(of: from)...].prefix { $0.first < to }.map { chunk in
            let start = max(from, chunk.first) - chunk.first
            return chunk.flows[Int(start)..<Int(min(to, chunk.end) - chunk.first)]
        }
    }

    /// Where the chunk is that holds a number: the first one that ends after it.
    private func index(of number: UInt64) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].end > number { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func unsubscribe(_ id: Int) {
        readers.removeValue(forKey: id)?.wake.finish()
    }
}

/// What a live reader asked for, and what it may see.
struct LiveQuestion: Sendable {
    var filter: FlowFilter
    var view: FlowView
    /// What any of these matches is left out.
    var hidden: [FlowFilter]

    /// The flow as the reader sees it, when it asked for such.
    func shown(_ flow: Flow) -> Flow? {
        guard let seen = view.seen(flow), filter.matches(seen), !hidden.contains(where: { $0.matches(seen) }) else {
            return nil
        }
        return seen
    }

    /// How many of the flows are shown.
    func count(_ flows: [ArraySlice<Flow>]) -> UInt64 {
        let all = flows.reduce(0) { $0 + $1.count }
        guard view != .all || filter != .everything || !hidden.isEmpty else { return UInt64(all) }
        return UInt64(flows.reduce(0) { count, part in count + part.count { shown($0) != nil } })
    }
}
