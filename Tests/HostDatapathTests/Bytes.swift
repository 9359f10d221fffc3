// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// Bytes of packets and netlink messages, for decoders.
enum Bytes {
    static func be16(_ value: UInt16) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }
    static func be32(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }
    static func be64(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }

    static func attribute(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        let length = UInt16(payload.count + 4)
        let header = withUnsafeBytes(of: length) { [UInt8]($0) } + withUnsafeBytes(of: UInt16(type)) { [UInt8]($0) }
        return header + payload + [UInt8](repeating: 0, count: (4 - payload.count % 4) % 4)
    }

    /// A whole netfilter message: netlink header, nfgenmsg, attributes.
    static func message(_ type: Int, _ attributes: [UInt8]) -> [UInt8] {
        let length = UInt32(20 + attributes.count)
        return withUnsafeBytes(of: length) { [UInt8]($0) } + withUnsafeBytes(of: UInt16(type)) { [UInt8]($0) }
            + [UInt8](repeating: 0, count: 10) + [2, 0, 0, 0] + attributes
    }

    static func ipv4(_ ipProtocol: UInt8, _ source: String, _ destination: String, _ rest: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [0x45, 0] + be16(UInt16(20 + rest.count)) + [0, 1, 0x40, 0, 64, ipProtocol, 0, 0]
        return header + address(source) + address(destination) + rest
    }

    static func ipv6(_ next: UInt8, _ source: String, _ destination: String, _ rest: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [0x60, 0, 0, 0] + be16(UInt16(rest.count)) + [next, 64]
        return header + address(source) + address(destination) + rest
    }

    static func tcp(_ source: UInt16, _ destination: UInt16, flags: UInt8) -> [UInt8] {
        be16(source) + be16(destination) + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
    }

    static func address(_ text: String) -> [UInt8] { IPAddress(text)?.bytes ?? [] }
}
