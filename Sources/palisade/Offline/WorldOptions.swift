// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import NetworkPrimitives
import PolicyModel

/// Which world is asked: manifests, or the running environment.
struct WorldOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer from the manifests in this file or directory, not from the running environment; repeatable.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var files: [String] = []

    @Option(help: "With --files: the mode of policies that set none, audit or blocking.")
    var mode: String?

    @OptionGroup var reading: ReadingOptions

    /// - Throws: `findings` when manifests have errors, and what the client throws.
    func load(_ options: GlobalOptions) async throws -> LoadedWorld {
        guard !files.isEmpty else {
            guard mode == nil else {
                throw CommandFailure(.usage, "--mode is for --files; the running environment has its own modes.")
            }
            return try await LoadedWorld.running(options.server())
        }
        try options.requireOffline()
        return try LoadedWorld.read(files, reading, mode: try mode.map(ModeArgument.mode) ?? .blocking)
    }
}
