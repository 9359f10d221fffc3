// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// One question put to a packet: is it in this table of connections? Answered by a fixed, small number of set lookups,
/// however many entries the table has.
struct LookupStage {
    /// The kinds of lookup, in the order in which they are tried.
    ///
    /// A class comes first in those that name one.
    enum Shape: String, CaseIterable {
        case classPort = "cpp"
        case classPortRange = "cpr"
        case classProtocol = "cp"
        case classOnly = "c"
        case classICMP = "ci4"
        case classICMPv6 = "ci6"
        case port = "pp"
        case portRange = "pr"
        case ipProtocol = "p"
        case icmp = "i4"
        case icmpv6 = "i6"

        /// nft's types of the key.
        var key: [String] {
            switch self {
            case .classPort, .classPortRange: ["classid", "inet_proto", "inet_service"]
            case .classProtocol: ["classid", "inet_proto"]
            case .classOnly: ["classid"]
            case .classICMP: ["classid", "icmp_type"]
            case .classICMPv6: ["classid", "icmpv6_type"]
            case .port, .portRange: ["inet_proto", "inet_service"]
            case .ipProtocol: ["inet_proto"]
            case .icmp: ["icmp_type"]
            case .icmpv6: ["icmpv6_type"]
            }
        }

        var isInterval: Bool { self == .classPortRange || self == .portRange }

        /// Whether the key has an ICMP type, which differs between request and reply.
        var dependsOnOrientation: Bool {
            switch self {
            case .classICMP, .classICMPv6, .icmp, .icmpv6: true
            default: false
            }
        }

        /// The expression that builds the key from a packet.
        func expression(_ orientation: Orientation) -> String {
            let port = "th \(orientation.portField)"
            switch self {
            case .classPort, .classPortRange: return "meta priority . meta l4proto . \(port)"
            case .classProtocol: return "meta priority . meta l4proto"
            case .classOnly: return "meta priority"
            case .classICMP: return "meta priority . icmp type"
            case .classICMPv6: return "meta priority . icmpv6 type"
            case .port, .portRange: return "meta l4proto . \(port)"
            case .ipProtocol: return "meta l4proto"
            case .icmp: return "icmp type"
            case .icmpv6: return "icmpv6 type"
            }
        }
    }

    /// Whether every connection is in the table.
    private(set) var matchesEverything = false
    private var elements: [Shape: Set<String>] = [:]
    private var replyElements: [Shape: Set<String>] = [:]

    init(_ table: [RuleTarget: ConnectionSet]) {
        for (target, connections) in table {
            switch target {
            case .anyone where connections.isAll: matchesEverything = true
            case .anyone: add(connections, prefix: "", .port, .portRange, .ipProtocol, .icmp, .icmpv6)
            case .peerClass(let number) where connections.isAll:
                elements[.classOnly, default: []].insert(PeerClass.text(number))
            case .peerClass(let number):
                add(
                    connections,
                    prefix: PeerClass.text(number) + " . ",
                    .classPort,
                    .classPortRange,
                    .classProtocol,
                    .classICMP,
                    .classICMPv6
                )
            }
        }
    }

    /// Whether no connection is in the table.
    var isEmpty: Bool { !matchesEverything && elements.isEmpty }

    /// The sets to declare for one chain, by name, for both orientations.
    func sets(named base: String) -> [String: NamedSet] {
        guard !matchesEverything else { return [:] }
        var result: [String: NamedSet] = [:]
        for (shape, keys) in elements {
            result[name(base, shape, .original)] = set(shape, keys)
        }
        for (shape, keys) in replyElements {
            result[name(base, shape, .reply)] = set(shape, keys)
        }
        return result
    }

    /// The rules that end in `verdict` for connections in the table, and pass on for others.
    func rules(named base: String, _ orientation: Orientation, verdict: String) -> [String] {
        guard !matchesEverything else { return [verdict] }
        return Shape.allCases.filter { elements[$0] != nil }.map { shape in
            "\(shape.expression(orientation)) @\(name(base, shape, orientation)) \(verdict)"
        }
    }

    private func set(_ shape: Shape, _ keys: Set<String>) -> NamedSet {
        NamedSet(
            key: shape.key,
            isInterval: shape.isInterval,
            elements: Dictionary(uniqueKeysWithValues: keys.map { ($0, "") })
        )
    }

    private func name(_ base: String, _ shape: Shape, _ orientation: Orientation) -> String {
        shape.dependsOnOrientation && orientation == .reply
            ? "\(base)_\(shape.rawValue)_r" : "\(base)_\(shape.rawValue)"
    }

    private mutating func add(
        _ connections: ConnectionSet,
        prefix: String,
        _ single: Shape,
        _ range: Shape,
        _ whole: Shape,
        _ icmp: Shape,
        _ icmpv6: Shape
    ) {
        for (ipProtocol, ports) in connections.ports {
            if ports.isAll {
                elements[whole, default: []].insert("\(prefix)\(ipProtocol.rawValue)")
            } else if ipProtocol.isICMP {
                let shape = ipProtocol == .icmp ? icmp : icmpv6
                addTypes(ports, prefix, shape)
            } else if ipProtocol.hasPorts {
                for item in ports.ranges {
                    let port = item.isSinglePort ? "\(item.lowerBound)" : "\(item.lowerBound)-\(item.upperBound)"
                    elements[item.isSinglePort ? single : range, default: []]
                        .insert("\(prefix)\(ipProtocol.rawValue) . \(port)")
                }
            }
        }
    }

    private mutating func addTypes(_ types: PortSet, _ prefix: String, _ shape: Shape) {
        for range in types.ranges {
            for type in range.lowerBound...min(range.upperBound, 255) {
                elements[shape, default: []].insert("\(prefix)\(type)")
                // A table without replies still has its set, so that the lookup's set exists.
                replyElements[shape, default: []].formUnion(Self.replyType[type].map { ["\(prefix)\($0)"] } ?? [])
            }
        }
    }

    /// The message type that answers a request, where connection tracking pairs them.
    private static let replyType: [UInt16: UInt16] = [8: 0, 13: 14, 15: 16, 17: 18, 128: 129]
}

/// Which way a packet travels in its connection: with the first packet, or back.
enum Orientation: String, CaseIterable {
    case original = "o"
    case reply = "r"

    /// The header field that has the connection's destination port.
    var portField: String { self == .original ? "dport" : "sport" }
}
