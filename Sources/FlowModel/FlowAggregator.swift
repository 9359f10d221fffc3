// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Counts of flows per key and minute, with a bound on the keys of one minute.
///
/// When a minute has `keyLimit` keys, flows of further keys are counted under `FlowKey.other`, one per verdict and
/// direction, so that totals stay exact. Only the newest `openWindows` minutes remember their keys; a flow of an older minute
/// counts under its own key while its batch lasts, bounded in the same way.
public struct FlowAggregator: Sendable {
    /// One count to be added to what is stored for the window and key.
    public struct Delta: Hashable, Sendable {
        /// Start of the window, microseconds since 1970.
        public var window: Int64
        public var key: FlowKey
        public var count: FlowCount
    }

    public static let openWindows = 3

    public let keyLimit: Int
    /// Flows that were counted under `FlowKey.other` since the beginning.
    public private(set) var overflowed: UInt64 = 0

    private var keys: [Int64: Set<FlowKey>] = [:]
    private var pending: [Int64: [FlowKey: FlowCount]] = [:]

    /// - Parameter keyLimit: keys of one minute, at least 1.
    public init(keyLimit: Int = 20_000) { self.keyLimit = max(1, keyLimit) }

    /// - Complexity: O(1) on average.
    public mutating func add(_ flow: Flow) {
        let window = FlowWindow.start(of: flow.time)
        var key = FlowKey(flow)
        let count = FlowCount(flow)
        // Most flows are of a kind that came a moment ago; such a key has been counted as one of the window's.
        if pending[window]?[key]?.merge(count) != nil { return }
        if !(keys[window]?.contains(key) ?? false) {
            if keys[window, default: []].count >= keyLimit {
                overflowed += 1
                key = .other(flow.verdict, flow.direction)
            } else {
                keys[window, default: []].insert(key)
            }
        }
        if pending[window]?[key]?.merge(count) == nil {
            pending[window, default: [:]][key] = count
        }
    }

    /// What came since the last call, sorted by window; forgets the keys of all but the newest windows.
    public mutating func takeDeltas() -> [Delta] {
        let deltas = pending.sorted { $0.key < $1.key }.flatMap { window, counts in
            counts.map { Delta(window: window, key: $0.key, count: $0.value) }
        }
        pending.removeAll(keepingCapacity: true)
        for window in keys.keys.sorted().dropLast(Self.openWindows) { keys[window] = nil }
        return deltas
    }
}

extension FlowKey {
    /// Stands for all keys past the bound of one minute: no addresses, names or ports, only verdict and direction.
    public static func other(_ verdict: Verdict, _ direction: Direction) -> FlowKey {
        let party = Party(kind: .unknown, namespace: nil, workload: "<other>", address: nil)
        return FlowKey(
            source: party,
            destination: party,
            ipProtocol: IPProtocol(rawValue: 255),
            port: 0,
            verdict: verdict,
            direction: direction,
            decision: Flow.Decision(reason: verdict == .allowed ? .allowedByRule : .policyDenied)
        )
    }

    /// Whether this stands for keys past the bound.
    public var isOther: Bool { source.kind == .unknown && source.workload == "<other>" && source.address == nil }
}
