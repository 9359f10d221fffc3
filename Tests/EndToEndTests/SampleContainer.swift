// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport

/// A container that a test starts: what policies see of it, where it is, and what it runs.
struct SampleContainer: Sendable {
    static let network = "sample"
    static let subnets = ["10.199.7.0/24", "fd99:7::/64"]
    /// What servers listen on.
    static let port: UInt16 = 8080
    /// What connections of a container come from that has `isAlwaysSamePort`.
    static let fixedPort: UInt16 = 40_001

    /// Answers every connection with what it was told, for as long as the container lives.
    static let server = ["nc", "-ll", "-p", "\(port)", "-e", "cat"]

    var name: String
    /// The label `app`.
    var app: String
    var namespace = "shop"
    /// The last part of its addresses.
    var number: UInt8
    var command = ["sleep", "600"]
    /// Whether its connections all come from `fixedPort`, so that the next owner of its addresses can repeat them.
    var isAlwaysSamePort = false

    /// What `palisade explain` calls it.
    var title: String { "\(namespace)/\(name)" }

    func address(_ family: IPAddress.Family) -> String {
        family == .v4 ? "10.199.7.\(number)" : "fd99:7::\(number)"
    }

    /// What follows `podman`.
    var arguments: [String] {
        var words = ["run", "-d", "--name", name, "--network", Self.network]
        words += ["--ip", address(.v4), "--ip6", address(.v6)]
        words += ["--label", "palisade.namespace=\(namespace)", "--label", "app=\(app)"]
        // One setting for both families.
        let ports = "net.ipv4.ip_local_port_range=\(Self.fixedPort) \(Self.fixedPort)"
        if isAlwaysSamePort { words += ["--sysctl", ports] }
        return words + [TestPodman.image] + command
    }
}
