// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// Hands flows to live readers; a reader that does not keep up loses flows of its own, and is told how many.
///
/// The newest flows are remembered, so that a reader whose connection broke goes on where it was.
public actor FlowBroadcast {
    /// Flows that may wait for one reader.
    public static let maximumWaiting = 10_000

    /// Readers at the same time.
    public static let maximumReaders = 2_000

    /// Flows that are remembered for readers that come back.
    public static let maximumRemembered = 10_000

    /// Some flows for one reader, oldest first.
    public struct Batch: Sendable {
        public var flows: [Flow]
        /// Lost before this batch.
        public var lost: UInt64
        /// Whether something may be missing before this batch, also where nobody tells how much.
        public var isIncomplete: Bool
        /// Where to go on after this batch.
        public var place: LivePlace
    }

    private struct Reader {
        var filter: FlowFilter
        var view: FlowView
        var hidden: [FlowFilter]
        var waiting: [Flow] = []
        var lost: UInt64 = 0
        var isIncomplete = false
        /// Of the last flow that was looked at for it.
        var last: UInt64
        var wake: AsyncStream<Void>.Continuation

        /// The flow as the reader sees it, when it asked for such.
        func shown(_ flow: Flow) -> Flow? {
            guard let seen = view.seen(flow), filter.matches(seen), !hidden.contains(where: { $0.matches(seen) }) else {
                return nil
            }
            return seen
        }
    }

    private var readers: [Int: Reader] = [:]
    private var nextReader = 0
    /// The newest flows in order; the number of the first one.
    private var remembered: [Flow] = []
    private var first: UInt64 = 1
    private let places: LivePlaces

    /// - Parameter seed: makes places of this broadcast differ from those of another one.
    public init(seed: UInt64 = .random(in: .min ... .max)) { places = LivePlaces(seed: seed) }

    /// Flows from now on, or from a place on, that a filter matches, as a view shows them; `nil` when there are too many
    /// readers already.
    ///
    /// Events that the kernel lost may be of any namespace: their number is told to readers who see everything. A place
    /// that is no longer remembered makes the first batch incomplete.
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
        var reader = Reader(filter: filter, view: view, hidden: hidden, last: newest, wake: continuation)
        if let place { resume(&reader, after: place) }
        readers[id] = reader
        if !reader.waiting.isEmpty || reader.isIncomplete { continuation.yield() }
        return AsyncStream(unfolding: { [weak self] in
            for await _ in wake {
                guard let batch = await self?.take(id) else { return nil }
                if !batch.flows.isEmpty || batch.isIncomplete { return batch }
            }
            await self?.unsubscribe(id)
            return nil
        })
    }

    private var newest: UInt64 { first + UInt64(remembered.count) - 1 }

    private func resume(_ reader: inout Reader, after place: LivePlace) {
        guard let number = places.number(place), number <= newest, number + 1 >= first else {
            reader.isIncomplete = true
            return
        }
        reader.waiting = remembered.dropFirst(Int(number + 1 - first)).compactMap(reader.shown)
    }

    func send(_ flows: [Flow], lost: UInt64) {
        remember(flows)
        for (id, reader) in readers {
            readers[id]?.last = newest
            let matching = flows.compactMap(reader.shown)
            guard !matching.isEmpty || lost > 0 else { continue }
            let room = max(0, Self.maximumWaiting - reader.waiting.count)
            readers[id]?.waiting += matching.prefix(room)
            let surplus = UInt64(max(0, matching.count - room))
            readers[id]?.lost += (reader.view == .all ? lost : 0) + surplus
            if lost + surplus > 0 { readers[id]?.isIncomplete = true }
            // A reader that has gone is noticed when it is woken.
            if case .terminated = reader.wake.yield() { unsubscribe(id) }
        }
    }

    /// Forgets in large steps, so that a flow is moved at most once.
    private func remember(_ flows: [Flow]) {
        remembered += flows
        guard remembered.count > 2 * Self.maximumRemembered else { return }
        let surplus = remembered.count - Self.maximumRemembered
        remembered.removeFirst(surplus)
        first += UInt64(surplus)
    }

    private func take(_ id: Int) -> Batch? {
        guard let reader = readers[id] else { return nil }
        readers[id]?.waiting = []
        readers[id]?.lost = 0
        readers[id]?.isIncomplete = false
        return Batch(
            flows: reader.waiting,
            lost: reader.lost,
            isIncomplete: reader.isIncomplete,
            place: places.place(reader.last)
        )
    }

    private func unsubscribe(_ id: Int) {
        readers.removeValue(forKey: id)?.wake.finish()
    }
}
