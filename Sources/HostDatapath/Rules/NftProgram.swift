// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
import Glibc
public import Netlink
public import NftablesRuleset
import Synchronization

/// The kernel's rules by way of the `nft` program (no library of nftables is linked: they are GPL).
///
/// Our rules are the tables `inet palisade` and `bridge palisade` and nothing else. The generation is the only element
/// of the set `generation` (type `mark`) of `inet palisade`. Calls are serialised.
public struct NftProgram: RulesetApplier {
    /// The name of our tables.
    public static let tableName = "palisade"
    /// The families that we may have a table in.
    public static let families = ["inet", "bridge"]
    /// The set that holds the generation.
    public static let generationSet = "generation"

    private let process: NftProcess
    private let children = RecentChildren()
    private let namespace: NetworkNamespace?

    /// - Parameters:
    ///   - program: the program's name, looked up in `PATH`, or its path.
    ///   - namespace: the network namespace whose rules are meant; `nil`: the process's own.
    public init(program: String = "nft", namespace: NetworkNamespace? = nil) {
        self.namespace = namespace
        let entering = namespace.map { ["nsenter", "--net=\($0.path)"] } ?? []
        process = NftProcess(command: entering + [program], children: children)
    }

    public func apply(_ script: String) async throws {
        _ = try await process.run(["-f", "-"], script: script)
    }

    /// Checks a script against the kernel without applying it.
    /// - Throws: as `apply`.
    public func check(_ script: String) async throws {
        _ = try await process.run(["--check", "-f", "-"], script: script)
    }

    public func installedGeneration() async throws -> UInt32? {
        let text: String
        do {
            text = try await process.run(["-j", "list", "set", "inet", Self.tableName, Self.generationSet])
        } catch NftError.refused(let message) {
            // "No such file or directory" is how nft says that the table or the set is not there.
            guard message.contains("No such file") else { throw NftError.refused(text: message) }
            return nil
        }
        return try NftListing.generation(text)
    }

    /// The packets that a named counter of one of our tables has counted; `nil` when the table is not there.
    public func counter(_ name: String, family: String) async throws -> UInt64? {
        do {
            return try NftListing.namedCounter(
                try await process.run(["-j", "list", "counter", family, Self.tableName, name])
            )
        } catch NftError.refused(let message) {
            guard message.contains("No such file") else { throw NftError.refused(text: message) }
            return nil
        }
    }

    /// The first line of `nft --version`.
    public func version() async throws -> String {
        try await process.run(["--version"]).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// Removes our tables, in one transaction, and nothing else.
    ///
    /// Tables that are not there are passed over.
    public func remove() async throws {
        // "add" first, because deleting a table that is not there is an error.
        let lines = Self.families.flatMap { family in
            ["add table \(family) \(Self.tableName)", "delete table \(family) \(Self.tableName)"]
        }
        try await apply(lines.joined(separator: "\n") + "\n")
    }

    /// The named counters of our tables, and the counters in rules of the chains given, by chain.
    public func readCounters() async throws -> [RuleCounter] {
        var counters: [RuleCounter] = []
        for family in Self.families {
            let text: String
            do {
                text = try await process.run(
                    ["-j", "-t", "list", "table", family, Self.tableName],
                    outputBytes: 64 << 20
                )
            } catch NftError.refused(let message) {
                guard message.contains("No such file") else { throw NftError.refused(text: message) }
                continue
            }
            counters += try NftListing.counters(text)
        }
        return counters
    }

    public func watch(changed: @Sendable (ForeignChange) async -> Void) async throws {
        let socket: NetlinkSocket
        if let namespace {
            socket = try await namespace.run { try Self.subscribe() }
        } else {
            socket = try Self.subscribe()
        }
        let changes = try RulesetChanges(socket: socket).stream()
        await changed(ForeignChange())
        for try await change in changes {
            if let id = change.processID, try await children.contains(id) { continue }
            switch change.effect {
            case .none: continue
            case .replaced, .unknown: await changed(ForeignChange(program: change.program))
            case .changed: await changed(ForeignChange(program: change.program, isTampering: true))
            }
        }
    }

    private static func subscribe() throws(SystemError) -> NetlinkSocket {
        let socket = try NetlinkSocket(.netfilter)
        try socket.setReceiveBuffer(bytes: 4 << 20)
        try socket.join(group: UInt32(NFNLGRP_NFTABLES.rawValue))
        return socket
    }
}

/// What one counter of our rules has counted since the rules were applied.
public struct RuleCounter: Hashable, Sendable {
    public var chain: String
    public var packets: UInt64
    public var bytes: UInt64
}
