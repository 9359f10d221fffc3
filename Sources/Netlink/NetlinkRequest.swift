// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink

/// A netlink message under construction.
public struct NetlinkRequest {
    /// The whole message, header included.
    public private(set) var bytes: [UInt8]

    /// - Parameters:
    ///   - type: the message type; for netfilter the subsystem in the high byte.
    ///   - flags: `NLM_F_REQUEST` is added.
    public init(type: Int, flags: Int, sequence: UInt32) {
        bytes = []
        append(native: UInt32(0))
        append(native: UInt16(truncatingIfNeeded: type))
        append(native: UInt16(truncatingIfNeeded: flags | Int(NLM_F_REQUEST)))
        append(native: sequence)
        append(native: UInt32(0))
        finish()
    }

    /// Appends a fixed header or part of one.
    public mutating func append(native value: some FixedWidthInteger & BitwiseCopyable) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
        finish()
    }

    public mutating func attribute(_ type: Int, _ payload: [UInt8]) {
        pad()
        append(native: UInt16(truncatingIfNeeded: payload.count + Netlink.attributeHeaderLength))
        append(native: UInt16(truncatingIfNeeded: type))
        bytes.append(contentsOf: payload)
        pad()
    }

    /// An attribute in network byte order, as netfilter wants them.
    public mutating func attribute(_ type: Int, network value: some FixedWidthInteger & BitwiseCopyable) {
        attribute(type, withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) })
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
        finish()
    }

    /// Writes the length into the header.
    private mutating func finish() {
        let length = UInt32(bytes.count)
        withUnsafeBytes(of: length) { source in
            for index in 0..<Swift.min(4, bytes.count) { bytes[index] = source[index] }
        }
    }
}
