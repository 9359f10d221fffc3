// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import Foundation

/// The flags that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "How to show the answer; see: palisade help output.")
    var output: OutputFormat = .table

    @Flag(help: "Leave the header line of tables out.")
    var noHeaders = false

    @Option(help: ArgumentHelp("Order rows by a column; COLUMN:desc for largest first.", valueName: "column"))
    var sort: String?

    @Option(help: ArgumentHelp("Show only these columns, in this order: a,b.", valueName: "list"))
    var columns: String?

    @Option(help: "Colour verdicts; auto is on a terminal only.")
    var color: ColorChoice = .auto

    @Option(name: [.short, .long], help: ArgumentHelp("The environment that must answer.", valueName: "name"))
    var env: String?

    @Option(name: [.short, .long], help: "Only this namespace.")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false

    @Flag(name: [.short, .long], help: "No messages on standard error but errors.")
    var quiet = false

    @Option(
        name: .customLong("server"),
        help: ArgumentHelp("The server to ask, https://host; default: where you signed in.", valueName: "url")
    )
    var serverURL: String?

    @Option(help: ArgumentHelp("File that holds the token to show.", valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(help: "How long to wait for an answer: 30s, 2m.")
    var timeout: String = "30s"

    @OptionGroup var place: DataDirectory

    func validate() throws {
        if namespace != nil, allNamespaces {
            throw ValidationError("--namespace and --all-namespaces exclude each other.")
        }
        if TimeExpression.seconds(timeout) == nil {
            throw ValidationError("\"\(timeout)\" is not a duration. Write it like 30s or 2m.")
        }
    }

    /// The formats of a command that shows a list.
    static let listFormats: [OutputFormat] = [.table, .wide, .json, .jsonl, .yaml, .csv, .md]

    /// Refuses a format that a command has no answer in.
    func require(_ formats: [OutputFormat]) throws {
        guard formats.contains(output) else {
            let names = formats.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(.usage, "-o \(output.rawValue) is not possible here. Use one of: \(names).")
        }
        if sort != nil || columns != nil, ![.table, .wide, .csv, .md].contains(output) {
            throw CommandFailure(
                .usage,
                "--sort and --columns shape tables; -o \(output.rawValue) always has everything. Use table, wide, csv or md."
            )
        }
    }

    /// Refuses `--env` where no environment is asked.
    func requireOffline() throws {
        guard env != nil else { return }
        throw CommandFailure(.usage, "This works on files and asks no environment. Leave --env out.")
    }

    /// The server that is asked, for the environment of `--env` or `PALISADE_ENV`.
    ///
    /// Which environments there are is the server's to say: it answers `notFound` with their names.
    func server() throws -> APIClient {
        let named = ProcessInfo.processInfo.environment["PALISADE_ENV"].flatMap { $0.isEmpty ? nil : $0 }
        return try APIClient(
            ServerAddress.find(server: serverURL, tokenFile: tokenFile, data: place),
            environment: env ?? named ?? "-",
            timeoutSeconds: TimeExpression.seconds(timeout) ?? 30
        )
    }

    func say(_ message: String) {
        if !quiet { Console.message(message) }
    }

    /// Whether verdicts are coloured: `--color`, else a terminal that nobody asked to stay plain (no-color.org).
    var isColored: Bool {
        guard output == .table || output == .wide else { return false }
        let environment = ProcessInfo.processInfo.environment
        switch color {
        case .always: return true
        case .never: return false
        case .auto:
            return Console.isTerminal(1) && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml, jsonl, csv, md, name
    /// Lines, and drawings of a map.
    case txt, dot, mermaid, svg
    /// For continuous integration.
    case sarif, junit, github
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}
