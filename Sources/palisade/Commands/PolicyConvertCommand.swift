// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import PolicyAnalysis
import PolicyFormats
import PolicyModel

/// `palisade policy convert`.
struct PolicyConvertCommand: AsyncParsableCommand {
    /// What policies are converted to.
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case cilium, kubernetes
    }

    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a NetworkPolicy as a CiliumNetworkPolicy, or back, when the meaning stays.",
        discussion: """
            Examples:
              palisade policy convert --to cilium -f web.yaml
              palisade policy convert --to kubernetes -f policies/ > converted.yaml

            A policy whose meaning would not stay is not converted; what would be lost is said, and the exit code is 3.
            """
    )

    @Option(help: "cilium or kubernetes.")
    var to: Target

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @Option(name: [.customShort("f"), .long], help: "File, directory or -.")
    var filename: [String] = []

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .yaml])
        try options.requireOffline()
        let sources = try ManifestFiles.documents(try PolicyFiles.paths(paths + filename))
        let decoderOptions = reading.decoderOptions(otherKinds: .passedOver)
        let decoder = PolicyDecoder(decoderOptions)
        let target: PolicyConversion.Target = to == .cilium ? .cilium : .kubernetes
        var texts: [String] = []
        var isWhole = true
        for source in sources {
            let decoded = decoder.decode(source)
            decoded.findings.filter { $0.severity == .error }.flatMap(FindingText.lines).forEach(Console.message)
            isWhole = isWhole && !decoded.hasErrors
            for policy in decoded.policies {
                guard policy.id.kind != target.kind else {
                    options.say(Escaping.terminal("\(policy.id) is a \(target.kind.rawValue) already."))
                    continue
                }
                let conversion = PolicyConversion(policy, from: source, to: target, options: decoderOptions)
                conversion.findings.flatMap(FindingText.lines).forEach(Console.message)
                if let text = conversion.text { texts.append(text) } else { isWhole = false }
            }
        }
        Console.text(texts.joined(separator: "---\n"))
        if texts.isEmpty, isWhole { options.say("No policies in \(PolicyFiles.counted(sources.count, "file")).") }
        if !isWhole { throw CommandFailure(.findings) }
    }
}
