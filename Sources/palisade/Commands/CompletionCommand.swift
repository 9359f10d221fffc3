// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser

/// `palisade completion`.
struct CompletionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell: bash, zsh or fish.",
        discussion: "Example:\n  palisade completion bash > /etc/bash_completion.d/palisade"
    )

    @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    mutating func run() async throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw CommandFailure(.usage, "\"\(shell)\" is not a shell that is known. Use bash, zsh or fish.")
        }
        Console.line(Palisade.completionScript(for: shell))
    }
}
