// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Makes command lines that people type fit the parser: global flags before the subcommand, negated filter terms, plural
/// nouns.
enum CommandLineRewriter {
    private static let flagsWithValue: Set<String> = [
        "-o", "--output", "-n", "--namespace", "--color", "--timeout", "--data",
    ]
    private static let flags: Set<String> = ["--no-headers", "-A", "--all-namespaces", "-q", "--quiet"]
    private static let plurals = ["policies": "policy", "flow": "flows", "stat": "stats", "statistics": "stats"]
    private static let commands = [
        "up", "down", "status", "flows", "stats", "explain", "policy", "env", "version", "completion", "help",
    ]

    static func rewritten(_ arguments: [String]) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if flags.contains(first) {
                leading.append(rest.removeFirst())
            } else if flagsWithValue.contains(first), rest.count >= 2 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if first.hasPrefix("--"), let name = first.split(separator: "=").first,
                flagsWithValue.contains(String(name)), first.contains("=")
            {
                leading.append(rest.removeFirst())
            } else {
                break
            }
        }
        guard let command = rest.popFirst() else { return leading }
        var result = [plurals[command] ?? command]
        if result == ["flows"] { rest = rest.map(asFilter)[...] }
        // A group's own subcommand has the options, not the group.
        if ["stats", "policy", "env"].contains(result[0]) {
            while let next = rest.first, !next.hasPrefix("-"), result.count < (result[0] == "env" ? 3 : 2) {
                result.append(rest.removeFirst())
            }
        }
        return result + leading + rest
    }

    /// `-to.ns:x` is a filter term, not an option: a single dash, a key of letters and dots, a colon.
    private static func asFilter(_ argument: String) -> String {
        guard argument.hasPrefix("-"), !argument.hasPrefix("--"), let colon = argument.firstIndex(of: ":") else {
            return argument
        }
        let key = argument[argument.index(after: argument.startIndex)..<colon]
        guard key.count >= 2, key.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "." || $0.isNumber) }) else {
            return argument
        }
        return "!" + argument.dropFirst()
    }

    /// A sentence when the command itself is misspelt.
    static func suggestion(_ arguments: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-"), !commands.contains(first),
            let close = nearest(to: first, among: commands)
        else { return nil }
        return "Did you mean \"palisade \(close)\"?"
    }
}
