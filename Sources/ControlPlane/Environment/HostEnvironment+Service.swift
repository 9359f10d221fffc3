// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

extension HostEnvironment: EnvironmentService {
    public func status(_ view: NamespaceView) async -> StatusReport {
        let world = await state.world
        let enforcementState = await enforcement.state()
        let inventory = world?.snapshot.endpoints ?? []
        return StatusReport(
            version: settings.version,
            environment: settings.name,
            environmentKind: settings.kind,
            runtime: parts.workloads.name,
            started: Timestamp(microseconds: started),
            mode: await modes(.all),
            revision: world?.revision ?? 0,
            enforcement: EnforcementReport(enforcementState, of: world),
            endpoints: EndpointReport(inventory),
            policies: PolicyHealth(world?.policies ?? PolicySet()),
            flows: await flowHealth(),
            warnings: settings.warnings
        ).seen(by: view)
    }

    public func policies(_ view: NamespaceView) async -> PolicyList {
        PolicyList(environment: settings.name, items: await policyReports().filter { view.contains($0.namespace) })
    }

    public func policies(
        named name: String,
        namespace: String?,
        view: NamespaceView
    ) async throws -> PolicyList {
        let all = await policies(view).items
        let found = all.filter { $0.name == name && (namespace == nil || $0.namespace == namespace) }
        guard !found.isEmpty else {
            let names = all.map { report in report.namespace.map { "\($0)/\(report.name)" } ?? report.name }
            let close = nearest(to: namespace.map { "\($0)/\(name)" } ?? name, among: names + all.map(\.name))
            throw ServiceError(
                .notFound,
                "There is no policy \(namespace.map { "\($0)/" } ?? "")\(name).",
                fix: close.map { "Did you mean \($0)?" } ?? "See: palisade policy list"
            )
        }
        return PolicyList(environment: settings.name, items: await described(found))
    }

    public func explain(_ request: ExplainRequest, _ view: NamespaceView) async throws -> Explanation {
        guard let world = await state.world else {
            throw ServiceError(.failed, "Endpoints and policies have not been read yet.", fix: "Try again in a moment.")
        }
        return try await Explainer(world.enforced.resolved, view: FlowView(view)).explanation(of: request) { verdict in
            try await observation(of: request, verdict, world)
        }
    }

    public func world(_ view: NamespaceView, texts: Bool) async throws -> WorldReport {
        guard view == .all else {
            throw ServiceError(
                .notPermitted,
                "The whole environment is shown to those who may see all its namespaces.",
                fix: "Ask an administrator for the role Viewer on the environment."
            )
        }
        guard let world = await state.world else {
            throw ServiceError(.failed, "Endpoints and policies have not been read yet.", fix: "Try again in a moment.")
        }
        return WorldReport(
            environment: settings.name,
            world.snapshot,
            texts: texts ? await policyIntake.textsInForce() : [:]
        )
    }

    public func modes(_ view: NamespaceView) async -> ModeReport {
        let world = await state.world
        let modes = await state.modeSettings
        let enforcementState = await enforcement.state()
        var policies = world?.facts.modes ?? [:]
        for (id, mode) in modes.policies { policies[id.description] = mode }
        return ModeReport(
            environment: settings.name,
            mode: modes.environment,
            namespaces: modes.namespaces,
            policies: policies,
            observed: enforcementState.appliedRevision.map { _ in enforcementState.isInSync(with: world) }
        ).seen(by: view)
    }

    public func setMode(_ change: ModeChange) async throws -> ModeReport {
        var modes = await state.modeSettings
        let policies = await state.world?.snapshot.policies ?? []
        switch change.scope {
        case .environment:
            guard let mode = change.mode else {
                throw ServiceError(.badRequest, "The environment always has a mode.", fix: "Set audit or blocking.")
            }
            modes.environment = mode
        case .namespace(let namespace):
            let known = Set(
                (await state.world?.snapshot.endpoints ?? []).map(\.namespace) + policies.compactMap(\.id.namespace)
            )
            guard known.contains(namespace) || modes.namespaces[namespace] != nil else {
                let close = nearest(to: namespace, among: known.sorted())
                throw ServiceError(
                    .notFound,
                    "There is no namespace \(namespace).",
                    fix: close.map { "Did you mean \($0)?" }
                )
            }
            modes.namespaces[namespace] = change.mode
        case .policy(let name):
            let found = policies.filter { $0.id.description == name }
            guard !found.isEmpty else {
                let close = nearest(to: name, among: policies.map(\.id.description))
                throw ServiceError(.notFound, "There is no policy \(name).", fix: close.map { "Did you mean \($0)?" })
            }
            for policy in found { modes.policies[policy.id] = change.mode }
        }
        do {
            try await parts.modes.store(modes)
            if let world = await state.receive(modes) { try await enforcement.enforce(world.enforced) }
        } catch {
            throw ServiceError(.failed, "The mode could not be put into effect: \(error)", fix: "See: palisade status")
        }
        return await self.modes(.all)
    }

    public func takeDown() async throws -> TakeDownReport {
        do {
            try await enforcement.remove()
        } catch {
            throw ServiceError(.failed, "Our rules could not be removed: \(error)", fix: "Enforcement goes on.")
        }
        await pipeline.flush()
        return TakeDownReport(environment: settings.name, removed: ["table inet palisade", "table bridge palisade"])
    }

    public func end() { stop() }
}

extension EnforcementState {
    /// Whether the kernel holds the newest world; one that has not been asked for yet counts too.
    fileprivate func isInSync(with world: EnvironmentWorld?) -> Bool {
        guard let appliedRevision, appliedRevision == desiredRevision else { return false }
        return appliedRevision >= world?.revision ?? 0
    }
}

extension EnforcementReport {
    init(_ state: EnforcementState, of world: EnvironmentWorld?) {
        self.init(
            inSync: state.isInSync(with: world),
            generation: state.generation,
            appliedRevision: state.appliedRevision,
            lastApplied: state.lastApplied.map { Timestamp(microseconds: $0) },
            lastError: state.lastError,
            gaps: state.gaps.map { gap in
                Gap(
                    from: Timestamp(microseconds: gap.from),
                    to: gap.to.map { Timestamp(microseconds: $0) },
                    by: gap.by,
                    reason: gap.reason
                )
            }
        )
    }
}

extension EndpointReport {
    init(_ endpoints: [Endpoint]) {
        let unprotected = endpoints.compactMap { endpoint -> Unprotected? in
            guard case .unprotected(let reason) = endpoint.protection else { return nil }
            return Unprotected(namespace: endpoint.namespace, name: endpoint.name, reason: reason)
        }
        self.init(
            enforced: endpoints.count - unprotected.count,
            unprotected: unprotected.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
        )
    }
}

extension PolicyHealth {
    init(_ policies: PolicySet) {
        self.init(
            loaded: policies.policies.count,
            degraded: policies.degraded.sorted { $0.key < $1.key }.map {
                Degraded(policy: $0.key.description, findings: $0.value)
            },
            brokenFiles: policies.brokenFiles.map {
                BrokenFile(path: $0.path, keepsLastGood: $0.keepsLastGood, findings: $0.findings)
            }
        )
    }
}
