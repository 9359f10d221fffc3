// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
import Glibc

extension SystemError {
    static let again = EAGAIN
    static let noBuffers = ENOBUFS
}

extension NetlinkSocket {
    /// How long a request waits for the kernel's answer.
    private static let answerMilliseconds: Int32 = 2000

    /// Sends a request and waits for the kernel's answer to it: the messages of a dump, or the acknowledgement.
    ///
    /// The socket must not be subscribed to any group.
    /// - Parameter each: gets each message of the answer except the final one.
    /// - Throws: the kernel's error, or `ETIMEDOUT` after two seconds of silence.
    public func exchange(
        _ request: NetlinkRequest,
        sequence: UInt32,
        operation: String,
        each: (NetlinkMessage) -> Void = { _ in }
    ) throws(SystemError) {
        try send(request)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            guard try wait(milliseconds: Self.answerMilliseconds).contains(.readable) else {
                throw SystemError(operation, code: ETIMEDOUT)
            }
            switch try receive(into: buffer) {
            case .empty: continue
            case .overflow, .truncated: throw SystemError(operation, code: ENOBUFS)
            case .datagram(let length):
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<length])
                if try Self.take(bytes, sequence: sequence, operation: operation, each: each) { return }
            }
        }
    }

    /// Passes the messages on; `true` when the answer is complete.
    private static func take(
        _ bytes: UnsafeRawBufferPointer,
        sequence: UInt32,
        operation: String,
        each: (NetlinkMessage) -> Void
    ) throws(SystemError) -> Bool {
        for message in NetlinkMessages(bytes) where message.sequence == sequence {
            switch Int32(message.type) {
            case NLMSG_ERROR:
                guard let code = message.payload.native(Int32.self, at: 0) else {
                    throw SystemError(operation, code: EBADMSG)
                }
                guard code == 0 else { throw SystemError(operation, code: code == .min ? EBADMSG : -code) }
                return true
            case NLMSG_DONE:
                let code = message.payload.native(Int32.self, at: 0) ?? 0
                guard code >= 0 || code == .min else { throw SystemError(operation, code: -code) }
                return true
            default: each(message)
            }
        }
        return false
    }
}
