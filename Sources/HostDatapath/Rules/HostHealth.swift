// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import Netlink
public import NftablesRuleset

/// The host's settings that enforcement rests on, and the kernel's counters of what it did not log.
public struct HostHealth: DatapathHealth {
    private let nft: NftProgram
    private let namespace: NetworkNamespace?

    /// - Parameter namespace: the network namespace that is meant; `nil`: the process's own.
    public init(nft: NftProgram = NftProgram(), namespace: NetworkNamespace? = nil) {
        self.nft = nft
        self.namespace = namespace
    }

    public func unloggedPackets() async throws -> UInt64 {
        var total: UInt64 = 0
        for family in NftProgram.families { total += try await nft.counter("unlogged", family: family) ?? 0 }
        return total
    }

    /// Bridged traffic passes the rules only while `br_netfilter` hands it over.
    public func repair() async throws -> [String] {
        guard let namespace else { return try Self.repairHere() }
        return try await namespace.run { try Self.repairHere() }
    }

    private static func repairHere() throws -> [String] {
        try ["iptables", "ip6tables"].compactMap { family in
            let setting = KernelSetting("net/bridge/bridge-nf-call-\(family)")
            guard let value = setting.value, value != "1" else { return nil }
            try setting.ensure("1")
            return
                "net.bridge.bridge-nf-call-\(family) was \(value), so traffic between containers of one bridge passed unseen."
        }
    }
}
