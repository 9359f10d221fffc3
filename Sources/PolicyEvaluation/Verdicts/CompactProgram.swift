// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// One endpoint as the table knows it: one place in memory, for a verdict costs hardly more than reaching it.
struct CompactSubject: Sendable {
    var namespace: UInt32
    var labelStart: UInt32
    var labelEnd: UInt32
    var egress = CompactProgram()
    var ingress = CompactProgram()
}

/// The rules of one side; without any and not isolated, no policy has a say.
struct CompactProgram: Sendable {
    /// What programs and rules may have at most; beyond, a side has no compact form.
    static let mostRules: UInt32 = 1 << 30
    private static let isolated: UInt32 = 1 << 31
    private static let deny: UInt32 = 1 << 31
    private static let open: UInt32 = 1 << 30

    /// The flags stand in the upper bits.
    private var startBits: UInt32
    private var endBits: UInt32 = 0

    init(start: UInt32 = 0) { startBits = start }

    /// A side that has no compact form.
    static var none: CompactProgram {
        var program = CompactProgram()
        program.endBits = open
        return program
    }

    var isCompact: Bool { endBits & Self.open == 0 }
    var start: UInt32 { startBits & (Self.mostRules - 1) }
    var end: UInt32 {
        get { endBits & (Self.mostRules - 1) }
        set { endBits = endBits & ~(Self.mostRules - 1) | newValue }
    }
    var isIsolated: Bool {
        get { startBits & Self.isolated != 0 }
        set { startBits = newValue ? startBits | Self.isolated : startBits & ~Self.isolated }
    }
    var hasDeny: Bool {
        get { endBits & Self.deny != 0 }
        set { endBits = newValue ? endBits | Self.deny : endBits & ~Self.deny }
    }
}

/// One rule, with its first peer and its first range of ports; the others are ranges of the table's lists.
struct CompactRule: Sendable {
    var peer = CompactPeer(label: 0, namespace: 0, selector: 0, hasMore: false)
    var peerStart: UInt32 = 0
    var peerEnd: UInt32 = 0
    var portStart: UInt32 = 0
    var portEnd: UInt32 = 0
    var blockStart: UInt32 = 0
    var blockEnd: UInt32 = 0
    var port = CompactPort(ipProtocol: 0, first: 1, last: 0)
    var isDeny: Bool
    var isLimited: Bool
    var isForEveryone: Bool
    var isForEveryPort: Bool
    var hasPeer = false
    /// Whether it may match peers that it does not match for sure.
    var isDoubtful = false
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
    /// One of the labels that it demands; 0: none.
    var label: UInt64
    /// 0: any.
    var namespace: UInt32
    var selector: UInt32
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
