// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// `palisade policy lint`.
struct PolicyLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check policy files, and mend what can be mended safely; needs no running process.",
        discussion: """
            Examples:
              palisade policy lint -f web.yaml
              palisade policy lint policies/ --files manifests/
              palisade policy lint policies/ --files manifests/ --fix
              palisade policy lint policies/ -o sarif > lint.sarif
              kubectl get netpol -A -o yaml | palisade policy lint -

            With workloads, from --files or among the files themselves, policies are also checked against them; with --flows
            rules that never matched are found. -o sarif, junit and github are for continuous integration.
            """
    )

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @Option(name: [.customShort("f"), .long], help: "File, directory or -.")
    var filename: [String] = []

    @Option(help: "Manifests of namespaces and workloads to check the policies against; repeatable.")
    var files: [String] = []

    @Option(help: "Recorded flows as Hubble writes them (JSON lines): says which rules never matched.")
    var flows: String?

    @Flag(help: "Mend what has a safe fix, in the files themselves; comments and order stay.")
    var fix = false

    @Flag(help: "Exit 0 although there are findings.")
    var exitZero = false

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: GlobalOptions

    private struct Report: Encodable {
        var apiVersion = "palisade/v1"
        var kind = "FindingList"
        var items: [Finding]
        var omitted: Int
    }

    mutating func run() async throws {
        try options.require([.table, .wide, .json, .jsonl, .yaml, .sarif, .junit, .github])
        try options.requireOffline()
        var sources = try ManifestFiles.documents(try PolicyFiles.paths(paths + filename))
        var check = try check(sources)
        if fix { (sources, check) = try mended(sources, check) }
        let findings = check.findings(sources)
        let omitted = check.documents.reduce(0) { $0 + $1.omittedFindings }
        try show(findings, omitted: omitted, names: sources.map(\.name))
        options.say(PolicyFiles.verdictLine(findings, omitted: omitted, fileCount: sources.count))
        let passedOver = check.documents.reduce(0) { $0 + $1.passedOver }
        if passedOver > 0 { options.say("\(PolicyFiles.counted(passedOver, "object")) of other kinds passed over.") }
        let isBad = findings.contains { $0.severity != .info } || omitted > 0
        if isBad, !exitZero { throw CommandFailure(.findings) }
    }

    private func show(_ findings: [Finding], omitted: Int, names: [String]) throws {
        let report = FindingReport(findings, documents: names, version: ProgramVersion.current)
        switch options.output {
        case .json: Console.line(try JSONText.pretty(Report(items: findings, omitted: omitted)))
        case .yaml: Console.line(try YAMLText.document(Report(items: findings, omitted: omitted)))
        case .jsonl: for finding in findings { Console.line(try JSONText.line(finding)) }
        case .sarif: Console.text(report.text(.sarif))
        case .junit: Console.text(report.text(.junit))
        case .github: Console.text(report.text(.github))
        default: findings.flatMap(FindingText.lines).forEach(Console.line)
        }
    }

    private func check(_ sources: [SourceDocument]) throws -> LintCheck {
        var world = files.isEmpty ? nil : try LoadedWorld.read(files, reading).snapshot
        if world == nil {
            let own = WorldReader(reading.worldOptions).read(sources).snapshot
            if !own.endpoints.isEmpty { world = own }
        }
        var check = LintCheck(
            decoder: PolicyFiles.decoder(for: paths + filename, reading),
            lint: PolicyLint(engine: reading.enforcementEngine, world: world),
            comparesReadings: reading.engine == .cluster
        )
        check.read(sources)
        if let flows { check.lint.hits = try hits(flows, check, world) }
        return check
    }

    private func hits(_ path: String, _ check: LintCheck, _ world: ClusterSnapshot?) throws -> RuleHits {
        guard var world else {
            throw CommandFailure(.usage, "--flows needs workloads to find the ends of flows in: add --files DIR.")
        }
        let policies = check.documents.flatMap(\.policies)
        let names = Set(policies.map(\.id))
        world.policies = world.policies.filter { !names.contains($0.id) } + policies
        return RuleHits(
            try FlowFiles.traffic(path, options),
            in: ResolvedSnapshot(world),
            window: "the recorded flows"
        )
    }

    /// Mends every file, writes those that changed, and says what was done.
    private func mended(
        _ sources: [SourceDocument],
        _ check: LintCheck
    ) throws -> (sources: [SourceDocument], check: LintCheck) {
        var (sources, check) = (sources, check)
        for index in sources.indices {
            let all = sources
            let fixed = FixedText.fixing(sources[index]) { document in
                var candidate = all
                candidate[index] = document
                var again = check
                again.read(candidate)
                return again.findings(candidate)
            }
            guard fixed.bytes != sources[index].bytes else { continue }
            sources[index].bytes = fixed.bytes
            check.read(sources)
            if sources[index].name == "-" {
                Console.bytes(fixed.bytes)
            } else {
                try ManifestFiles.replace(sources[index])
            }
            for finding in fixed.applied {
                let title = finding.fix.map { ": \($0.title)" } ?? ""
                options.say(Escaping.terminal("\(finding.location): fixed [\(finding.code)]\(title)"))
            }
        }
        return (sources, check)
    }
}

/// Files of policies as lint looks at them.
private struct LintCheck {
    var decoder: PolicyDecoder
    var lint: PolicyLint
    /// Whether it is worth saying where Kubernetes and Cilium read a policy differently.
    var comparesReadings: Bool
    var documents: [DecodedDocument] = []

    init(decoder: PolicyDecoder, lint: PolicyLint, comparesReadings: Bool) {
        (self.decoder, self.lint, self.comparesReadings) = (decoder, lint, comparesReadings)
    }

    /// Whether an address is a pod's own, not made up for one whose manifest has none.
    private static func isReal(_ address: IPAddress) -> Bool { !WorldReader.syntheticBlock.contains(address) }

    mutating func read(_ sources: [SourceDocument]) { documents = sources.map(decoder.decode) }

    func findings(_ sources: [SourceDocument]) -> [Finding] {
        var findings = lint.findings(documents, in: sources)
        if comparesReadings {
            let comparison = SemanticsComparison(
                decoder.options,
                podAddresses: Set(lint.world?.endpoints.flatMap(\.addresses).filter(Self.isReal) ?? []),
                nodeAddresses: Set(lint.world?.nodes.flatMap(\.addresses) ?? [])
            )
            findings += comparison.findings(in: sources)
        }
        return findings.sorted { ($0.location, $0.code, $0.message) < ($1.location, $1.code, $1.message) }
    }
}
