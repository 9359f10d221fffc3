// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import TestSupport

/// What the program itself says, asked as its user would.
extension ContainerHost {
    /// `palisade status`; `nil` when it does not answer.
    func status() async throws -> StatusReport? { try await answer(["status"]) }

    /// `palisade explain`, once it gives a verdict that the kernel enforces as well.
    @discardableResult
    func explanation(
        _ verdict: Verdict,
        _ source: SampleContainer,
        to destination: SampleContainer
    ) async throws -> Explanation {
        let question = ["explain", source.title, destination.title, "--port", "\(SampleContainer.port)"]
        return try await eventuallyFind("\(question.joined(separator: " ")): \(verdict.rawValue)", seconds: 30) {
            guard let explanation: Explanation = try await self.answer(question), explanation.verdict == verdict,
                try await self.status()?.enforcement.inSync == true
            else { return nil }
            return explanation
        }
    }

    /// `palisade flows`, once it shows the start of a connection that an explanation is about; the newest.
    ///
    /// Both ends are named in it, and have the labels and addresses that they were given.
    func flow(
        _ explanation: Explanation,
        _ source: SampleContainer,
        to destination: SampleContainer,
        _ family: IPAddress.Family
    ) async throws -> FlowItem {
        let what = "\(explanation.verdict.rawValue) \(source.title) -> \(destination.title) \(family)"
        return try await eventuallyFind(what, seconds: 30) {
            try await self.flows().first {
                guard let raw = $0.raw else { return false }
                return raw.report == .started && raw.revision >= explanation.revision
                    && $0.verdict == explanation.verdict && $0.port == SampleContainer.port && $0.protocol == "TCP"
                    && $0.source.ip?.family == family && source.isMeant(by: $0.source)
                    && destination.isMeant(by: $0.destination)
            }
        }
    }

    /// Every record of this run, newest first.
    func flows() async throws -> [FlowItem] {
        let question = ["flows", "--since", "1h", "--group", "raw", "--last", "10000"]
        guard let page: FlowPage = try await answer(question) else { throw NotInTime(what: "flows are answered") }
        return page.items
    }

    /// Runs the program; `nil` when it ends with an error, as for a container that it does not know yet.
    private func answer<Answer: Decodable>(_ arguments: [String]) async throws -> Answer? {
        let outcome = try await Program.run(arguments + ["-o", "json", "--data", directory])
        guard outcome.status == 0 else { return nil }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    }
}

extension SampleContainer {
    /// Whether one end of a flow is this container as it was started, and no other with its name or its address.
    fileprivate func isMeant(by party: FlowItem.Party) -> Bool {
        party.kind == .endpoint && party.namespace == namespace && party.pod == name
            && party.labels.contains("app=\(app)")
            && IPAddress.Family.allCases.contains { party.ip?.description == address($0) }
    }
}
