// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import Testing

/// Whether nft takes what we write, without touching this machine's rules.
@Suite struct KernelAcceptanceTests {
    private let here = SourceLocation(document: "test.yaml", line: 1, column: 1)

    private func world(_ rules: [Rule], mode: Mode = .blocking) throws -> ClusterSnapshot {
        let subject = Selector([
            .isIn(WellKnownLabel.namespace, ["shop"]), .isIn(LabelKey(.k8s, "app"), ["web"]),
        ])
        let policy = Policy(
            id: PolicyID(.ciliumNetworkPolicy, namespace: "shop", name: "p"),
            location: here,
            specs: [
                PolicySpec(subject: .endpoints(subject), isolates: [.ingress, .egress], rules: rules, location: here)
            ]
        )
        let audit = Policy(
            id: PolicyID(.ciliumNetworkPolicy, namespace: "shop", name: "q"),
            location: here,
            specs: [PolicySpec(subject: .endpoints(subject), isolates: [.ingress], rules: rules, location: here)],
            mode: .audit
        )
        func endpoint(_ name: String, _ addresses: [String]) throws -> Endpoint {
            Endpoint(
                id: name,
                namespace: "shop",
                name: name,
                workload: .init(name: name, kind: "Container"),
                labels: ["app": name],
                addresses: try addresses.map { try #require(IPAddress($0)) },
                namedPorts: [NamedPort("http", .tcp, 8080)]
            )
        }
        return ClusterSnapshot(
            revision: 1,
            endpoints: [
                try endpoint("web", ["10.88.0.2", "fd88::2"]), try endpoint("api", ["10.88.0.3", "fd88::3"]),
            ],
            policies: [policy, audit],
            modes: ModeSettings(environment: mode),
            hostAddresses: [try #require(IPAddress("10.88.0.1"))],
            endpointSubnets: [try #require(Prefix("10.88.0.0/24")), try #require(Prefix("fd88::/64"))]
        )
    }

    private var everyKindOfRule: [Rule] {
        func rule(_ direction: Direction, _ action: RuleAction, _ index: Int, _ peers: Peers, _ ports: Ports) -> Rule {
            Rule(direction: direction, action: action, index: index, peers: peers, ports: ports, location: here)
        }
        let api = Peers.anyOf([.endpoints(Selector([.isIn(.k8s("app"), ["api"])]))])
        let ports = Ports.anyOf([
            .numbered([.tcp], PortRange(80)), .numbered([.udp], PortRange(5000, 5010)), .numbered([.sctp], .all),
            .named([.tcp, .udp, .sctp], "http"), .icmp(.icmp, type: 8), .icmp(.icmpv6, type: 128),
        ])
        let block = Peers.anyOf(
            ["203.0.113.0/24", "2001:db8::/32"].compactMap { Prefix($0) }.map {
                .cidr(CIDRPeer($0, except: [Prefix("203.0.113.0/29")].compactMap { $0 }, reach: .anyParty))
            }
        )
        return [
            rule(.ingress, .allow, 0, api, ports), rule(.ingress, .allow, 1, .anyone, ports),
            rule(.ingress, .deny, 0, block, .all), rule(.egress, .allow, 0, block, ports),
            rule(.egress, .deny, 0, .anyone, ports), rule(.egress, .allow, 1, api, .all),
            rule(.ingress, .allow, 2, .anyOf([.entity(.host), .entity(.world)]), .all),
        ]
    }

    private var attachments: [WorkloadInventory.Attachment] {
        [
            .init(
                endpointID: "web",
                hostInterface: "veth0",
                macAddress: "02:00:00:00:00:02",
                addresses: ["10.88.0.2", "fd88::2"].compactMap { IPAddress($0) }
            )
        ]
    }

    @Test(arguments: [Mode.audit, .blocking])
    func nftAcceptsEveryKindOfRule(mode: Mode) throws {
        var compiler = RulesetCompiler()
        let first = compiler.ruleset(
            for: ResolvedSnapshot(try world(everyKindOfRule, mode: mode)),
            attachments: attachments,
            generation: 7
        )
        let second = compiler.ruleset(
            for: ResolvedSnapshot(try world(Array(everyKindOfRule.prefix(2)))),
            attachments: [],
            generation: 8
        )
        try Nft.apply([
            first.replacingScript(), second.script(from: first), first.script(from: second), second.replacingScript(),
            Ruleset.removingScript(), Ruleset.removingScript(),
        ])
    }
}

/// nft in a network namespace of its own.
private enum Nft {
    /// Applies scripts one after the other, each as one transaction.
    static func apply(_ scripts: [String]) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // A directory left behind in the temporary folder does no harm.
        defer { try? FileManager.default.removeItem(at: directory) }
        var command = ""
        for (index, text) in scripts.enumerated() {
            let file = directory.appendingPathComponent("\(index).nft")
            try text.write(to: file, atomically: true, encoding: .utf8)
            command += "\(command.isEmpty ? "" : " && ")nft -f \(file.path)"
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = [geteuid() == 0 ? "-n" : "-Urn", "sh", "-c", command]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text.prefix(3000))")
    }
}
