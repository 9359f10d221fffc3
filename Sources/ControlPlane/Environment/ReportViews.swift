// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel

extension FlowView {
    init(_ view: NamespaceView) {
        switch view {
        case .all: self = .all
        case .only(let namespaces): self.init(namespaces: namespaces)
        }
    }
}

extension StatusReport {
    /// What of it is told to somebody: how the environment as a whole does, and the rest about what is seen.
    ///
    /// What counts over all namespaces is 0 or left out where not all are seen.
    func seen(by view: NamespaceView) -> StatusReport {
        guard view != .all else { return self }
        let flowView = FlowView(view)
        var report = self
        report.mode = mode.seen(by: view)
        report.enforcement = EnforcementReport(
            inSync: enforcement.inSync,
            // The kernel's words name sets and rules of everybody.
            lastError: enforcement.lastError.map { _ in "The rules could not be put in force." },
            gaps: enforcement.gaps.map { .init(from: $0.from, to: $0.to) }
        )
        report.endpoints = EndpointReport(
            enforced: 0,
            unprotected: endpoints.unprotected.filter { view.contains($0.namespace) }
        )
        // A broken file may hold policies of any namespace.
        let degraded = policies.degraded.filter { flowView.sees(policy: $0.policy) }
        report.policies = PolicyHealth(loaded: 0, degraded: degraded)
        let known = flows.store.knownSince
        report.flows = FlowHealth(
            flowsPerSecond: 0,
            store: FlowStoreUsage(
                bytes: 0,
                capacity: 0,
                oldestRecord: known,
                oldestCount: known,
                recordRetention: flows.store.recordRetention,
                countRetention: flows.store.countRetention
            )
        )
        return report
    }
}

extension ModeReport {
    func seen(by view: NamespaceView) -> ModeReport {
        guard view != .all else { return self }
        let flowView = FlowView(view)
        var report = self
        report.namespaces = namespaces.filter { view.contains($0.key) }
        report.policies = policies.filter { flowView.sees(policy: $0.key) }
        return report
    }
}
