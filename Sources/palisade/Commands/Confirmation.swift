// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import Foundation

/// Asks before something that cuts connections.
struct Confirmation: ParsableArguments {
    @Option(
        help: ArgumentHelp("Say yes by naming what is changed, as the question would have it typed.", valueName: "name")
    )
    var confirm: String?

    @Flag(name: [.short, .long], help: "Say yes without being asked.")
    var yes = false

    @Flag(help: "Never ask; without --confirm or --yes that is exit 2.")
    var noInput = false

    /// Returns when the user agreed.
    /// - Throws: a usage failure when nobody can be asked or another name was given, `failure` when the user declined.
    func require(_ name: String) throws {
        let shown = Escaping.terminal(name)
        if yes { return }
        if let confirm {
            guard confirm == name else {
                throw CommandFailure(
                    .usage,
                    "--confirm \"\(Escaping.terminal(confirm))\" is not \"\(shown)\". Nothing was changed."
                )
            }
            return
        }
        guard !noInput, Console.isTerminal(0), Console.isTerminal(2) else {
            throw CommandFailure(
                .usage,
                "This needs a yes, and there is nobody to ask. Add --confirm \(shown), or -y. Nothing was changed."
            )
        }
        Console.message("Type \(shown) to continue:")
        guard readLine(strippingNewline: true) == name else {
            throw CommandFailure(.failure, "That is not \(shown). Nothing was changed.")
        }
    }
}
