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

            Help on more than commands: palisade help filters | time | output | exit-codes | environment
            """,
        version: ProgramVersion.current,
        subcommands: [
            UpCommand.self, ServerCommand.self, DownCommand.self, StatusCommand.self, FlowsCommand.self,
            StatsCommand.self,
            ExplainCommand.self, MapCommand.self, PlanCommand.self, ImpactCommand.self, PolicyCommand.self,
            EnvironmentCommand.self, LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, ContextCommand.self,
            UserCommand.self, RoleCommand.self, GroupCommand.self, TokenCommand.self, AuditCommand.self,
            DemoDataCommand.self, VersionCommand.self,
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
            do {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                status = .success
            } catch {
                status = ErrorReport.report(error)
            }
        } catch {
            status = ErrorReport.reportParsing(error, arguments)
        }
        Foundation.exit(status.rawValue)
    }
}

/// The version of this program.
enum ProgramVersion {
    static let current = "0.1.0"
}
