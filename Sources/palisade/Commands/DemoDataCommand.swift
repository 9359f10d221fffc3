// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane

/// `palisade demo-data`.
struct DemoDataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-data",
        abstract: "Write three environments with recorded traffic, to look at the console without any containers.",
        discussion: """
            Nothing is enforced in them. Their time stands still at 2026-11-22T14:02:30Z.

            Examples:
              palisade demo-data --data ./demo
              palisade server --demo --data ./demo
            """
    )

    @OptionGroup var place: DataDirectory

    mutating func run() async throws {
        let count = try await Composition.writeDemo(place.path)
        Console.message(
            "\(DemoEnvironment.all.count) environments with \(count) flows are in \(place.path)/environments."
        )
        Console.message("Look at them: palisade server --demo --data \(place.path)")
    }
}
