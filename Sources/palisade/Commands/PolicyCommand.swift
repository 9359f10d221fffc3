// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NetworkPrimitives
import PolicyModel

/// `palisade policy`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Look at loaded policies; check and summarise files.",
        discussion: """
            Examples:
              palisade policy list -n shop
              palisade policy get shop/allow-web
              palisade policy lint -f policies/
              palisade policy summary -f web.yaml
            """,
        subcommands: [List.self, Get.self, PolicyLintCommand.self, PolicySummaryCommand.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the loaded policies.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats + [.name])
            var list: PolicyList = try await options.client.get("policies")
            if let namespace = options.namespace { list.items = list.items.filter { $0.namespace == namespace } }
            if options.output == .name {
                for item in list.items { Console.line(Escaping.terminal(PolicyText.name(item))) }
            } else {
                try options.show(list, items: list.items, table: PolicyText.table(list.items))
            }
            if list.items.isEmpty {
                let place = options.namespace.map { " in namespace \($0)" } ?? ""
                options.say(Escaping.terminal("No policies\(place) (environment \(list.environment))."))
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one policy: state, summary and source.")

        @Argument(help: "NAMESPACE/NAME, or NAME.")
        var name: String

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .wide, .json, .yaml, .jsonl])
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            guard let last = parts.last else {
                throw CommandFailure(.usage, "A policy's name is NAMESPACE/NAME or NAME.")
            }
            let namespace = parts.count == 2 ? parts[0] : options.namespace
            let query = namespace.map { [("namespace", $0)] } ?? []
            let list: PolicyList = try await options.client.get("policies/\(PolicyText.escaped(last))", query)
            switch options.output {
            case .json: Console.line(try JSONText.pretty(list))
            case .jsonl: for item in list.items { Console.line(try JSONText.line(item)) }
            case .yaml:
                for item in list.items {
                    Console.line(Escaping.terminal(item.source ?? "", keepsLines: true))
                }
            default: for line in list.items.flatMap(PolicyText.description) { Console.line(line) }
            }
        }
    }
}

/// The words for policies.
enum PolicyText {
    static func name(_ item: PolicyReport) -> String { item.namespace.map { "\($0)/\(item.name)" } ?? item.name }

    static func table(_ items: [PolicyReport]) -> Table {
        Table(
            headers: ["NAMESPACE", "NAME", "KIND", "MODE", "STATE", "RULES", "SELECTS", "AGE"],
            rows: items.map { item in
                [
                    item.namespace ?? "<none>", item.name, item.policyKind.rawValue, item.mode.rawValue,
                    item.state.rawValue, "\(item.ruleCount)", "\(item.subjectCount)", age(item.since),
                ]
            }
        )
    }

    static func description(_ item: PolicyReport) -> [String] {
        let isolates = item.isolates.map { $0 == .ingress ? "inbound" : "outbound" }.joined(separator: ", ")
        var lines = [
            "\(item.policyKind.rawValue) \(name(item))", "mode      \(item.mode.rawValue)",
            "state     \(item.state.rawValue) since \(TimeExpression.full(item.since))",
            "isolates  \(isolates.isEmpty ? "nothing" : isolates)", "selects   \(item.subjectCount) endpoints",
            "written   \(item.location)", "",
        ]
        lines += item.summary
        lines += item.findings.map { "\($0)" }
        return lines.map { Escaping.terminal($0, keepsLines: true) }
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
