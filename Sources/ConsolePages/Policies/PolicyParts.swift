// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyModel

extension PolicyReport {
    /// `shop/allow-web`, or the bare name of a cluster-wide policy.
    var title: String { namespace.map { "\($0)/\(name)" } ?? name }

    /// `/e/production/policies/shop/NetworkPolicy/allow-web`; cluster-wide policies have `-` for the namespace.
    func link(_ context: PageContext) -> Link {
        context.link("policies", namespace ?? "-", policyKind.rawValue, name)
    }

    var stateText: String {
        switch state {
        case .active: "Active"
        case .degraded: "More closed than written"
        case .stale: "File broken, last good kept"
        }
    }
}

/// Pieces that the list, the drawer and the page of a policy share.
enum PolicyParts {
    static func state(_ report: PolicyReport) -> HTML {
        group {
            tag("span", .class(report.state == .active ? "tag" : "tag warn")) { report.stateText }
            if report.mode == .audit { tag("span", .class("tag warn")) { "Audit only" } }
            if report.subjectCount == 0 { tag("span", .class("tag bad")) { "Selects nothing" } }
        }
    }

    static func isolates(_ report: PolicyReport) -> String {
        let names = report.isolates.sorted(by: >).map { $0 == .ingress ? "inbound" : "outbound" }
        return names.isEmpty ? "nothing" : names.joined(separator: " and ")
    }

    static func summary(_ lines: [String]) -> HTML {
        tag("div", .class("summary-text"), .testID("policy.summary")) {
            for line in lines { tag("p") { line } }
        }
    }

    static func findings(_ findings: [Finding]) -> HTML {
        tag("ul", .class("findings")) {
            for finding in findings {
                tag("li", .class("finding \(finding.severity.rawValue)"), .testID("policy.finding.\(finding.code)")) {
                    finding.severity == .info ? Icon.remark : Icon.warning
                    tag("div") {
                        tag("p") {
                            tag("strong") {
                                "\(finding.severity.rawValue.prefix(1).uppercased())\(finding.severity.rawValue.dropFirst()) \(finding.code): "
                            }
                            finding.message
                        }
                        tag("p", .class("muted mono")) { "\(finding.location)" }
                        for note in finding.notes { tag("p", .class("muted")) { note.message } }
                    }
                }
            }
        }
    }

    /// The YAML, each line with its number and an address.
    static func source(_ text: String, firstLine: Int) -> HTML {
        // Both line ends are one to readers; "\r\n" is one character to Swift.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let shown = lines.last == "" ? lines.dropLast() : lines[...]
        return tag("pre", .class("source"), .id("policy-source"), .init("tabindex", "0"), .label("YAML")) {
            tag("code") {
                for (offset, line) in shown.enumerated() {
                    tag("span", .class("l"), .id("L\(firstLine + offset)")) {
                        tag("span", .class("n"), .hidden) { "\(firstLine + offset)" }
                        "\(line)\n"
                    }
                }
            }
        }
    }

    /// Columns of use: allowed, dropped, would drop, last used.
    static func use(_ use: PolicyUseReport.Use?, _ context: PageContext) -> HTML {
        guard let use else {
            return tag("td", .init("colspan", "4")) { HTML.unknown("use is not known") }
        }
        return group {
            for count in [use.allowed, use.dropped, use.wouldDrop] { DataTable.number(Figures.grouped(count)) }
            tag("td", .class("when")) {
                use.total == 0 && use.lastUsed == nil
                    ? tag("span", .class("muted")) { "not used" } : context.clock.ageHTML(use.lastUsed)
            }
        }
    }

    static let useColumns: [DataTable.Column] = [
        .init("Allowed", isNumber: true), .init("Dropped", isNumber: true), .init("Would drop", isNumber: true),
        .init("Last used"),
    ]
}
