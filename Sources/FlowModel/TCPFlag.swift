// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One bit of the TCP header's flags (RFC 9293, section 3.1).
public enum TCPFlag: UInt8, Hashable, Sendable, CaseIterable {
    case fin = 1
    case syn = 2
    case rst = 4
    case psh = 8
    case ack = 16
    case urg = 32
    case ece = 64
    case cwr = 128

    /// `SYN`.
    public var name: String {
        switch self {
        case .fin: "FIN"
        case .syn: "SYN"
        case .rst: "RST"
        case .psh: "PSH"
        case .ack: "ACK"
        case .urg: "URG"
        case .ece: "ECE"
        case .cwr: "CWR"
        }
    }

    /// Names of the bits that are set, from the lowest.
    public static func names(in bits: UInt8) -> [String] {
        allCases.filter { bits & $0.rawValue != 0 }.map(\.name)
    }
}
