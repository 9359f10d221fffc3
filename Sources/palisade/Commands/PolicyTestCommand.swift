// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import PolicyAnalysis
import PolicyModel

/// `palisade policy test`.
struct PolicyTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check expectations about connections against policies.",
        discussion: """
            Examples:
              palisade policy test --init --files ./manifests > expectations.yaml
              palisade policy test expectations.yaml --files ./manifests
              palisade policy test expectations.yaml --files ./manifests -o junit > result.xml

            An expectation names from, to, port, and what is expected: allowed, dropped or uncertain. Exit code 3 when one
            does not hold (--exit-zero turns that off).
            """
    )

    @Argument(help: "Files of expectations, or - for standard input.")
    var paths: [String] = []

    @Option(name: [.customShort("f"), .long], help: "File of expectations, or -.")
    var filename: [String] = []

    @Flag(name: .customLong("init"), help: "Write expectations for what is allowed and dropped now.")
    var writesTemplate = false

    @Flag(help: "Exit 0 although an expectation does not hold.")
    var exitZero = false

    @OptionGroup var world: WorldOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .junit])
        let loaded = try await world.load(options)
        if writesTemplate {
            guard (paths + filename).isEmpty else {
                throw CommandFailure(.usage, "--init writes a new file to standard output; name none.")
            }
            return Console.text(ExpectationTemplate.text(loaded.resolved))
        }
        guard !(paths + filename).isEmpty else {
            throw CommandFailure(.usage, "Name a file of expectations, or let --init write one.")
        }
        let run = PolicyTestRun(try expectations(), in: loaded.resolved)
        Console.text(options.output == .junit ? run.junit : run.text)
        if !run.isPassed, !exitZero { throw CommandFailure(.findings) }
    }

    private func expectations() throws -> [PolicyExpectation] {
        var all: [PolicyExpectation] = []
        var hasErrors = false
        for document in try ManifestFiles.documents(paths + filename) {
            let (expectations, findings) = ExpectationReader().read(document)
            findings.flatMap(FindingText.lines).forEach(Console.message)
            hasErrors = hasErrors || findings.contains { $0.severity == .error }
            all += expectations
        }
        guard !hasErrors else { throw CommandFailure(.findings, "The expectations have errors, so none was checked.") }
        return all
    }
}
