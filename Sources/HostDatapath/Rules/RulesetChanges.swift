// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
import Netlink

/// One committed transaction on the kernel's rules, whoever made it.
struct RulesetChange: Hashable, Sendable {
    /// The process that did it, in the first process namespace; `nil` when the kernel does not tell.
    var processID: UInt32?
    /// The name of its program, cut to 15 bytes by the kernel.
    var program: String?
    /// Whether it changed anything in a table of our name.
    var touchesOurs = false
    /// Whether this stands for changes that were not seen.
    var isUnseen = false

    /// Changes that were not seen one by one because the buffer overflowed.
    static let unknown = RulesetChange(processID: nil, program: nil, isUnseen: true)
}

extension RulesetChange {
    /// The change that an `NFT_MSG_NEWGEN` message announces; the kernel sends one at the end of each transaction.
    init?(_ message: NetlinkMessage) {
        guard message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES), message.subtype == UInt16(NFT_MSG_NEWGEN.rawValue)
        else { return nil }
        for attribute in message.attributes(after: 4) {
            switch attribute.type {
            case Int(NFTA_GEN_PROC_PID.rawValue): processID = attribute.payload.network(UInt32.self, at: 0)
            case Int(NFTA_GEN_PROC_NAME.rawValue):
                program = String(decoding: attribute.payload.prefix { $0 != 0 }, as: UTF8.self)
            default: break
            }
        }
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
        var touchesOurs = false
        while try !socket.wait(wakeUp: wakeUp).contains(.woken) {
            switch try socket.receive(into: buffer) {
            case .empty: continue
            case .overflow, .truncated: report(.unknown)
            case .datagram(let length):
                for message in NetlinkMessages(UnsafeRawBufferPointer(rebasing: buffer[..<length])) {
                    if var change = RulesetChange(message) {
                        change.touchesOurs = touchesOurs
                        touchesOurs = false
                        report(change)
                    } else if isAboutOurTable(message) {
                        touchesOurs = true
                    }
                }
            }
        }
    }

    /// Every message about a table, chain, rule, set, element or object has the table's name as its first attribute.
    private static func isAboutOurTable(_ message: NetlinkMessage) -> Bool {
        guard message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES) else { return false }
        return message.attributes(after: 4).contains { attribute in
            attribute.type == Int(NFTA_TABLE_NAME.rawValue)
                && attribute.payload.prefix { $0 != 0 }.elementsEqual(NftProgram.tableName.utf8)
        }
    }
}
