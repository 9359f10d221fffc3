// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane

/// `palisade server`.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Serve API and console for environments that are not enforced by this process.",
        discussion: """
            Each folder under environments/ of the data directory is one: manifests in world/, policies in policies/,
            recorded flows. Needs no privilege.

            Examples:
              palisade server
              palisade server --listen 0.0.0.0:443 --tls-certificate chain.pem --tls-key key.pem
              palisade demo-data --data ./demo && palisade server --demo --data ./demo
            """
    )

    @OptionGroup var place: DataDirectory
    @OptionGroup var console: ListenOptions

    @Flag(help: "The time stands still at that of the demonstration, 2026-11-22T14:02:30Z.")
    var demo = false

    @Flag(name: [.short, .long], help: "Only warnings and errors.")
    var quiet = false

    mutating func run() async throws {
        try await Composition.serve(
            ServerOptions(data: place.path, console: console, isDemo: demo, isQuiet: quiet)
        )
    }
}

/// What `palisade server` was asked to do.
struct ServerOptions: Sendable {
    var data: String
    var console: ListenOptions
    var isDemo: Bool
    var isQuiet: Bool

    /// Microseconds since 1970.
    var now: @Sendable () -> Int64 {
        guard isDemo else { return Composition.systemTime }
        return { DemoEnvironment.now }
    }
}
