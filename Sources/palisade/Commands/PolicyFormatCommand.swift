// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import PolicyFormats
import PolicyModel

/// `palisade policy fmt`.
struct PolicyFormatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Tidy the layout of policy files by the smallest edits; needs no running process.",
        discussion: """
            Examples:
              palisade policy fmt web.yaml
              palisade policy fmt policies/ --write
              palisade policy fmt policies/ --check
              palisade policy fmt policies/ --diff
              palisade policy fmt - < web.yaml

            Tidied are blanks at ends of lines, line ends, blanks behind ":" and "-", and indentation (two columns). The meaning
            stays, and so do the order of keys, quotes, comments and text over several lines. A file that cannot be read is left
            as it is; the exit code is 3 then, and with --check or --diff when a file is not tidy.
            """
    )

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @Option(name: [.customShort("f"), .long], help: "File, directory or -.")
    var filename: [String] = []

    @Flag(name: [.short, .long], help: "Write the files that change.")
    var write = false

    @Flag(help: "Name the files that would change, and write nothing.")
    var check = false

    @Flag(help: "Show what would change, as a patch, and write nothing.")
    var diff = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard [write, check, diff].filter({ $0 }).count <= 1 else {
            throw ValidationError("Use one of --write, --check and --diff.")
        }
    }

    mutating func run() async throws {
        try options.require([.table, .wide])
        try options.requireOffline()
        let sources = try ManifestFiles.documents(try PolicyFiles.paths(paths + filename))
        guard write || check || diff || sources.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(PolicyFiles.counted(sources.count, "file")): add --write to tidy them, --check or --diff to see which."
            )
        }
        var untidy = 0
        var unreadable = 0
        for source in sources {
            let tidied = TidiedText(source)
            if let finding = tidied.finding {
                unreadable += 1
                FindingText.lines(finding).forEach(Console.message)
            } else {
                if !tidied.edits.isEmpty { untidy += 1 }
                try show(tidied, of: source)
            }
        }
        if write || check || diff {
            let verb = write ? "tidied" : "not tidy"
            options.say("\(PolicyFiles.counted(untidy, "file")) of \(sources.count) \(verb).")
        }
        if unreadable > 0 || (untidy > 0 && (check || diff)) { throw CommandFailure(.findings) }
    }

    private func show(_ tidied: TidiedText, of source: SourceDocument) throws {
        guard write || check || diff else {
            Console.bytes(tidied.bytes)
            return
        }
        if write, source.name == "-" { Console.bytes(tidied.bytes) }
        guard !tidied.edits.isEmpty else { return }
        if check { Console.line(Escaping.terminal(source.name)) }
        if diff {
            // A patch has to have the very bytes, so they are made harmless on a terminal only.
            let difference = LineDifference(from: source.bytes, to: tidied.bytes)
            let text = difference.unified(name: Escaping.terminal(source.name))
            Console.text(Console.isTerminal(1) ? Escaping.terminal(text, keepsLines: true) : text)
        }
        if write, source.name != "-" {
            try ManifestFiles.replace(SourceDocument(name: source.name, bytes: tidied.bytes))
            options.say(Escaping.terminal("\(source.name): tidied"))
        }
    }
}
