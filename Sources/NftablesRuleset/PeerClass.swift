// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Parties that no rule can tell apart; the kernel knows each class by its number, which is what `meta priority` holds
/// while a packet is judged.
struct PeerClass {
    /// What makes parties alike.
    enum Key: Hashable {
        case endpoint(Identity, blocks: [CIDRPeer])
        case host(blocks: [CIDRPeer])
        case world(IPAddress.Family, blocks: [CIDRPeer])
    }

    var number: UInt32
    var key: Key

    /// Classes with fixed numbers.
    static let host: UInt32 = 1
    static let worldIPv4: UInt32 = 2
    static let unknown: UInt32 = 3
    static let worldIPv6: UInt32 = 4
    static let firstDynamic: UInt32 = 16

    static func world(_ family: IPAddress.Family) -> UInt32 { family == .v4 ? worldIPv4 : worldIPv6 }

    /// The number in nft's notation for `classid`.
    static func text(_ number: UInt32) -> String {
        "\(String(number >> 16, radix: 16)):\(String(number & 0xffff, radix: 16))"
    }

    var labels: LabelSet {
        switch key {
        case .endpoint(let identity, _): identity.labels
        case .host: ReservedIdentity.host
        case .world(let family, _): ReservedIdentity.world(family)
        }
    }

    var identity: Identity? {
        if case .endpoint(let identity, _) = key { identity } else { nil }
    }

    var blocks: [CIDRPeer] {
        switch key {
        case .endpoint(_, let blocks), .host(let blocks), .world(_, let blocks): blocks
        }
    }

    var isHost: Bool { if case .host = key { true } else { false } }
}

/// Gives classes their numbers, the same number for the same class from one ruleset to the next, so that a change in one
/// place does not renumber the rest.
public struct ClassNumbers: Sendable {
    private var numbers: [PeerClass.Key: UInt32] = [
        .host(blocks: []): PeerClass.host,
        .world(.v4, blocks: []): PeerClass.worldIPv4,
        .world(.v6, blocks: []): PeerClass.worldIPv6,
    ]
    private var next = PeerClass.firstDynamic

    public init() {}

    mutating func number(for key: PeerClass.Key) -> UInt32 {
        if let known = numbers[key] { return known }
        numbers[key] = next
        defer { next += 1 }
        return next
    }

    /// Forgets classes that are no longer in use, so that the table stays as large as the world.
    mutating func keep(_ used: Set<UInt32>) {
        numbers = numbers.filter { $0.value < PeerClass.firstDynamic || used.contains($0.value) }
    }
}
