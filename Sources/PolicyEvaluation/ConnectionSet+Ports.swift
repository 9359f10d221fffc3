// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

extension ConnectionSet {
    /// The connections of a rule's ports; named ports are those of `identity`.
    public init(_ ports: Ports, namedPortsOf identity: Identity?) {
        guard case .anyOf(let list) = ports else {
            self = .all
            return
        }
        var ranges: [IPProtocol: [PortRange]] = [:]
        for match in list {
            switch match {
            case .numbered(let protocols, let range):
                for ipProtocol in protocols { ranges[ipProtocol, default: []].append(range) }
            case .named(let protocols, let name):
                for port in identity?.namedPorts ?? [] where port.name == name && protocols.contains(port.ipProtocol) {
                    ranges[port.ipProtocol, default: []].append(PortRange(port.port))
                }
            case .icmp(let ipProtocol, let type):
                ranges[ipProtocol, default: []].append(PortRange(UInt16(type)))
            }
        }
        self.init(ranges.mapValues { PortSet($0) })
    }
}
