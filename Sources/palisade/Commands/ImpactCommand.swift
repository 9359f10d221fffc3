// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import FlowModel
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel

/// `palisade impact`.
struct ImpactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact",
        abstract: "Replay recorded traffic against a draft: what would newly be dropped or allowed.",
        discussion: """
            Examples:
              palisade impact --draft policies/ --since 24h
              palisade impact --files ./manifests --draft ./draft --flows flows.jsonl
              hubble observe -o json --last 100000 | palisade impact --files ./manifests --draft ./draft --flows -

            Policies of the draft take the place of those of the same name, or are new; a draft that holds workloads is a
            world of its own. Exit code 3 when recorded traffic would get another verdict (--exit-zero turns that off).
            """
    )

    @Option(
        help: ArgumentHelp("The draft: policies, or a whole set of manifests.", valueName: "dir"),
        completion: .directory
    )
    var draft: [String] = []

    @Option(name: [.customShort("f"), .long], help: "The same as --draft.")
    var filename: [String] = []

    @Option(help: "Recorded flows as Hubble writes them (JSON lines), or - for standard input.")
    var flows: String?

    @Option(help: "How far back the environment's own recorded flows go: 30m, 24h, 7d.")
    var since: String = "24h"

    @Flag(help: "Exit 0 although recorded traffic would get another verdict.")
    var exitZero = false

    @OptionGroup var world: WorldOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .json, .md, .csv])
        guard !(draft + filename).isEmpty else {
            throw CommandFailure(.usage, "Name the draft: --draft DIR.")
        }
        let before = try await world.load(options)
        var reading = world.reading
        if world.files.isEmpty { reading.engine = .host }
        let change = try LoadedWorld.read(draft + filename, reading)
        let after = change.snapshot.endpoints.isEmpty ? before.with(draft: change) : change
        let traffic = try await traffic()
        let first = before.resolved
        let replay = ImpactReplay(
            traffic,
            old: first,
            new: ResolvedSnapshot(after.snapshot, after: first),
            policies: .all
        )
        let format: ImpactReplay.Format =
            switch options.output {
            case .json: .json
            case .md: .md
            case .csv: .csv
            default: .text
            }
        Console.text(replay.text(format))
        let turned = replay.rows(.newlyDropped).count + replay.rows(.newlyAllowed).count
        guard turned > 0, !exitZero else { return }
        throw CommandFailure(.findings)
    }

    private func traffic() async throws -> RecordedTraffic {
        if let flows { return try FlowFiles.traffic(flows, options) }
        guard world.files.isEmpty else {
            throw CommandFailure(.usage, "With --files, recorded flows are needed too: --flows FILE.")
        }
        return try await FlowFiles.recorded(since: since, options)
    }
}
