// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel

extension HostEnvironment {
    func policyReports() async -> [PolicyReport] {
        guard let world = await state.world else { return [] }
        let subjects = world.facts.subjects
        return world.facts.reports { reports(world, subjects) }
    }

    private func reports(_ world: EnvironmentWorld, _ subjects: [Int]) -> [PolicyReport] {
        world.snapshot.policies.enumerated().map { index, policy in
            PolicyReport(
                policyKind: policy.id.kind,
                namespace: policy.id.namespace,
                name: policy.id.name,
                mode: world.snapshot.modes.mode(of: policy, inNamespace: policy.id.namespace ?? ""),
                state: policyState(policy, world),
                isolates: Direction.allCases.filter { direction in
                    policy.specs.contains { $0.isolates.contains(direction) }
                },
                ruleCount: policy.specs.reduce(0) { $0 + $1.rules.count },
                subjectCount: subjects[index],
                location: policy.location,
                since: Timestamp(microseconds: world.since[policy.id] ?? started),
                findings: world.policies.degraded[policy.id] ?? []
            )
        }.sorted { left, right in
            (left.namespace ?? "", left.name, left.policyKind.rawValue)
                < (right.namespace ?? "", right.name, right.policyKind.rawValue)
        }
    }

    /// Adds what is too much for lists: the summary, and the text that is in force.
    func described(_ reports: [PolicyReport]) async -> [PolicyReport] {
        guard let world = await state.world else { return reports }
        let texts = await policyIntake.textsInForce(of: Set(reports.map(\.location.document)))
        return reports.map { report in
            var report = report
            let policy = world.snapshot.policies.first { $0.location == report.location && $0.id.name == report.name }
            report.summary = policy.map { PolicySummary($0, mode: report.mode, world: world.snapshot).lines } ?? []
            report.source = texts[report.location.document].map { ObjectText.document(in: $0, at: report.location) }
            return report
        }
    }

    private func policyState(_ policy: Policy, _ world: EnvironmentWorld) -> PolicyReport.State {
        if world.policies.stale.contains(policy.id) { return .stale }
        return world.policies.degraded[policy.id] == nil ? .active : .degraded
    }

    func flowHealth() async -> FlowHealth {
        let flows = await pipeline.state()
        var messages = settings.storeMessages
        if let error = flows.storeError { messages.append(error) }
        let usage: FlowStoreUsage
        do {
            usage = try await parts.store.usage()
        } catch {
            messages.append("\(error)")
            usage = FlowStoreUsage(
                bytes: 0,
                capacity: 0,
                oldestRecord: nil,
                oldestCount: nil,
                recordRetention: 0,
                countRetention: 0
            )
        }
        return FlowHealth(
            flowsPerSecond: flows.flowsPerSecond,
            lost: Dictionary(uniqueKeysWithValues: flows.lost.map { ($0.key.rawValue, $0.value) }),
            disagreements: flows.disagreements,
            store: usage,
            storeMessages: messages
        )
    }

    /// Recorded flows of the last day between the workloads asked about, on the same port.
    ///
    /// `nil` for questions about `world`: recorded flows have an address, and whether they agree depends on which.
    func observation(
        of request: ExplainRequest,
        _ verdict: Verdict,
        _ world: EnvironmentWorld
    ) async throws -> Explanation.Observed? {
        guard ![request.source, request.destination].contains("world") else { return nil }
        // Names stand for the same to everyone; who may ask was decided before.
        let ends = try PartyFinder(world: world.enforced.resolved)
            .find(source: request.source, destination: request.destination)
        let (source, destination) = (ends.source.name, ends.destination.name)
        let end = now()
        // Only flows under the present policies and modes can agree with the present answer; a change reaches the kernel
        // within a second.
        // What is recorded elsewhere came with its policies.
        let begun = settings.kind == .recorded ? 0 : max(world.judgedSince, started) + 1_000_000
        let since = min(end - 1, max(end - 86_400_000_000, begun))
        let port = request.judgedPort
        let query = FlowQuery(range: TimeRange(from: since, to: end), window: .whole)
        let found = try await parts.store.fold(query, into: (agreeing: UInt64(0), disagreeing: UInt64(0))) {
            result,
            _,
            key,
            count in
            guard key.ipProtocol == request.ipProtocol, key.port == port, key.source.name == source,
                key.destination.name == destination
            else { return }
            if key.verdict == verdict { result.agreeing += count.flows } else { result.disagreeing += count.flows }
        }
        return Explanation.Observed(
            agreeing: found.agreeing,
            disagreeing: found.disagreeing,
            since: Timestamp(microseconds: since)
        )
    }
}

extension FlowKey.Party {
    /// As `PartyFinder` names it.
    fileprivate var name: String {
        switch kind {
        case .endpoint: "\(namespace ?? "")/\(workload ?? "")"
        case .host: "host"
        case .world, .unknown: address.map(\.description) ?? "world"
        }
    }
}
