// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import FlowModel
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel

/// `palisade plan`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a change of policies does: in words, and in connections gained and lost.",
        discussion: """
            Examples:
              palisade plan --old main/ --new branch/
              palisade plan -f policies/
              palisade plan --old main/ --new branch/ -o md > comment.md

            With --old and --new two sets of manifests are compared; with -f the policies of these files with those of the
            running environment. Exit code 3 when there is a difference (--exit-zero turns that off).
            """
    )

    @Option(help: ArgumentHelp("The manifests before.", valueName: "dir"), completion: .directory)
    var old: [String] = []

    @Option(help: ArgumentHelp("The manifests after.", valueName: "dir"), completion: .directory)
    var new: [String] = []

    @Option(
        name: [.customShort("f"), .long],
        help: "Policies to compare with the running environment: file, directory or -."
    )
    var filename: [String] = []

    @Option(help: "Recorded flows (Hubble's JSON lines), to say which connections are in use.")
    var flows: String?

    @Flag(help: "Show edits without effect one by one.")
    var showNeutral = false

    @Flag(help: "Exit 0 although there is a difference.")
    var exitZero = false

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .json, .md, .csv])
        let (before, after) = try await worlds()
        let seen = try flows.map { SeenTraffic(try FlowFiles.traffic($0, options)) }
        let first = before.resolved
        let plan = Plan(
            old: first,
            new: ResolvedSnapshot(after.snapshot, after: first),
            oldTexts: before.texts,
            newTexts: after.texts,
            seen: { source, destination in seen?.flows(from: source, to: destination) }
        )
        let format: Plan.Format =
            switch options.output {
            case .json: .json
            case .md: .md
            case .csv: .csv
            default: .text
            }
        Console.text(plan.text(format, showNeutral: showNeutral))
        guard !plan.isEmpty, !exitZero else { return }
        throw CommandFailure(.findings)
    }

    private func worlds() async throws -> (before: LoadedWorld, after: LoadedWorld) {
        if !filename.isEmpty {
            guard old.isEmpty, new.isEmpty else {
                throw CommandFailure(.usage, "-f compares with the running environment; leave --old and --new out.")
            }
            let before = try await LoadedWorld.running(options.server())
            var reading = reading
            reading.engine = .host
            return (before, before.with(draft: try LoadedWorld.read(filename, reading)))
        }
        guard !old.isEmpty, !new.isEmpty else {
            throw CommandFailure(.usage, "Name two sets of manifests: --old DIR --new DIR, or policies with -f PATH.")
        }
        try options.requireOffline()
        return (try LoadedWorld.read(old, reading), try LoadedWorld.read(new, reading))
    }
}
