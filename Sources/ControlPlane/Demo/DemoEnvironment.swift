// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// One environment of the demonstration: its manifests, its policies, and the traffic that it saw.
///
/// The data are the examples of the documentation, so that screenshots, tests and text agree. Everything is derived from
/// these values; nothing is random.
public struct DemoEnvironment: Hashable, Sendable {
    /// Connections of one kind, spread evenly over a time before `DemoEnvironment.now`.
    public struct Traffic: Hashable, Sendable {
        /// `namespace/container` or an address.
        public var source: String
        public var destination: String
        public var service: Service
        public var count: Int
        /// Seconds before now at which the first and the last one was seen.
        public var from: Int64
        public var to: Int64
        public var packets: UInt64
        public var bytes: UInt64
        /// Whether the same was seen on the days before.
        public var isDaily: Bool

        init(
            _ source: String,
            _ destination: String,
            _ service: Service,
            _ count: Int,
            from: Int64 = DemoEnvironment.day,
            to: Int64 = 4,
            packets: UInt64 = 12,
            bytes: UInt64 = 9_000,
            isDaily: Bool = true
        ) {
            self.source = source
            self.destination = destination
            self.service = service
            self.count = count
            self.from = from
            self.to = to
            self.packets = packets
            self.bytes = bytes
            self.isDaily = isDaily
        }
    }

    /// 2026-11-22T14:02:30Z, in microseconds since 1970.
    public static let now = Timestamp("2026-11-22T14:02:30Z")?.microseconds ?? 0
    /// Seconds.
    public static let day: Int64 = 86_400
    /// Since when flows are kept: 2026-11-19T14:00:00Z.
    public static let keptSince = Timestamp("2026-11-19T14:00:00Z")?.microseconds ?? 0

    public var name: String
    public var mode: Mode
    /// Manifests of the world, as one YAML text.
    public var world: String
    /// Policy texts by file name.
    public var policies: [String: String]
    public var traffic: [Traffic]
    /// Times in seconds before now during which nothing was collected.
    public var gaps: [ClosedRange<Int64>]

    /// `production`, `staging` and `edge-7`.
    public static let all = [production, staging, edge]
}
