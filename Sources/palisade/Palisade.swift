// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import Foundation

/// The root command.
@main
struct Palisade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "palisade",
        abstract: "Manage network policies, enforce them on this host, and explain every flow.",
        discussion: """
            Examples:
              palisade up --sandbox
              palisade flows -f verdict:dropped
              palisade explain shop/web data/db --port 5432

            Help on more than commands: palisade help-topic filters | time | output | exit-codes | environment
            """,
        version: ProgramVersion.current,
        subcommands: [
            UpCommand.self, DownCommand.self, StatusCommand.self, FlowsCommand.self, StatsCommand.self,
            ExplainCommand.self, PolicyCommand.self, EnvironmentCommand.self, VersionCommand.self,
            CompletionCommand.self, HelpTopicCommand.self,
        ],
        aliases: []
    )

    /// Runs the command line and ends the process with the exit code of `ExitStatus`.
    static func main() async {
        let arguments = CommandLineRewriter.rewritten(Array(CommandLine.arguments.dropFirst()))
        let status: ExitStatus
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            status = .success
        } catch {
            status = report(error, arguments)
        }
        Foundation.exit(status.rawValue)
    }

    /// Says what went wrong, on standard error (help goes to standard output).
    private static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
        switch error {
        case let failure as CommandFailure:
            if let message = failure.message { Console.message("error: \(message)") }
            return failure.status
        case let error as ServiceError:
            Console.message("error: \(Escaping.terminal(error.description))")
            return ExitStatus(error.code)
        case let error as FlowFilterError:
            for problem in error.problems {
                Console.message("error: \(Escaping.terminal(problem.message)) (column \(problem.column) of the filter)")
            }
            return .usage
        default: break
        }
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        guard !code.isSuccess else {
            // Help and version are what was asked for.
            Console.line(text)
            return .success
        }
        guard code == .validationFailure || text.hasPrefix("Error: ") || text.contains("Usage:") else {
            Console.message("error: \(Escaping.terminal("\(error)"))")
            return .failure
        }
        Console.message(text.hasPrefix("Error: ") ? "error: " + text.dropFirst("Error: ".count) : text)
        if let hint = CommandLineRewriter.suggestion(arguments) { Console.message(hint) }
        return code == .validationFailure ? .usage : .failure
    }
}

/// The version of this program.
enum ProgramVersion {
    static let current = "0.1.0"
}
