// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Makes command lines that people type fit the parser: global flags before the subcommand, negated filter terms, plural
/// nouns.
enum CommandLineRewriter {
    private static let flagsWithValue: Set<String> = [
        "-o", "--output", "-n", "--namespace", "-e", "--env", "--color", "--timeout", "--data", "--sort", "--columns",
        "--server", "--token-file",
    ]
    private static let flags: Set<String> = ["--no-headers", "-A", "--all-namespaces", "-q", "--quiet"]
    private static let plurals = [
        "policies": "policy", "flow": "flows", "stat": "stats", "statistics": "stats", "envs": "env",
        "environment": "env", "environments": "env", "users": "user", "roles": "role", "groups": "group",
        "tokens": "token", "contexts": "context",
    ]
    static let commands = [
        "up", "server", "down", "status", "flows", "stats", "explain", "map", "plan", "impact", "policy", "env",
        "login",
        "logout", "whoami", "context", "user", "role", "group", "token", "audit", "demo-data", "version", "completion",
        "help",
    ]
    /// Commands whose options belong to their subcommands.
    private static let grouped: Set<String> = [
        "stats", "policy", "env", "user", "role", "group", "token", "audit", "context",
    ]
    /// What can follow each word; the empty word is the start.
    private static let words: [String: [String]] = [
        "": commands, "stats": ["totals", "rate", "namespaces", "drops"],
        "policy": ["list", "get", "lint", "fmt", "summary", "test", "suggest", "convert"],
        "env": ["list", "mode"], "mode": ["get", "set"], "context": ["list", "use", "remove"],
        "user": ["list", "create", "edit", "delete"], "role": ["list"],
        "group": ["list", "create", "edit", "delete"], "token": ["list", "create", "delete"],
        "audit": ["list", "export", "verify"],
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
        if command == "help", leading.isEmpty, rest.count == 1, let topic = rest.first, !topic.hasPrefix("-"),
            HelpTopicCommand.topics[topic] != nil || !commands.contains(plurals[topic] ?? topic)
        {
            return ["help-topic", topic]
        }
        var result = [plurals[command] ?? command]
        if ["flows", "stats"].contains(result[0]) { rest = rest.map(asFilter)[...] }
        // A group's own subcommand has the options, not the group.
        if grouped.contains(result[0]) {
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

    /// A sentence when a command or a command of a group is misspelt.
    static func suggestion(_ arguments: [String]) -> String? {
        var path: [String] = []
        var known = words[""]
        for argument in arguments {
            guard let names = known, !argument.hasPrefix("-") else { return nil }
            guard names.contains(argument) else {
                guard let close = nearest(to: argument, among: names) else { return nil }
                return "Did you mean \"palisade \((path + [close]).joined(separator: " "))\"?"
            }
            path.append(argument)
            known = words[argument]
        }
        return nil
    }
}
