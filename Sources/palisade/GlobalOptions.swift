// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import Foundation

/// The flags that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "table, wide, json, yaml, jsonl, csv, md or name.")
    var output: OutputFormat = .table

    @Flag(help: "Leave the header line of tables out.")
    var noHeaders = false

    @Option(help: "auto, always or never.")
    var color: ColorChoice = .auto

    @Option(name: [.short, .long], help: "Only this namespace.")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false

    @Flag(name: [.short, .long], help: "No messages on standard error but errors.")
    var quiet = false

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

    /// Refuses a format that a command has no answer in.
    func require(_ formats: [OutputFormat]) throws {
        guard formats.contains(output) else {
            let names = formats.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(.usage, "-o \(output.rawValue) is not possible here. Use one of: \(names).")
        }
    }

    var client: APIClient {
        get throws {
            try APIClient(socket: place.socketPath, timeoutSeconds: TimeExpression.seconds(timeout) ?? 30)
        }
    }

    func say(_ message: String) {
        if !quiet { Console.message(message) }
    }
}

/// Where state and socket are.
struct DataDirectory: ParsableArguments {
    @Option(
        help:
            "The data directory; default $PALISADE_DATA, /var/lib/palisade for root, $XDG_STATE_HOME/palisade for others."
    )
    var data: String?

    var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let data { return data }
        if let data = environment["PALISADE_DATA"], !data.isEmpty { return data }
        if geteuid() == 0 { return "/var/lib/palisade" }
        if let state = environment["XDG_STATE_HOME"], !state.isEmpty { return state + "/palisade" }
        return (environment["HOME"] ?? "/") + "/.local/state/palisade"
    }

    var socketPath: String { path + "/palisade.sock" }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml, jsonl, csv, md, name
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}
