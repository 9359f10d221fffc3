// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import PolicyAnalysis
import PolicyEvaluation

/// `palisade map`.
struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Show who can talk to whom, and on what.",
        discussion: """
            Examples:
              palisade map
              palisade map --files ./manifests
              palisade map --files ./manifests --focus shop/web --explain
              palisade map --files ./manifests --level namespace -o mermaid
              palisade map --files ./manifests --exposure

            One line for each pair: SOURCE => DESTINATION : CONNECTIONS. Workloads are namespace/name[Kind], addresses
            outside are FIRST-LAST[External]. Formats: txt, json, csv, md, dot, mermaid, svg.
            """
    )

    @Option(help: "workload, or namespace (ns).")
    var level: String = "workload"

    @Option(help: ArgumentHelp("Only pairs with this workload; repeatable.", valueName: "namespace/name"))
    var focus: [String] = []

    @Flag(help: "Add what is open to workloads that do not exist yet, to the whole cluster and to the world.")
    var exposure = false

    @Flag(help: "Add the rules behind each line (txt, json, csv and md).")
    var explain = false

    @Flag(help: "Leave out policies in audit mode, which have no effect yet.")
    var enforced = false

    @OptionGroup var world: WorldOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let format = try format()
        let level = try mapLevel()
        if explain, ![.txt, .json, .csv, .md].contains(format) {
            throw CommandFailure(.usage, "--explain needs -o txt, json, csv or md: a drawing has no room for rules.")
        }
        let loaded = try await world.load(options)
        let map = ConnectivityMap(
            loaded.resolved,
            .init(
                level: level,
                focus: focus.map { MapFocus(full($0)) },
                policies: enforced ? .enforced : .all
            )
        )
        if let unknown = map.unknownFocus.first {
            throw CommandFailure(.notFound, Escaping.terminal("No workload is called \(unknown)."))
        }
        try map.write(
            format,
            explain: explain,
            exposure: exposure ? ConnectivityExposure(map) : nil,
            to: Console.bytes
        )
        if map.unprotectedCount > 0 {
            let count = PolicyFiles.counted(map.unprotectedCount, "workload")
            options.say("\(count) left out that no policy reaches (host network).")
        }
    }

    private func format() throws -> ConnectivityMap.Format {
        switch options.output {
        case .table, .wide, .txt: return .txt
        case .json: return .json
        case .csv: return .csv
        case .md: return .md
        case .dot: return .dot
        case .mermaid: return .mermaid
        case .svg: return .svg
        default:
            try options.require([.table, .txt, .json, .csv, .md, .dot, .mermaid, .svg])
            return .txt
        }
    }

    private func mapLevel() throws -> ConnectivityMap.Level {
        switch level {
        case "ns", "namespace": return .namespace
        case "workload": return .workload
        default:
            throw CommandFailure(
                .usage,
                Escaping.terminal("--level \"\(level)\" is not workload or namespace.")
            )
        }
    }

    private func full(_ name: String) -> String {
        guard let namespace = options.namespace, !name.contains("/") else { return name }
        return "\(namespace)/\(name)"
    }
}
