// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyModel

/// The words for policies.
enum PolicyText {
    static func name(_ item: PolicyReport) -> String { item.namespace.map { "\($0)/\(item.name)" } ?? item.name }

    /// How a list names its policies.
    enum NameColumns {
        /// `NAME` is the name alone, for a list of one namespace.
        case name
        /// `NAME` is `namespace/name`.
        case fullName
        /// `NAMESPACE`, then `NAME`.
        case namespaceAndName
    }

    static func table(_ items: [PolicyReport], _ columns: NameColumns, isWide: Bool) -> Table {
        var headers = ["NAME", "KIND", "MODE", "STATE", "RULES", "SELECTS"]
        if columns == .namespaceAndName { headers.insert("NAMESPACE", at: 0) }
        if isWide { headers += ["ISOLATES", "WRITTEN"] }
        let rows = items.map { item -> [String] in
            var row = [columns == .fullName ? name(item) : item.name]
            if columns == .namespaceAndName { row.insert(item.namespace ?? "<none>", at: 0) }
            row += [
                shortKind(item.policyKind.rawValue), item.mode.rawValue, item.state.rawValue, "\(item.ruleCount)",
                "\(item.subjectCount)",
            ]
            if isWide { row += [isolates(item, none: "<none>"), "\(item.location)"] }
            return row + [age(item.since)]
        }
        return Table(headers: headers + ["AGE"], rows: rows)
    }

    /// The long names of Cilium's kinds as its own short ones, so that a row fits a terminal.
    private static func shortKind(_ kind: String) -> String {
        switch kind {
        case "CiliumNetworkPolicy": "CNP"
        case "CiliumClusterwideNetworkPolicy": "CCNP"
        default: kind
        }
    }

    private static func isolates(_ item: PolicyReport, none: String) -> String {
        let sides = item.isolates.map { $0 == .ingress ? "inbound" : "outbound" }
        return sides.isEmpty ? none : sides.joined(separator: ",")
    }

    static func description(_ item: PolicyReport) -> [String] {
        let count = item.subjectCount
        var lines = [
            "\(item.policyKind.rawValue) \(name(item))", "mode      \(item.mode.rawValue)",
            "state     \(item.state.rawValue) since \(TimeExpression.full(item.since))",
            "isolates  \(isolates(item, none: "nothing"))",
            "selects   \(count) \(count == 1 ? "endpoint" : "endpoints")",
            "written   \(item.location)",
        ]
        if !item.summary.isEmpty { lines += [""] + item.summary }
        return lines.map { Escaping.terminal($0) } + item.findings.flatMap(FindingText.lines)
    }

    static func age(_ since: Timestamp) -> String {
        let seconds = max(0, (TimeExpression.now() - since.microseconds) / 1_000_000)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    /// For one part of a URL's path.
    static func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
