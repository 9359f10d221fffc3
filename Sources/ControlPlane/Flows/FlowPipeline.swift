// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import Logging
public import PolicyEvaluation

/// Takes kernel events to the store and to live readers: judged, batched, and counted where they get lost.
///
/// The only consumer of the kernel's events. Flows wait here for at most half a second before they are stored; when the
/// store cannot take them, at most `maximumPending` wait, and what comes beyond is lost and counted.
public actor FlowPipeline {
    /// Flows that may wait for the store.
    public static let maximumPending = 200_000

    /// Flows per batch given to the store at most.
    static let batchSize = 20_000

    private let store: any FlowStore
    private let broadcast: FlowBroadcast
    private let logger: Logger
    private let now: @Sendable () -> Int64

    private var judge = FlowJudge()
    private var pending: [Flow] = []
    private var pendingLosses: [FlowLoss] = []
    private var lost: [LossSource: UInt64] = [:]
    private var disagreements: UInt64 = 0
    private var meter = RateMeter()
    private var storeError: String?
    /// A flush that events asked for, while it is under way.
    private var background: Task<Void, Never>?

    public init(
        store: any FlowStore,
        broadcast: FlowBroadcast,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.broadcast = broadcast
        self.logger = logger
        self.now = now
    }

    /// Says which world a generation of rules judges by; called before its first event can come.
    public func expect(_ generation: UInt32, _ world: ResolvedSnapshot) {
        judge.expect(generation, world)
    }

    /// Takes events in the order in which they happened.
    public func ingest(_ events: [KernelEvent]) async {
        var flows: [Flow] = []
        var missing: UInt64 = 0
        flows.reserveCapacity(events.count)
        for event in events {
            switch event {
            case .packet(let packet): if let flow = judge.flow(packet) { flows.append(flow) }
            case .connectionEnded(let ended): if let flow = judge.flow(ended) { flows.append(flow) }
            case .lost(let source, let count, _):
                note(loss: source, count)
                missing += count
            }
        }
        guard !flows.isEmpty || missing > 0 else { return }
        disagreements += UInt64(flows.count { !$0.agrees })
        meter.add(flows.count { $0.report == .started }, at: now())
        let room = Self.maximumPending - pending.count
        if flows.count > room {
            note(loss: .pipeline, UInt64(flows.count - max(0, room)))
            pending += flows.prefix(max(0, room))
        } else {
            pending += flows
        }
        await broadcast.send(flows, lost: missing)
        // A store that failed is tried again by the clock, not by every event.
        guard pending.count >= Self.batchSize, storeError == nil else { return }
        if pending.count >= 3 * Self.batchSize {
            // The store is behind: the kernel's buffer, which costs less memory, holds what comes meanwhile.
            await flush()
        } else if background == nil {
            // Beside the next events, so that judging and storing use a core each; `drain` waits for it.
            background = Task {
                await flush()
                background = nil
            }
        }
    }

    /// Gives everything to the store, for the last time.
    public func drain() async {
        await background?.value
        await flush()
    }

    /// Counts events that were lost.
    public func note(loss source: LossSource, _ count: UInt64) {
        guard count > 0 else { return }
        lost[source, default: 0] += count
        let time = now()
        pendingLosses.append(FlowLoss(from: time, to: time, source: source, count: count))
        // Losses of one source that come close together are one entry.
        if pendingLosses.count > 1000 { pendingLosses = Self.merged(pendingLosses) }
    }

    /// Gives what waits to the store; called at least twice a second.
    public func flush() async {
        while !pending.isEmpty || !pendingLosses.isEmpty {
            let batch = Array(pending.prefix(Self.batchSize))
            let losses = Self.merged(pendingLosses)
            pending.removeFirst(batch.count)
            pendingLosses = []
            do {
                try await store.append(batch, losses: losses)
                storeError = nil
            } catch {
                // A flush that is cancelled is made up for when the services have stopped.
                if storeError == nil, !Task.isCancelled {
                    logger.error("flows cannot be stored", metadata: ["error": "\(error)"])
                }
                storeError = "\(error)"
                // The batch waits again, as far as there is room; events that came meanwhile stay behind it.
                pending = batch + pending
                pendingLosses = losses + pendingLosses
                trim()
                return
            }
        }
    }

    /// How observation is doing.
    public func state() -> FlowPipelineState {
        FlowPipelineState(
            flowsPerSecond: meter.rate(at: now()),
            lost: lost,
            disagreements: disagreements,
            storeError: storeError
        )
    }

    private func trim() {
        guard pending.count > Self.maximumPending else { return }
        let surplus = pending.count - Self.maximumPending
        pending.removeFirst(surplus)
        note(loss: .pipeline, UInt64(surplus))
    }

    private static func merged(_ losses: [FlowLoss]) -> [FlowLoss] {
        var bySource: [LossSource: FlowLoss] = [:]
        for loss in losses {
            guard let known = bySource[loss.source] else {
                bySource[loss.source] = loss
                continue
            }
            bySource[loss.source] = FlowLoss(
                from: min(known.from, loss.from),
                to: max(known.to, loss.to),
                source: loss.source,
                count: known.count + loss.count
            )
        }
        return bySource.values.sorted { $0.source.rawValue < $1.source.rawValue }
    }
}

/// How observation is doing.
public struct FlowPipelineState: Hashable, Sendable {
    /// Over the last ten seconds.
    public var flowsPerSecond: Double
    /// Since start.
    public var lost: [LossSource: UInt64]
    /// Flows on which the engine and the kernel differ, since start.
    public var disagreements: UInt64
    /// Why the store did not take the last batch; `nil` when it did.
    public var storeError: String?
}

/// Counts events in one-second slots over the last ten seconds.
struct RateMeter {
    private static let slots = 10
    private var counts = [Int](repeating: 0, count: slots)
    private var seconds = [Int64](repeating: .min, count: slots)

    mutating func add(_ count: Int, at time: Int64) {
        let second = time / 1_000_000
        let slot = Int(second % Int64(Self.slots))
        if seconds[slot] != second { (seconds[slot], counts[slot]) = (second, 0) }
        counts[slot] += count
    }

    /// Per second; time in microseconds.
    func rate(at time: Int64) -> Double {
        let oldest = time / 1_000_000 - Int64(Self.slots)
        let total = zip(seconds, counts).filter { $0.0 > oldest }.reduce(0) { $0 + $1.1 }
        return Double(total) / Double(Self.slots)
    }
}
