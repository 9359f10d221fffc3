// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
import Netlink

/// One committed transaction on the kernel's rules, whoever made it.
struct RulesetChange: Hashable, Sendable {
    /// What a transaction did to our tables.
    enum Effect: Hashable, Sendable {
        /// It was about other tables.
        case none
        /// It wrote a generation too, as our own transactions do: the generation tells what is there now.
        case replaced
        /// It changed them and wrote no generation.
        case changed
        /// Some of its messages were not seen.
        case unknown
    }

    /// The process that did it, in the first process namespace; `nil` when the kernel does not tell.
    var processID: UInt32?
    /// The name of its program, cut to 15 bytes by the kernel.
    var program: String?
    var effect: Effect

    /// Changes that were not seen one by one because the buffer overflowed.
    static let unknown = RulesetChange(processID: nil, program: nil, effect: .unknown)
}

/// Puts the messages of the kernel's rule notifications together to transactions.
///
/// The kernel sends one message for each object that a transaction changed, and `NFT_MSG_NEWGEN` at its end
/// (`net/netfilter/nf_tables_api.c`).
struct RulesetChangeDecoder {
    /// `NFPROTO_INET` and `NFPROTO_BRIDGE` (`linux/netfilter.h`), as in `NftProgram.families`.
    private static let families: [UInt8] = [1, 7]

    private var effect = RulesetChange.Effect.none

    /// Messages were lost: the transaction under way cannot be judged.
    mutating func noteLoss() { effect = .unknown }

    /// - Returns: the transaction that this message ends; `nil` within one.
    mutating func change(_ message: NetlinkMessage) -> RulesetChange? {
        guard message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES) else { return nil }
        guard message.subtype == UInt16(NFT_MSG_NEWGEN.rawValue) else {
            note(message)
            return nil
        }
        var change = RulesetChange(processID: nil, program: nil, effect: effect)
        effect = .none
        for attribute in message.attributes(after: 4) {
            switch attribute.type {
            case Int(NFTA_GEN_PROC_PID.rawValue): change.processID = attribute.payload.network(UInt32.self, at: 0)
            case Int(NFTA_GEN_PROC_NAME.rawValue): change.program = Self.text(attribute)
            default: break
            }
        }
        return change
    }

    private mutating func note(_ message: NetlinkMessage) {
        guard effect == .none || effect == .changed,
            let family = message.payload.first, Self.families.contains(family)
        else { return }
        var table = ""
        var second = ""
        for attribute in message.attributes(after: 4) {
            // Every object names its table first, and elements their set second.
            if attribute.type == Int(NFTA_SET_ELEM_LIST_TABLE.rawValue) { table = Self.text(attribute) }
            if attribute.type == Int(NFTA_SET_ELEM_LIST_SET.rawValue) { second = Self.text(attribute) }
        }
        guard table == NftProgram.tableName else { return }
        let writesGeneration =
            message.subtype == UInt16(NFT_MSG_NEWSETELEM.rawValue) && second == NftProgram.generationSet
        effect = writesGeneration ? .replaced : .changed
    }

    private static func text(_ attribute: NetlinkAttribute) -> String {
        String(decoding: attribute.payload.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// The stream of changes to the kernel's rules.
struct RulesetChanges {
    /// Changes that wait for the reader; beyond it the oldest go, which is harmless: a change only says "look again".
    private static let pending = 64

    var socket: NetlinkSocket

    /// Changes as they happen, read on a thread of its own until the reader is cancelled.
    func stream() throws(SystemError) -> AsyncThrowingStream<RulesetChange, any Error> {
        let wakeUp = try WakeUp()
        let (changes, writer) = AsyncThrowingStream.makeStream(
            of: RulesetChange.self,
            bufferingPolicy: .bufferingNewest(Self.pending)
        )
        writer.onTermination = { _ in wakeUp.ring() }
        let socket = socket
        DedicatedThread.start(name: "rule-watch") {
            do {
                try Self.read(socket, wakeUp: wakeUp) { writer.yield($0) }
                writer.finish()
            } catch {
                writer.finish(throwing: error)
            }
        }
        return changes
    }

    private static func read(_ socket: NetlinkSocket, wakeUp: WakeUp, report: (RulesetChange) -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        var decoder = RulesetChangeDecoder()
        while try !socket.wait(wakeUp: wakeUp).contains(.woken) {
            switch try socket.receive(into: buffer) {
            case .empty: continue
            case .overflow, .truncated:
                decoder.noteLoss()
                report(.unknown)
            case .datagram(let length):
                for message in NetlinkMessages(UnsafeRawBufferPointer(rebasing: buffer[..<length])) {
                    if let change = decoder.change(message) { report(change) }
                }
            }
        }
    }
}
