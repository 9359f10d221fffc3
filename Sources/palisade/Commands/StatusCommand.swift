// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import NetworkPrimitives

/// `palisade status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether policies take effect, and everything that stands in the way.",
        discussion: "Examples:\n  palisade status\n  palisade status -o json"
    )

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require(GlobalOptions.listFormats)
        let report: StatusReport = try await options.client.get("status")
        if options.output == .table || options.output == .wide {
            let version = Escaping.terminal(report.version)
            Console.line("Palisade \(version) at \(Escaping.terminal(options.place.socketPath))")
            Console.line("")
        }
        try options.show(report, items: [report], table: Self.table(report))
        guard options.output == .table || options.output == .wide else { return }
        for line in StatusText.remarks(report) { Console.line(line) }
    }

    static func table(_ report: StatusReport) -> Table {
        let observed = report.mode.observed.map { $0 ? "confirmed" : "pending" } ?? "unknown"
        let total = report.endpoints.enforced + report.endpoints.unprotected.count
        return Table(
            headers: ["ENV", "KIND", "MODE", "OBSERVED", "ENDPOINTS", "FLOWS/S", "POLICIES", "REVISION"],
            rows: [
                [
                    report.environment, report.environmentKind.rawValue, report.mode.mode.rawValue, observed,
                    "\(report.endpoints.enforced)/\(total)", StatusText.rate(report.flows.flowsPerSecond),
                    "\(report.policies.loaded)", "\(report.revision)",
                ]
            ]
        )
    }
}

/// What `status` says under its table: one paragraph for each thing that is not as it should be.
enum StatusText {
    static func remarks(_ report: StatusReport) -> [String] {
        let all =
            exceptions(report.mode) + enforcement(report) + endpoints(report) + policies(report) + flows(report)
            + report.warnings.map { "warning: \($0)" }
        let lines = all.map { Escaping.terminal($0, keepsLines: true) }
        return lines.isEmpty ? [] : [""] + lines
    }

    static func rate(_ perSecond: Double) -> String {
        if perSecond >= 1000 { return "\((perSecond / 100).rounded() / 10)k" }
        return perSecond >= 10 || perSecond == 0 ? "\(Int(perSecond))" : "\((perSecond * 10).rounded() / 10)"
    }

    private static func exceptions(_ modes: ModeReport) -> [String] {
        let namespaces = modes.namespaces.sorted { $0.key < $1.key }.map {
            "mode: namespace \($0.key) is \($0.value.rawValue)"
        }
        let policies = modes.policies.sorted { $0.key < $1.key }.map {
            "mode: policy \($0.key) is \($0.value.rawValue)"
        }
        return namespaces + policies
    }

    private static func enforcement(_ report: StatusReport) -> [String] {
        let state = report.enforcement
        var lines: [String] = []
        if !state.inSync { lines.append("enforcement: NOT IN SYNC with the policies") }
        if let error = state.lastError { lines.append("enforcement: \(error)") }
        for gap in state.gaps {
            let by = gap.by.map { " by \($0)" } ?? ""
            let end = gap.to.map { "restored \(TimeExpression.full($0))" } ?? "still missing"
            lines.append("enforcement: rules were removed\(by) \(TimeExpression.full(gap.from)), \(end)")
        }
        return lines
    }

    private static func endpoints(_ report: StatusReport) -> [String] {
        report.endpoints.unprotected.map { "unprotected: \($0.namespace)/\($0.name): \($0.reason)" }
    }

    private static func policies(_ report: StatusReport) -> [String] {
        let degraded = report.policies.degraded.flatMap { item in
            ["degraded: \(item.policy) is enforced more closed than written"] + item.findings.map { "  \($0)" }
        }
        let broken = report.policies.brokenFiles.flatMap { file in
            [
                "broken: \(file.path): \(file.keepsLastGood ? "the last good revision stays in force" : "nothing of it is in force")"
            ]
                + file.findings.map { "  \($0)" }
        }
        return degraded + broken
    }

    private static func flows(_ report: StatusReport) -> [String] {
        var lines = report.flows.storeMessages.map { "store: \($0)" }
        for (source, count) in report.flows.lost.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("lost: \(count) events (\(source))")
        }
        if report.flows.disagreements > 0 {
            lines.append(
                "disagreements: \(report.flows.disagreements) flows on which engine and kernel differ; report this"
            )
        }
        let store = report.flows.store
        let since =
            store.oldestRecord.map { ", records since \(TimeExpression.full(Timestamp(microseconds: $0)))" } ?? ""
        lines.append("store: \(store.bytes >> 20) of \(store.capacity >> 20) MiB\(since)")
        return lines
    }
}
