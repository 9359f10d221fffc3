// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import TestSupport
import Testing

/// What `up` says when it does not start.
@Suite struct StartTests {
    @Test(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)))
    func `blocking does not start on a broken policy without a good revision`() async throws {
        let directory = "/tmp/palisade-e2e-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory + "/p", withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text =
            "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: a}\nspec: {podSelectr: {}}\n"
        try text.write(toFile: directory + "/p/a.yaml", atomically: true, encoding: .utf8)
        let outcome = try await Program.run(
            [
                "up", "--sandbox", "--listen", "none", "--data", directory, "--policies", directory + "/p", "--mode",
                "blocking",
            ],
            variables: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        )
        #expect(outcome.status == 3 && outcome.output.isEmpty)
        let lines = outcome.messages.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("a.yaml:4:8: error: [V102]") }, "\(outcome.messages)")
        #expect(lines.last?.hasPrefix("error: 1 policy file is broken") == true, "\(outcome.messages)")
    }
}
