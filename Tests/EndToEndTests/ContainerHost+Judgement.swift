// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import TestSupport
import Testing

/// What a test says of a host.
extension ContainerHost {
    /// In both families a connection fares as `explain` says, and is recorded with the same reason.
    /// - Returns: the reason.
    @discardableResult
    func judges(
        _ verdict: Verdict,
        _ source: SampleContainer,
        to destination: SampleContainer,
        at place: SourceLocation = #_sourceLocation
    ) async throws -> FlowItem.Decision {
        let explanation = try await explanation(verdict, source, to: destination)
        let attempts = try connect(source, to: destination)
        for family in IPAddress.Family.allCases {
            #expect(attempts[family] == (verdict == .dropped ? .timedOut : .passed), "\(family)", sourceLocation: place)
            do {
                let flow = try await flow(explanation, source, to: destination, family)
                #expect(flow.decision == explanation.decision, "\(family)", sourceLocation: place)
                #expect(flow.raw?.agrees == true, "\(family)", sourceLocation: place)
            } catch let error as NotInTime {
                // What comes after it says more.
                Issue.record(error, sourceLocation: place)
            }
        }
        return explanation.decision
    }

    /// The program does what it is asked.
    func succeeds(_ arguments: [String], at place: SourceLocation = #_sourceLocation) async throws {
        let outcome = try await Program.run(arguments + ["--data", directory])
        #expect(outcome.status == 0, "\(outcome.messages)", sourceLocation: place)
    }

    /// Nothing was lost, kernel and engine never differed, and the program ends and leaves no rule behind.
    func ends(at place: SourceLocation = #_sourceLocation) async throws {
        let status = try #require(try await status(), sourceLocation: place)
        #expect(status.flows.disagreements == 0, sourceLocation: place)
        #expect(status.flows.lost.values.allSatisfy { $0 == 0 }, "\(status.flows.lost)", sourceLocation: place)
        #expect(status.enforcement.gaps.isEmpty, "\(status.enforcement.gaps)", sourceLocation: place)
        let left = try await takeDown()
        #expect(left.status == 0 && !left.tables.contains("palisade"), "\(left)", sourceLocation: place)
    }
}
