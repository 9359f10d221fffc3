// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// The words of `status`: a table, and under it one paragraph for each thing that is not as it should be.
enum StatusText {
    static func table(_ report: StatusReport) -> Table {
        let observed = report.mode.observed.map { $0 ? "confirmed" : "pending" } ?? "unknown"
        let total = report.endpoints.enforced + report.endpoints.unprotected.count
        return Table(
            headers: ["ENV", "KIND", "MODE", "OBSERVED", "ENDPOINTS", "FLOWS/S", "POLICIES", "REVISION"],
            rows: [
                [
                    report.environment, report.environmentKind.rawValue, report.mode.mode.rawValue, observed,
                    "\(report.endpoints.enforced)/\(total)", rate(report.flows.flowsPerSecond),
                    "\(report.policies.loaded)", "\(report.revision)",
                ]
            ]
        )
    }

    /// Problems first, then what is merely good to know.
    ///
    /// Each line is escaped on its own.
    static func remarks(_ report: StatusReport) -> [String] {
        let problems =
            enforcement(report) + broken(report) + degraded(report) + endpoints(report) + losses(report)
            + report.warnings.map { "warning: \($0)" }
        let verdict = problems.isEmpty ? ["ok: every policy is in force as written, and nothing was lost"] : problems
        return ([""] + verdict + modes(report.mode) + [store(report)]).map { Escaping.terminal($0) }
    }

    /// What `--wait` waits for, in a sentence without its full stop; `nil` when there is nothing.
    static func missing(_ report: StatusReport, ignoresWarnings: Bool) -> String? {
        if !report.enforcement.inSync || report.mode.observed != true {
            let cause = report.enforcement.lastError?.split(separator: "\n").first.map { ": \($0)" } ?? ""
            return Escaping.terminal("The policies are not in force yet\(cause)")
        }
        guard !ignoresWarnings else { return nil }
        let counts = [
            (report.policies.brokenFiles.count, "broken file", "broken files"),
            (report.policies.degraded.count, "degraded policy", "degraded policies"),
            (report.endpoints.unprotected.count, "unprotected container", "unprotected containers"),
            (report.warnings.count, "warning", "warnings"),
        ]
        let found = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        guard !found.isEmpty else { return nil }
        return
            "Not everything is as written: \(found.joined(separator: ", ")); see palisade status, or --ignore-warnings"
    }

    static func rate(_ perSecond: Double) -> String {
        if perSecond >= 1000 { return "\((perSecond / 100).rounded() / 10)k" }
        if perSecond > 0, perSecond < 0.05 { return "<0.1" }
        return perSecond >= 10 || perSecond == 0 ? "\(Int(perSecond))" : "\((perSecond * 10).rounded() / 10)"
    }

    private static func enforcement(_ report: StatusReport) -> [String] {
        let state = report.enforcement
        var lines: [String] = []
        if !state.inSync { lines.append("enforcement: NOT IN SYNC with the policies") }
        if let error = state.lastError {
            // What nft says has several lines.
            for (index, line) in error.split(separator: "\n").prefix(10).enumerated() {
                lines.append((index == 0 ? "enforcement: " : "  ") + line)
            }
        }
        let shown = state.gaps.suffix(5)
        if state.gaps.count > shown.count {
            lines.append("enforcement: \(state.gaps.count - shown.count) earlier gaps (-o json)")
        }
        for gap in shown {
            let what = gap.reason ?? "Our rules were changed or removed\(gap.by.map { " by \($0)" } ?? "")."
            let end = gap.to.map { "until \(TimeExpression.full($0))" } ?? "and it lasts"
            lines.append("enforcement: gap from \(TimeExpression.full(gap.from)) \(end): \(what)")
        }
        return lines
    }

    private static func broken(_ report: StatusReport) -> [String] {
        report.policies.brokenFiles.flatMap { file in
            let state = file.keepsLastGood ? "the last good revision stays in force" : "nothing of it is in force"
            return ["broken: \(file.path): \(state)"] + file.findings.flatMap(FindingText.lines).map { "  " + $0 }
        }
    }

    private static func degraded(_ report: StatusReport) -> [String] {
        report.policies.degraded.flatMap { item in
            ["degraded: \(item.policy) is enforced more closed than written"]
                + item.findings.flatMap(FindingText.lines).map { "  " + $0 }
        }
    }

    private static func endpoints(_ report: StatusReport) -> [String] {
        report.endpoints.unprotected.map { "unprotected: \($0.namespace)/\($0.name): \($0.reason)" }
    }

    private static func losses(_ report: StatusReport) -> [String] {
        var lines = report.flows.storeMessages.map { "store: \($0)" }
        for (source, count) in report.flows.lost.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("lost: \(count) events (\(source))")
        }
        if report.flows.disagreements > 0 {
            lines.append(
                "disagreements: \(report.flows.disagreements) flows on which engine and kernel differ; report this"
            )
        }
        return lines
    }

    /// Where the mode is another one than the environment's.
    private static func modes(_ report: ModeReport) -> [String] {
        func names(_ settings: [String: Mode]) -> [String] {
            settings.filter { $0.value != report.mode }.keys.sorted()
        }
        let other = report.mode == .audit ? Mode.blocking : .audit
        let (namespaces, policies) = (names(report.namespaces), names(report.policies))
        var lines: [String] = []
        if !namespaces.isEmpty { lines.append("mode: \(other.rawValue) in \(shortened(namespaces))") }
        if !policies.isEmpty { lines.append("mode: \(other.rawValue) for \(shortened(policies))") }
        return lines
    }

    private static func shortened(_ names: [String]) -> String {
        let shown = names.prefix(6).joined(separator: ", ")
        return names.count > 6 ? "\(shown) and \(names.count - 6) more (palisade env mode)" : shown
    }

    private static func store(_ report: StatusReport) -> String {
        let store = report.flows.store
        let since =
            store.oldestRecord.map { ", records since \(TimeExpression.full(Timestamp(microseconds: $0)))" } ?? ""
        return "store: \(store.bytes >> 20) of \(store.capacity >> 20) MiB\(since)"
    }
}
