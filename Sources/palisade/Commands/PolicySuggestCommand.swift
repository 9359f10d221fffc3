// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import FlowModel
import Foundation
import PolicyAnalysis

/// `palisade policy suggest`.
struct PolicySuggestCommand: AsyncParsableCommand {
    /// What is written.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case kubernetes, cilium
    }

    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Write least-privilege policies from recorded traffic.",
        discussion: """
            Examples:
              palisade policy suggest --since 24h
              palisade policy suggest --flows flows.jsonl --kind cilium -n shop
              palisade policy suggest --flows flows.jsonl --files ./manifests > suggested.yaml

            Each rule has its evidence as a comment. What was only dropped is never allowed. The coverage, and what was left
            out and why, are said on standard error.
            """
    )

    @Option(help: "Recorded flows as Hubble writes them (JSON lines), or - for standard input.")
    var flows: String?

    @Option(help: "How far back the environment's own recorded flows go: 30m, 24h, 7d.")
    var since: String = "24h"

    @Option(help: "kubernetes (NetworkPolicy) or cilium (CiliumNetworkPolicy).")
    var kind: Kind = .kubernetes

    @Option(help: ArgumentHelp("Write one file for each policy here, not to standard output.", valueName: "dir"))
    var directory: String?

    @OptionGroup var world: WorldOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .yaml])
        let traffic = try await traffic()
        let isKnown = !world.files.isEmpty || flows == nil
        let loaded = isKnown ? try await world.load(options) : nil
        let suggestion = PolicySuggestion(
            traffic,
            world: loaded?.resolved,
            .init(kind: kind == .cilium ? .ciliumNetworkPolicy : .networkPolicy, namespace: options.namespace)
        )
        if let directory { try write(suggestion, to: directory) } else { Console.text(suggestion.yaml) }
        options.say(Escaping.terminal(suggestion.coverageSentence))
        for (reason, flows, kinds) in Self.leftOut(suggestion) {
            options.say("left out: \(PolicyFiles.counted(kinds, "connection")), \(flows) flows: \(reason)")
        }
    }

    private func traffic() async throws -> RecordedTraffic {
        if let flows { return try FlowFiles.traffic(flows, options) }
        guard world.files.isEmpty else {
            throw CommandFailure(.usage, "With --files, recorded flows are needed too: --flows FILE.")
        }
        return try await FlowFiles.recorded(since: since, options)
    }

    private static func leftOut(_ suggestion: PolicySuggestion) -> [(reason: String, flows: UInt64, kinds: Int)] {
        Dictionary(grouping: suggestion.leftOut, by: \.reason.rawValue).sorted { $0.key < $1.key }.map {
            reason,
            items in
            (reason, items.reduce(0) { $0 + $1.flows }, items.count)
        }
    }

    /// Names come from flows: what is no plain file name is no path.
    private func write(_ suggestion: PolicySuggestion, to directory: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for document in suggestion.documents {
                let name = "\(document.namespace)-\(document.name)".filter {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
                }
                let path = "\(directory)/\(name).yaml"
                try Data(document.yaml.utf8).write(to: URL(fileURLWithPath: path))
                options.say(Escaping.terminal("wrote \(path)"))
            }
        } catch {
            throw CommandFailure(
                .failure,
                Escaping.terminal("\(directory) cannot be written: \(error.localizedDescription)")
            )
        }
    }
}
