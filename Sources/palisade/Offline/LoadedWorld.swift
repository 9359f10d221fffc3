// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// A world that questions can be asked about, from manifests or from a running environment.
struct LoadedWorld {
    var snapshot: ClusterSnapshot
    /// The texts of its policies, as they were read.
    var sources: [SourceDocument]
    var documents: [DecodedDocument]

    var resolved: ResolvedSnapshot { ResolvedSnapshot(snapshot) }

    /// Reads manifests.
    /// - Parameters:
    ///   - paths: files and directories.
    ///   - reading: how they are read.
    ///   - mode: the mode of policies that set none themselves.
    /// - Throws: `findings` after printing them when a manifest has errors: an answer would leave out what it says.
    static func read(_ paths: [String], _ reading: ReadingOptions, mode: Mode = .blocking) throws -> LoadedWorld {
        let sources = try ManifestFiles.documents(paths)
        let world = WorldReader(reading.worldOptions).read(sources)
        let twice = PolicyLint.duplicates(in: world.documents)
        let findings = world.documents.flatMap(\.findings) + twice
        for finding in findings where finding.severity == .error {
            FindingText.lines(finding).forEach(Console.message)
        }
        let isRefused = world.documents.contains { reading.skipRejected ? $0.isUnreadable : $0.hasErrors }
        guard !isRefused, twice.isEmpty || reading.skipRejected else {
            let names = paths.map { Escaping.terminal($0) }.joined(separator: ", ")
            throw CommandFailure(.findings, "\(names) has errors, so there is no answer from it.")
        }
        var snapshot = world.snapshot
        if reading.skipRejected { snapshot.policies = firstOfEachName(snapshot.policies) }
        snapshot.modes.environment = mode
        // These rules stay closed, as they do on a host, so that there is an answer in spite of them.
        for feature in snapshot.policies.flatMap({ reading.enforcementEngine.unenforceable(in: $0) }) {
            FindingText.lines(feature.finding).forEach(Console.message)
        }
        if snapshot.hostAddresses.isEmpty { snapshot.hostAddresses = [standIn] }
        return LoadedWorld(snapshot: snapshot, sources: sources, documents: world.documents)
    }

    /// The world of the running environment.
    static func running(_ client: APIClient) async throws -> LoadedWorld {
        let report: WorldReport = try await client.get("world")
        let sources = report.policies.map { SourceDocument(name: $0.name, bytes: Array($0.text.utf8)) }
        let documents = sources.map(PolicyDecoder().decode)
        return LoadedWorld(
            snapshot: report.snapshot(
                policies: documents.flatMap(\.policies),
                cidrGroups: documents.flatMap(\.cidrGroups)
            ),
            sources: sources,
            documents: documents
        )
    }

    /// This world with other policies: those of a draft take the place of policies of the same name, or are new.
    func with(draft: LoadedWorld) -> LoadedWorld {
        var world = self
        let names = Set(draft.snapshot.policies.map(\.id))
        let groups = Set(draft.snapshot.cidrGroups.map(\.name))
        world.snapshot.policies = snapshot.policies.filter { !names.contains($0.id) } + draft.snapshot.policies
        world.snapshot.cidrGroups = snapshot.cidrGroups.filter { !groups.contains($0.name) } + draft.snapshot.cidrGroups
        world.sources += draft.sources
        return world
    }

    /// The texts of policies that have a file of their own, for comparing what has no meaning: comments and layout.
    var texts: [PolicyID: [UInt8]] {
        let bytes = Dictionary(sources.map { ($0.name, $0.bytes) }) { first, _ in first }
        return Dictionary(
            documents.compactMap { document in
                guard document.policies.count == 1, let text = bytes[document.name] else { return nil }
                return (document.policies[0].id, text)
            }
        ) { first, _ in first }
    }

    private static func firstOfEachName(_ policies: [Policy]) -> [Policy] {
        var seen: Set<PolicyID> = []
        return policies.filter { seen.insert($0.id).inserted }
    }

    /// The last address of the block for made-up addresses: the host of manifests without Nodes.
    private static let standIn = IPAddress(
        family: .v4,
        bits: WorldReader.syntheticBlock.base.bits + (1 << 17) - 2
    )
}
