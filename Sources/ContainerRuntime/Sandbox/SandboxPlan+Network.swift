// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import Netlink
public import NetworkPrimitives

extension SandboxPlan {
    /// The name of the containers' bridge.
    public var bridge: String { prefix + "pal0" }

    /// The host's side of a host's network interface.
    public func interface(of host: Host) -> String { "\(prefix)sb-\(host.name)" }

    /// The network namespace of a host, as `ip netns` knows it.
    public func networkNamespace(of host: Host) -> NetworkNamespace { NetworkNamespace(named: prefix + host.name) }

    /// The identifier of a container's endpoint.
    public func endpointID(of host: Host) -> String { "sandbox-\(host.name)" }

    /// The hosts' addresses on the containers' network and on the links to the outside.
    public func gateway(of host: Host, _ family: IPAddress.Family) -> IPAddress {
        subnet(of: host, family).firstHost
    }

    func subnet(of host: Host, _ family: IPAddress.Family) -> Prefix {
        if host.namespace != nil { return family == .v4 ? v4Subnet : v6Subnet }
        return family == .v4 ? Prefix(host.v4, length: 24) : Prefix(host.v6, length: 64)
    }

    /// Commands of `ip -batch` that make the network namespaces.
    var makeNamespaces: String { hosts.map { "netns add \(prefix)\($0.name)\n" }.joined() }

    /// Commands of `ip -batch` that remove the network namespaces, and with them the interfaces.
    var removeNamespaces: String { hosts.map { "netns del \(prefix)\($0.name)\n" }.joined() }

    /// Commands of `ip -batch` for the host's side.
    var makeHostSide: String {
        var lines = ["link add \(bridge) type bridge"]
        lines += Self.addresses([v4Subnet, v6Subnet].map { ($0.firstHost, $0.length) }, device: bridge)
        lines.append("link set \(bridge) up")
        for host in hosts {
            let device = interface(of: host)
            lines.append(
                "link add \(device) type veth peer name eth0 address \(host.macAddress) netns \(prefix)\(host.name)"
            )
            if host.namespace != nil {
                lines.append("link set \(device) master \(bridge)")
            } else {
                let subnets = [subnet(of: host, .v4), subnet(of: host, .v6)]
                lines += Self.addresses(subnets.map { ($0.firstHost, $0.length) }, device: device)
            }
            lines.append("link set \(device) up")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Commands of `ip -batch` for the inside of one host.
    func makeInside(of host: Host) -> String {
        var lines = ["link set lo up"]
        lines += Self.addresses(
            [(host.v4, subnet(of: host, .v4).length), (host.v6, subnet(of: host, .v6).length)],
            device: "eth0"
        )
        lines += [
            "link set eth0 up", "route add default via \(gateway(of: host, .v4))",
            "route add default via \(gateway(of: host, .v6))",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func addresses(_ addresses: [(IPAddress, Int)], device: String) -> [String] {
        addresses.map { address, length in
            // IPv6 addresses would otherwise be unusable for a second, while the kernel looks for duplicates.
            "addr add \(address)/\(length) dev \(device)" + (address.family == .v6 ? " nodad" : "")
        }
    }
}

extension SandboxPlan.Host {
    /// Locally administered, made from the IPv4 address, so that it is stable.
    public var macAddress: String {
        let digits = v4.bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0\(text)" : text
        }
        return "02:42:" + digits.joined(separator: ":")
    }

    public func address(_ family: IPAddress.Family) -> IPAddress { family == .v4 ? v4 : v6 }
}

extension Prefix {
    /// The block's first address that a host can have.
    var firstHost: IPAddress { IPAddress(family: family, bits: base.bits + 1) }
}
