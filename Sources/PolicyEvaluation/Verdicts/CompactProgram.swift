// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// One identity as the table knows it.
struct CompactSubject: Sendable {
    var namespace: UInt32
    var labelStart: UInt32
    var labelEnd: UInt32
    var egress = CompactProgram()
    var ingress = CompactProgram()
    var isCompact = true
}

/// The rules of one side; without any and not isolated, no policy has a say.
struct CompactProgram: Sendable {
    var start: UInt32 = 0
    var end: UInt32 = 0
    var isIsolated = false
    var hasDeny = false
}

/// One rule; its peers and ports are ranges of the table's lists.
struct CompactRule: Sendable {
    var isDeny: Bool
    var isLimited: Bool
    var isForEveryone: Bool
    var isForEveryPort: Bool
    /// Whether it may match peers that it does not match for sure.
    var isDoubtful = false
    var peerStart: UInt32 = 0
    var peerEnd: UInt32 = 0
    /// The first range of ports; the others are in the list.
    var port = CompactPort(ipProtocol: 0, first: 1, last: 0)
    var portStart: UInt32 = 0
    var portEnd: UInt32 = 0
    var blockStart: UInt32 = 0
    var blockEnd: UInt32 = 0
}

/// Neighbouring addresses of one family, both ends included.
struct CompactBlock: Sendable {
    var first: IPAddress
    var last: IPAddress

    func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && first.bits <= address.bits && address.bits <= last.bits
    }

    /// A block of addresses without its exceptions, in order.
    static func ranges(of peer: CIDRPeer) -> [CompactBlock] {
        let (family, end) = (peer.prefix.family, peer.prefix.last.bits)
        var ranges: [CompactBlock] = []
        func add(_ first: UInt128, _ last: UInt128) {
            ranges.append(.init(first: .init(family: family, bits: first), last: .init(family: family, bits: last)))
        }
        var next = peer.prefix.base.bits
        for except in peer.except.filter({ $0.family == family }).sorted() where except.last.bits >= next {
            if except.base.bits > end { break }
            if except.base.bits > next { add(next, except.base.bits - 1) }
            guard except.last.bits < end else { return ranges }
            next = except.last.bits + 1
        }
        add(next, end)
        return ranges
    }
}

/// A selector that a rule names, with what decides most questions about it in the same place.
struct CompactPeer: Sendable {
    var selector: UInt32
    /// 0: any.
    var namespace: UInt32
    /// One of the labels that it demands; 0: none.
    var label: UInt64
    /// Whether it demands more than these.
    var hasMore: Bool
}

/// A range of ports of one protocol.
struct CompactPort: Sendable {
    var ipProtocol: UInt8
    var first: UInt16
    var last: UInt16

    func contains(_ service: Service) -> Bool {
        ipProtocol == service.ipProtocol.rawValue && first <= service.port && service.port <= last
    }
}
