// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NetworkPrimitives

/// `palisade status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether policies take effect, and everything that stands in the way.",
        discussion: """
            Examples:
              palisade status
              palisade status --wait --wait-duration 1m
              palisade status -o json
            """
    )

    @Flag(help: "Wait until the process runs and everything is in force as written.")
    var wait = false

    @Option(help: "How long --wait waits at most: 30s, 5m; then exit 7.")
    var waitDuration: String = "5m"

    @Flag(help: "With --wait: be content with enforcement alone, whatever else status reports.")
    var ignoreWarnings = false

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require(GlobalOptions.listFormats)
        guard let limit = TimeExpression.seconds(waitDuration) else {
            throw CommandFailure(
                .usage,
                "--wait-duration \"\(waitDuration)\" is not a duration. Write it like 30s or 5m."
            )
        }
        guard wait else { return try show(try await ask()) }
        let waiting = self
        let answer = try await Interruption.interruptible { try await waiting.waited(seconds: limit) }
        guard let (report, missing) = answer else {
            throw CommandFailure(.interrupted, "Interrupted; nothing was changed.")
        }
        if let report { try show(report) }
        if let missing { throw CommandFailure(.timedOut, "\(missing) (waited \(waitDuration)).") }
    }

    private func ask() async throws -> StatusReport { try await options.server().get("status") }

    /// Asks until nothing is missing or the time is over.
    /// - Returns: the last answer, and what was missing in it.
    private func waited(seconds: Int64) async throws -> (StatusReport?, missing: String?) {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        if Console.isTerminal(2) { options.say("Waiting until everything is in force; Ctrl-C ends.") }
        while true {
            var (report, missing): (StatusReport?, String?)
            do {
                let answer = try await ask()
                (report, missing) = (answer, StatusText.missing(answer, ignoresWarnings: ignoreWarnings))
            } catch let failure as CommandFailure where failure.status == .unreachable || failure.status == .timedOut {
                (report, missing) = (nil, failure.message)
            }
            guard missing != nil, ContinuousClock.now < end else { return (report, missing) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func show(_ report: StatusReport) throws {
        let isText = options.output == .table || options.output == .wide
        if isText, !options.noHeaders {
            let version = Escaping.terminal(report.version)
            Console.line("Palisade \(version) at \(Escaping.terminal(options.place.socketPath))")
            Console.line("")
        }
        try options.show(report, items: [report], table: StatusText.table(report))
        guard isText else { return }
        for line in StatusText.remarks(report) { Console.line(line) }
    }
}
