// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// Answers from manifests, without a running process.
enum OfflineWorld {
    /// Explains in the world of a directory, with policies enforced unless they say otherwise themselves.
    /// - Throws: `findings` after printing them when a manifest has errors: an answer would leave out what it says.
    static func explanation(of request: ExplainRequest, files: String) async throws -> Explanation {
        let world = WorldReader().read(try ManifestFiles.documents([files]))
        let findings = world.documents.flatMap(\.findings)
        for finding in findings { Console.message(Escaping.terminal("\(finding)", keepsLines: true)) }
        guard !world.hasErrors else {
            throw CommandFailure(.findings, "\(Escaping.terminal(files)) has errors, so there is no answer from it.")
        }
        var snapshot = world.snapshot
        snapshot.modes.environment = .blocking
        return try await Explainer(ResolvedSnapshot(snapshot)).explanation(of: request) { _ in nil }
    }
}
