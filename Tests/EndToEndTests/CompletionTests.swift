// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// Completion scripts work in their shells.
@Suite(.serialized) struct CompletionTests {
    @Test(arguments: [
        (["po"], "policy"), (["policy", "l"], "list lint"), (["env", "mode", "set", "bl"], "blocking"),
        (["flows", "--colo"], "--color"), (["status", "-o", "ya"], "yaml"), (["completion", "fi"], "fish"),
    ]) func `bash completes words`(_ words: [String], _ expected: String) async throws {
        let line = (["palisade"] + words).joined(separator: " ")
        let script = """
            source <("$0" completion bash) || exit 9
            COMP_WORDS=(\(line)); COMP_CWORD=\(words.count); COMP_LINE="\(line)"; COMP_POINT=${#COMP_LINE}
            function=$(complete -p palisade | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            "$function" palisade "\(words.last ?? "")" "\(words.dropLast().last ?? "palisade")"
            echo "${COMPREPLY[*]}"
            """
        let outcome = try await Program.run(["-c", script, Program.path], program: "/bin/bash")
        #expect(outcome.status == 0 && outcome.messages.isEmpty, "\(outcome.messages)")
        #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == expected)
    }

    @Test(arguments: ["zsh", "fish"]) func `other shells get a script that knows the commands`(
        _ shell: String
    ) async throws {
        let outcome = try await Program.run(["completion", shell])
        #expect(outcome.status == 0)
        for word in ["palisade", "explain", "wait-duration", "scope"] { #expect(outcome.output.contains(word)) }
    }
}
