// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// A difference applied to what the kernel holds gives what a fresh start would give.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct RulesetDifferenceTests {
    @Test func differencesAddUpToAFreshRuleset() throws {
        let walked = try TestNamespace("walked")
        let fresh = try TestNamespace("fresh")
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = RandomPolicies(seed: seed)
        var compiler = RulesetCompiler()
        var applied: Ruleset?
        for generation in UInt32(1)...12 {
            let world = snapshot(generator.policies([.blocking, .audit, nil]), generator.random.next(), generation)
            let ruleset = compiler.ruleset(for: ResolvedSnapshot(world), attachments: [], generation: generation)
            try walked.nft(applied.map { ruleset.script(from: $0) } ?? ruleset.replacingScript())
            try fresh.nft(ruleset.replacingScript())
            let (one, other) = (try listing(walked), try listing(fresh))
            #expect(
                one == other,
                "seed \(seed), step \(generation): \(Set(one).symmetricDifference(other).sorted().prefix(4))"
            )
            applied = ruleset
        }
        try walked.nft(Ruleset.removingScript())
        #expect(try listing(walked).isEmpty)
    }

    @Test func removingLeavesWhatIsNotOurs() throws {
        let room = try TestNamespace("theirs")
        try room.nft("add table inet theirs\nadd chain inet theirs keep\n")
        var compiler = RulesetCompiler()
        let ruleset = compiler.ruleset(for: ResolvedSnapshot(snapshot([], 0, 1)), attachments: [], generation: 1)
        try room.nft(ruleset.replacingScript())
        try room.nft(Ruleset.removingScript())
        let tables = try Machine.run("nsenter", ["--net=\(room.path)", "nft", "list", "tables"])
        #expect(tables == "table inet theirs\n")
    }

    /// Some of a few endpoints, with addresses that come and go.
    private func snapshot(_ policies: [Policy], _ choice: UInt64, _ generation: UInt32) -> ClusterSnapshot {
        let apps = [("shop", "gateway"), ("shop", "web"), ("shop", "api"), ("shop", "worker"), ("data", "db")]
        let endpoints = apps.enumerated().compactMap { index, app -> Endpoint? in
            guard choice >> UInt64(index) & 1 == 0 else { return nil }
            return Endpoint(
                id: app.1,
                namespace: app.0,
                name: app.1,
                workload: .init(name: app.1, kind: "Container"),
                labels: ["app": app.1],
                addresses: [IPAddress(v4: 0x0a58_0002 + UInt32(index))]
                    + [IPAddress("fd88::\(index + 2)")].compactMap { $0 },
                namedPorts: [NamedPort("http", .tcp, 8080)]
            )
        }
        return ClusterSnapshot(
            revision: UInt64(generation),
            endpoints: endpoints,
            policies: policies,
            modes: ModeSettings(environment: choice & 64 == 0 ? .audit : .blocking),
            hostAddresses: Set([IPAddress("10.88.0.1")].compactMap { $0 }),
            endpointSubnets: [Prefix("10.88.0.0/24"), Prefix("fd88::/64")].compactMap { $0 }
        )
    }

    /// Our tables as nft lists them, without what differs from one kernel object to the next.
    private func listing(_ room: TestNamespace) throws -> [String] {
        let text = try Machine.run("nsenter", ["--net=\(room.path)", "nft", "-j", "list", "ruleset"])
        let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let items = try #require(root["nftables"] as? [[String: Any]])
        return try items.filter { $0["metainfo"] == nil }.map { item in
            String(
                decoding: try JSONSerialization.data(withJSONObject: plain(item), options: .sortedKeys),
                as: UTF8.self
            )
        }.sorted()
    }

    private func plain(_ value: Any) -> Any {
        if let object = value as? [String: Any] {
            var result: [String: Any] = [:]
            for (key, member) in object where !["handle", "packets", "bytes"].contains(key) {
                // Elements of a set have no order.
                result[key] = key == "elem" ? sorted(member) : plain(member)
            }
            return result
        }
        if let list = value as? [Any] { return list.map(plain) }
        return value
    }

    private func sorted(_ elements: Any) -> Any {
        guard let list = elements as? [Any] else { return plain(elements) }
        return list.map { element -> String in
            let data = try? JSONSerialization.data(withJSONObject: [plain(element)], options: .sortedKeys)
            return String(decoding: data ?? Data(), as: UTF8.self)
        }.sorted()
    }
}
