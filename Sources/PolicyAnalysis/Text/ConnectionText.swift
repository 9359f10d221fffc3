// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Words for sets of connections.
public enum ConnectionText {
    /// As users of np-guard's analyzer know it: `All Connections`, `TCP 80,443-445,UDP 53`, `No Connections`.
    ///
    /// Protocols are sorted by name; every port of one is `1-65535`. What a set has beyond TCP, UDP, SCTP and the protocols
    /// it names is not shown, unless it has nothing else: then it is `Other Protocols`.
    public static func line(_ connections: ConnectionSet) -> String {
        if connections.isAll { return "All Connections" }
        if connections.isEmpty { return "No Connections" }
        let parts = parts(connections).map { part in
            part.ports.isEmpty ? part.ipProtocol : "\(part.ipProtocol) \(part.ports)"
        }
        return parts.isEmpty ? "Other Protocols" : parts.joined(separator: ",")
    }

    /// As Palisade's own tables have it: `all`, `none`, `5432/TCP, 8000-8100/UDP, GRE, other protocols`.
    public static func short(_ connections: ConnectionSet) -> String {
        if connections.isAll { return "all" }
        if connections.isEmpty { return "none" }
        var words: [String] = []
        for part in parts(connections) {
            if part.ports.isEmpty { words.append(part.ipProtocol) }
            for range in part.ports.split(separator: ",") {
                words.append(range == "1-65535" ? "any \(part.ipProtocol)" : "\(range)/\(part.ipProtocol)")
            }
        }
        if connections.hasOthers { words.append("other protocols") }
        return words.joined(separator: ", ")
    }

    private struct Part {
        var ipProtocol: String
        var ports: String
    }

    /// One part for each protocol that has ports in the set, by name.
    private static func parts(_ connections: ConnectionSet) -> [Part] {
        var protocols = Set(connections.ports.keys)
        if connections.hasOthers { protocols.formUnion(IPProtocol.withPorts) }
        return protocols.compactMap { ipProtocol -> Part? in
            let ports = connections.ports(of: ipProtocol)
            guard !ports.isEmpty else { return nil }
            return Part(ipProtocol: ipProtocol.description, ports: text(ports, of: ipProtocol))
        }
        .sorted { $0.ipProtocol < $1.ipProtocol }
    }

    private static func text(_ ports: PortSet, of ipProtocol: IPProtocol) -> String {
        if !ipProtocol.hasPorts, !ipProtocol.isICMP { return "" }
        return ports.ranges.map { range in
            let last = ipProtocol.isICMP ? min(range.upperBound, 255) : range.upperBound
            // Nobody listens on port 0; a range from there is one from port 1.
            let first = ipProtocol.hasPorts && range.lowerBound == 0 && last > 0 ? 1 : range.lowerBound
            return first == last ? "\(first)" : "\(first)-\(last)"
        }
        .joined(separator: ",")
    }
}
