// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import NetworkPrimitives
import PolicyModel

/// `palisade policy`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Look at loaded policies; check, test, suggest and convert files.",
        discussion: """
            Examples:
              palisade policy list -n shop
              palisade policy get shop/allow-web
              palisade policy lint -f policies/
              palisade policy fmt policies/ --check
              palisade policy summary -f web.yaml
              palisade policy test expectations.yaml --files ./manifests
              palisade policy suggest --flows flows.jsonl
              palisade policy convert --to cilium -f web.yaml
            """,
        subcommands: [
            List.self, Get.self, PolicyLintCommand.self, PolicyFormatCommand.self, PolicySummaryCommand.self,
            PolicyTestCommand.self, PolicySuggestCommand.self, PolicyConvertCommand.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the loaded policies.",
            discussion: "Examples:\n  palisade policy list\n  palisade policy list -A --sort selects:desc"
        )

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats + [.name])
            var list: PolicyList = try await options.server().all("policies")
            let namespaces = Set(list.items.compactMap(\.namespace))
            if let namespace = options.namespace { list.items = list.items.filter { $0.namespace == namespace } }
            list.total = list.items.count
            if options.output == .name {
                for item in list.items { Console.line(Escaping.terminal(PolicyText.name(item))) }
            } else {
                let columns: PolicyText.NameColumns =
                    options.allNamespaces ? .namespaceAndName : options.namespace == nil ? .fullName : .name
                let table = PolicyText.table(list.items, columns, isWide: options.output == .wide)
                try options.show(list, items: list.items, table: table)
            }
            if list.items.isEmpty {
                let place = options.namespace.map { " in namespace \($0)" } ?? ""
                let close = options.namespace.flatMap { nearest(to: $0, among: namespaces) }
                let hint = close.map { " Did you mean \($0)?" } ?? ""
                options.say(Escaping.terminal("No policies\(place) (environment \(list.environment)).\(hint)"))
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one policy: its state and what it does; -o yaml shows the text in force.",
            discussion:
                "Examples:\n  palisade policy get shop/allow-web\n  palisade policy get allow-web -n shop -o yaml"
        )

        @Argument(help: "NAMESPACE/NAME, or NAME.")
        var name: String

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .wide, .json, .yaml, .jsonl])
            let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, !parts.contains(""), let last = parts.last else {
                throw CommandFailure(.usage, "A policy's name is NAMESPACE/NAME or NAME.")
            }
            let namespace = parts.count == 2 ? parts[0] : options.namespace
            let query = namespace.map { [("namespace", $0)] } ?? []
            let list: PolicyList = try await options.server().get("policies/\(PolicyText.escaped(last))", query)
            switch options.output {
            case .json: Console.line(try JSONText.pretty(list))
            case .jsonl: for item in list.items { Console.line(try JSONText.line(item)) }
            case .yaml: try showSources(list.items)
            default:
                for (index, item) in list.items.enumerated() {
                    if index > 0 { Console.line("") }
                    PolicyText.description(item).forEach(Console.line)
                }
            }
        }

        /// Each as a document of its own; the text that is in force.
        private func showSources(_ items: [PolicyReport]) throws {
            for (index, item) in items.enumerated() {
                guard let source = item.source else {
                    throw CommandFailure(
                        .failure,
                        "The text of \(Escaping.terminal(PolicyText.name(item))) is not kept."
                    )
                }
                if index > 0 { Console.line("---") }
                Console.line(
                    Escaping.terminal(source.hasSuffix("\n") ? String(source.dropLast()) : source, keepsLines: true)
                )
            }
        }
    }
}
