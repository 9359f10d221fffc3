// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// Answers from manifests, without a running process.
enum OfflineWorld {
    /// Explains in the world of a directory.
    /// - Parameter mode: of policies that set none themselves.
    /// - Throws: `findings` after printing them when a manifest has errors: an answer would leave out what it says.
    static func explanation(of request: ExplainRequest, files: String, mode: Mode) async throws -> Explanation {
        let world = WorldReader().read(try ManifestFiles.documents([files]))
        let twice = PolicyLint.duplicates(in: world.documents)
        let findings = world.documents.flatMap(\.findings) + twice
        for finding in findings { FindingText.lines(finding).forEach(Console.message) }
        guard !world.hasErrors, twice.isEmpty else {
            throw CommandFailure(.findings, "\(Escaping.terminal(files)) has errors, so there is no answer from it.")
        }
        var snapshot = world.snapshot
        snapshot.modes.environment = mode
        // These rules stay closed, as they do on a host, so that there is an answer in spite of them.
        for feature in snapshot.policies.flatMap({ EnforcementEngine.host.unenforceable(in: $0) }) {
            FindingText.lines(feature.finding).forEach(Console.message)
        }
        if snapshot.hostAddresses.isEmpty { snapshot.hostAddresses = [standIn] }
        return try await Explainer(ResolvedSnapshot(snapshot)).explanation(of: request) { _ in nil }
    }

    /// The last address of the block for made-up addresses: the host of manifests without Nodes.
    private static let standIn = IPAddress(
        family: .v4,
        bits: WorldReader.syntheticBlock.base.bits + (1 << 17) - 2
    )
}
