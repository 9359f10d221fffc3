// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// Hands flows to live readers; a reader that does not keep up loses flows of its own, and is told how many.
public actor FlowBroadcast {
    /// Flows that may wait for one reader.
    public static let maximumWaiting = 10_000

    /// Readers at the same time.
    public static let maximumReaders = 1_000

    /// Some flows for one reader, oldest first.
    public struct Batch: Sendable {
        public var flows: [Flow]
        /// Lost before this batch.
        public var lost: UInt64
        /// Whether something may be missing before this batch, also where nobody tells how much.
        public var isIncomplete: Bool
    }

    private struct Reader {
        var filter: FlowFilter
        var view: FlowView
        var waiting: [Flow] = []
        var lost: UInt64 = 0
        var isIncomplete = false
        var wake: AsyncStream<Void>.Continuation
    }

    private var readers: [Int: Reader] = [:]
    private var nextReader = 0

    public init() {}

    /// Flows from now on that a filter matches, as a view shows them; `nil` when there are too many readers already.
    ///
    /// Events that the kernel lost may be of any namespace: their number is told to readers who see everything.
    public func subscribe(_ filter: FlowFilter, _ view: FlowView = .all) -> AsyncStream<Batch>? {
        guard readers.count < Self.maximumReaders else { return nil }
        let id = nextReader
        nextReader += 1
        let (wake, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        readers[id] = Reader(filter: filter, view: view, wake: continuation)
        return AsyncStream(unfolding: { [weak self] in
            for await _ in wake {
                guard let batch = await self?.take(id) else { return nil }
                if !batch.flows.isEmpty || batch.isIncomplete { return batch }
            }
            await self?.unsubscribe(id)
            return nil
        })
    }

    func send(_ flows: [Flow], lost: UInt64) {
        for (id, reader) in readers {
            let matching = flows.compactMap { flow in
                reader.view.seen(flow).flatMap { reader.filter.matches($0) ? $0 : nil }
            }
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

    private func take(_ id: Int) -> Batch? {
        guard let reader = readers[id] else { return nil }
        readers[id]?.waiting = []
        readers[id]?.lost = 0
        readers[id]?.isIncomplete = false
        return Batch(flows: reader.waiting, lost: reader.lost, isIncomplete: reader.isIncomplete)
    }

    private func unsubscribe(_ id: Int) {
        readers.removeValue(forKey: id)?.wake.finish()
    }
}
