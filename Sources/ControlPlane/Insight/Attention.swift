// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// What an overview is made from, as somebody sees it.
struct Attention {
    var status: StatusReport
    var policies: [PolicyReport]
    var coverage: WorkloadCoverage
    /// Connections of the last day that policies in audit mode would have dropped.
    var wouldDrop: UInt64
    /// Known losses of the last eight hours: whether there were any, and how many events, as far as that is told.
    var hasLosses: Bool
    var lost: UInt64

    static let day: Int64 = 86_400_000_000
    static let shift: Int64 = 8 * 3_600_000_000
    private static let mostNames = 20

    /// What needs somebody, worst first.
    var items: [OverviewReport.Item] {
        let found = [
            notInSync, brokenFiles, disagreements, auditMode, unprotected, degraded, withoutSubjects, withoutPolicy,
            lostEvents,
        ].compactMap { $0 }
        let order = OverviewReport.Item.Topic.allCases
        return found.sorted { left, right in
            (left.severity.rank, order.firstIndex(of: left.topic) ?? 0)
                < (right.severity.rank, order.firstIndex(of: right.topic) ?? 0)
        }
    }

    /// The worst of the items in one word, and a sentence.
    var health: (OverviewReport.Health, String) {
        guard let worst = items.first, worst.severity != .note else {
            return (.healthy, "Policies are in force and traffic is seen.")
        }
        return (worst.severity == .error ? .failing : .attention, worst.message)
    }

    private var notInSync: OverviewReport.Item? {
        guard !status.enforcement.inSync else { return nil }
        let cause = status.enforcement.lastError.map { ": \($0.split(separator: "\n").first.map(String.init) ?? $0)" }
        return item(
            .notInSync,
            .error,
            "The kernel does not hold the present policies\(cause ?? ".")",
            1,
            .init(.status)
        )
    }

    private var brokenFiles: OverviewReport.Item? {
        let files = status.policies.brokenFiles
        guard !files.isEmpty else { return nil }
        let isOpen = files.contains { !$0.keepsLastGood }
        let text = Self.count(files.count, "policy file is broken", "policy files are broken")
        let rest = isOpen ? "and not in force" : "and the last good content is in force"
        return item(
            .brokenFiles,
            isOpen ? .error : .warning,
            "\(text) \(rest).",
            files.count,
            .init(.policies),
            files.map(\.path)
        )
    }

    private var disagreements: OverviewReport.Item? {
        let count = status.flows.disagreements
        guard count > 0 else { return nil }
        let text = Self.count(Int(clamping: count), "flow was", "flows were")
        return item(
            .disagreements,
            .warning,
            "\(text) decided by the kernel otherwise than policies say, since Palisade started.",
            Int(clamping: count),
            .init(.flows, filter: "agrees:no", lookback: Self.day)
        )
    }

    private var auditMode: OverviewReport.Item? {
        let isAudit = status.mode.mode == .audit
        guard isAudit || wouldDrop > 0 else { return nil }
        let text = Self.count(Int(clamping: wouldDrop), "connection", "connections")
        let place = isAudit ? "\(status.environment) is in audit mode" : "Some policies are in audit mode"
        return item(
            .auditMode,
            wouldDrop > 0 ? .warning : .note,
            "\(place): \(text) would have been dropped in the last 24 h.",
            Int(clamping: wouldDrop),
            wouldDrop > 0 ? .init(.flows, filter: "verdict:would-drop", lookback: Self.day) : .init(.mode)
        )
    }

    private var unprotected: OverviewReport.Item? {
        let endpoints = status.endpoints.unprotected
        guard !endpoints.isEmpty else { return nil }
        let text = Self.count(endpoints.count, "container is", "containers are")
        return item(
            .unprotected,
            .warning,
            "\(text) not protected: policies do not reach \(endpoints.count == 1 ? "it" : "them").",
            endpoints.count,
            .init(.coverage),
            endpoints.map { "\($0.namespace)/\($0.name)" }
        )
    }

    private var degraded: OverviewReport.Item? {
        let degraded = status.policies.degraded
        guard !degraded.isEmpty else { return nil }
        let text = Self.count(degraded.count, "policy is", "policies are")
        return item(
            .degradedPolicies,
            .warning,
            "\(text) in force more closed than written.",
            degraded.count,
            .init(.policies),
            degraded.map(\.policy)
        )
    }

    private var withoutSubjects: OverviewReport.Item? {
        let names = policies.filter { $0.subjectCount == 0 }.map { policy in
            policy.namespace.map { "\($0)/\(policy.name)" } ?? policy.name
        }
        guard !names.isEmpty else { return nil }
        let text = Self.count(names.count, "policy selects", "policies select")
        return item(
            .policiesWithoutSubjects,
            .warning,
            "\(text) nothing.",
            names.count,
            .init(.policies),
            names
        )
    }

    private var withoutPolicy: OverviewReport.Item? {
        let names = coverage.items.filter {
            !$0.inbound && !$0.outbound && $0.policies.isEmpty && $0.unprotected == nil
        }
        .map { "\($0.namespace)/\($0.workload)" }
        guard !names.isEmpty else { return nil }
        let text = Self.count(names.count, "workload has", "workloads have")
        return item(
            .workloadsWithoutPolicy,
            .warning,
            "\(text) no policy in either direction.",
            names.count,
            .init(.coverage),
            names
        )
    }

    private var lostEvents: OverviewReport.Item? {
        guard hasLosses else { return nil }
        let text = lost == 0 ? "Events" : Self.count(Int(clamping: lost), "event", "events")
        return item(
            .lostEvents,
            .note,
            "\(text) of the last 8 h \(lost == 1 ? "is" : "are") missing: what is counted is less than what was.",
            Int(clamping: lost),
            .init(.statistics, lookback: Self.shift)
        )
    }

    private func item(
        _ topic: OverviewReport.Item.Topic,
        _ severity: OverviewReport.Item.Severity,
        _ message: String,
        _ count: Int,
        _ link: OverviewLink,
        _ names: [String] = []
    ) -> OverviewReport.Item {
        var link = link
        if names.count == 1 { link.name = names[0] }
        return OverviewReport.Item(
            topic: topic,
            severity: severity,
            message: message,
            count: UInt64(count),
            names: Array(names.sorted().prefix(Self.mostNames)),
            link: link
        )
    }

    private static func count(_ count: Int, _ one: String, _ many: String) -> String {
        count == 1 ? "1 \(one)" : "\(count) \(many)"
    }
}

extension OverviewReport.Item.Severity {
    fileprivate var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .note: 2
        }
    }
}
