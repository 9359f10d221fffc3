// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Recorded connections, each kind once with its counts; and what could not be used.
///
/// Ten million flows of a hundred thousand kinds are a hundred thousand values here. Ends and requests are kept once each and
/// named by number, so that who looks at every kind works out once per end what it makes of it.
public struct RecordedTraffic: Sendable {
    /// How often a kind of connection was recorded, and when.
    public struct Count: Hashable, Sendable {
        public var flows: UInt64
        /// 0 where the source does not count them.
        public var packets: UInt64
        /// Microseconds since 1970; `nil`: not recorded.
        public var firstSeen: Int64?
        public var lastSeen: Int64?

        public init(flows: UInt64, packets: UInt64 = 0, firstSeen: Int64? = nil, lastSeen: Int64? = nil) {
            self.flows = flows
            self.packets = packets
            self.firstSeen = firstSeen
            self.lastSeen = lastSeen
        }

        public mutating func merge(_ other: Count) {
            flows += other.flows
            packets += other.packets
            if let time = other.firstSeen { firstSeen = min(firstSeen ?? time, time) }
            if let time = other.lastSeen { lastSeen = max(lastSeen ?? time, time) }
        }
    }

    /// A kind of connection, its ends by their numbers.
    public struct Link: Hashable, Sendable {
        /// Of `parties`.
        public let source: Int32
        public let destination: Int32
        /// Of what is known of a request; -1: nothing.
        let request: Int32
        public let ipProtocol: IPProtocol
        public let port: UInt16
        public let verdict: Verdict

        /// Whether something of a request is known.
        public var hasRequest: Bool { request >= 0 }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(UInt64(UInt32(bitPattern: source)) << 32 | UInt64(UInt32(bitPattern: destination)))
            // Verdicts differ rarely where all else is the same.
            let numbers = UInt64(port) << 8 | UInt64(ipProtocol.rawValue)
            hasher.combine(numbers << 32 | UInt64(UInt32(bitPattern: request)))
        }
    }

    private struct Request: Hashable {
        var http: RecordedConnection.HTTP?
        var dnsQuery: String?
    }

    private var interned = Interned<RecordedConnection.Party>()
    private var requests = Interned<Request>()
    /// Of the ends of Palisade's own counts, so that no other form of them is made each time.
    private var numbers: [FlowKey.Party: Int32] = [:]
    private var places: [Link: Int32] = [:]
    /// The kinds, in the order in which they came.
    public private(set) var links: [Link] = []
    private(set) var values: [Count] = []

    /// Lines that are no records at all.
    public var unreadable: UInt64 = 0
    /// Records that say nothing about a connection: status, agent events, answers, sockets.
    public var ignored: UInt64 = 0
    /// Events that the source says it lost.
    public var lost: UInt64 = 0

    public init() {}

    /// Nothing yet; with room for so many kinds, as growing hashes and moves everything again.
    public init(minimumCapacity: Int) {
        places.reserveCapacity(minimumCapacity)
        links.reserveCapacity(minimumCapacity)
        values.reserveCapacity(minimumCapacity)
    }

    /// Palisade's own counts; keys that stand for many others are ignored.
    public init(_ counts: some Sequence<(key: FlowKey, value: FlowCount)>) {
        self.init(minimumCapacity: counts.underestimatedCount)
        for (key, count) in counts { add(key, count) }
    }

    /// All ends, in the order in which they came.
    public var parties: [RecordedConnection.Party] { interned.values }

    /// The kinds with their counts, in the order of `links`.
    public var counts: Counts { Counts(traffic: self) }

    public func connection(_ link: Link) -> RecordedConnection {
        let request = link.hasRequest ? requests.values[Int(link.request)] : nil
        return RecordedConnection(
            source: interned.values[Int(link.source)],
            destination: interned.values[Int(link.destination)],
            ipProtocol: link.ipProtocol,
            port: link.port,
            http: request?.http,
            dnsQuery: request?.dnsQuery,
            verdict: link.verdict
        )
    }

    /// One of Palisade's own counts; a key that stands for many others is ignored.
    public mutating func add(_ key: FlowKey, _ count: FlowCount) {
        guard !key.isOther else {
            // Also when it stands for packets alone.
            ignored += max(1, count.flows)
            return
        }
        let own = Count(
            flows: count.flows,
            packets: count.packets,
            firstSeen: count.firstSeen,
            lastSeen: count.lastSeen
        )
        let link = Link(
            source: number(of: key.source),
            destination: number(of: key.destination),
            request: -1,
            ipProtocol: key.ipProtocol,
            port: key.port,
            verdict: key.verdict
        )
        add(link, own)
    }

    /// - Complexity: O(1) on average.
    public mutating func add(_ connection: RecordedConnection, _ count: Count = Count(flows: 1)) {
        let hasRequest = connection.http != nil || connection.dnsQuery != nil
        let link = Link(
            source: interned.number(of: connection.source),
            destination: interned.number(of: connection.destination),
            request: hasRequest
                ? requests.number(of: Request(http: connection.http, dnsQuery: connection.dnsQuery)) : -1,
            ipProtocol: connection.ipProtocol,
            port: connection.port,
            verdict: connection.verdict
        )
        add(link, count)
    }

    private mutating func number(of party: FlowKey.Party) -> Int32 {
        if let known = numbers[party] { return known }
        let number = interned.number(of: RecordedConnection.Party(party))
        numbers[party] = number
        return number
    }

    private mutating func add(_ link: Link, _ count: Count) {
        let next = Int32(links.count)
        let place = Int(places[link, default: next])
        if place == links.count {
            places[link] = next
            links.append(link)
            values.append(count)
        } else {
            values[place].merge(count)
        }
    }

    /// All flows together.
    public var flows: UInt64 { values.reduce(0) { $0 + $1.flows } }

    /// When the first and the last flow was seen; `nil` when no time was recorded.
    public var period: ClosedRange<Int64>? {
        guard let first = values.compactMap(\.firstSeen).min(),
            let last = values.compactMap(\.lastSeen).max(), first <= last
        else { return nil }
        return first...last
    }
}
