// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel

/// `palisade policy summary`.
struct PolicySummaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Say in English what policy files do; needs no running process.",
        discussion: "Example:\n  palisade policy summary -f web.yaml"
    )

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @Option(name: [.customShort("f"), .long], help: "File, directory or -.")
    var filename: [String] = []

    @Option(help: "Manifests of namespaces and workloads to count in.")
    var files: [String] = []

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: GlobalOptions

    private struct Item: Encodable {
        var policy: String
        var kind: PolicyKind
        var lines: [String]
    }

    private struct Report: Encodable {
        var apiVersion = "palisade/v1"
        var kind = "PolicySummaryList"
        var items: [Item]
    }

    mutating func run() async throws {
        try options.require([.table, .wide, .json, .jsonl, .yaml])
        try options.requireOffline()
        let sources = try ManifestFiles.documents(try PolicyFiles.paths(paths + filename))
        let decoder = PolicyFiles.decoder(for: paths + filename, reading)
        let documents = sources.map(decoder.decode)
        let world = files.isEmpty ? nil : try LoadedWorld.read(files, reading).snapshot
        let policies = documents.flatMap(\.policies)
        let items = policies.map { policy in
            let summary = PolicySummary(policy, mode: policy.mode ?? .blocking, world: world)
            return Item(policy: "\(policy.id)", kind: policy.id.kind, lines: summary.lines)
        }
        switch options.output {
        case .json: Console.line(try JSONText.pretty(Report(items: items)))
        case .yaml: Console.line(try YAMLText.document(Report(items: items)))
        case .jsonl: for item in items { Console.line(try JSONText.line(item)) }
        default:
            for (index, item) in items.enumerated() {
                if index > 0 { Console.line("") }
                Console.line(Escaping.terminal("\(item.kind.rawValue) \(item.policy)"))
                for line in item.lines { Console.line(Escaping.terminal("  " + line)) }
            }
        }
        let errors = documents.flatMap(\.findings).filter { $0.severity == .error }
        errors.flatMap(FindingText.lines).forEach(Console.message)
        if documents.contains(where: \.hasErrors) { throw CommandFailure(.findings) }
        if items.isEmpty { options.say("No policies in \(PolicyFiles.counted(sources.count, "file")).") }
    }
}

/// What the commands on policy files share.
enum PolicyFiles {
    static func paths(_ paths: [String]) throws -> [String] {
        guard !paths.isEmpty else {
            throw CommandFailure(
                .usage,
                "Name files or directories, or - for standard input: palisade policy lint -f web.yaml"
            )
        }
        return paths
    }

    /// A file that is named holds policies, and anything else in it is an error (a misspelt kind would be); a directory
    /// may hold any manifests.
    static func decoder(for paths: [String], _ reading: ReadingOptions) -> PolicyDecoder {
        let hasDirectory = paths.contains(where: ManifestFiles.isDirectory)
        return PolicyDecoder(reading.decoderOptions(otherKinds: hasDirectory ? .passedOver : .refused))
    }

    /// `1 error, 1 warning in 1 file`.
    static func verdictLine(_ findings: [Finding], omitted: Int, fileCount: Int) -> String {
        let errors = findings.filter { $0.severity == .error }.count
        let warnings = findings.filter { $0.severity == .warning }.count
        let infos = findings.count - errors - warnings
        var text = "\(counted(errors, "error")), \(counted(warnings, "warning"))"
        if infos > 0 { text += ", \(counted(infos, "remark"))" }
        if omitted > 0 { text += ", \(omitted) more not shown" }
        return text + " in \(counted(fileCount, "file"))"
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
