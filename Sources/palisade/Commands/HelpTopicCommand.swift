// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import FlowModel

/// Help on things that are no commands; `palisade help TOPIC` is rewritten to it.
struct HelpTopicCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help-topic",
        abstract: "Explain filters, time, output, exit-codes or environment.",
        shouldDisplay: false
    )

    @Argument(help: "filters, time, output, exit-codes or environment.")
    var topic: String

    mutating func run() async throws {
        guard let text = Self.topics[topic] else {
            let close =
                nearest(to: topic, among: Array(Self.topics.keys) + CommandLineRewriter.commands).map {
                    " Did you mean \"\($0)\"?"
                } ?? ""
            let known = Self.topics.keys.sorted().joined(separator: ", ")
            throw CommandFailure(
                .usage,
                Escaping.terminal("\"\(topic)\" is neither a command nor a topic.\(close) Topics: \(known).")
            )
        }
        Console.line(text)
    }

    static let topics = [
        "filters": """
        key:value terms; from.key: and to.key: for one side; a leading - negates; * is any text; "quotes" for blanks.
        The same key repeated means "or", different keys mean "and". A bare word is searched in names and addresses.

        ns, pod, workload, label, ip (10.0.0.0/8), entity (endpoint, host, world, unknown), port (80, 8000-8100),
        proto, verdict (allowed, dropped, would-drop), direction (in, out), reason, policy, rule, tcpflag, icmp,
        agrees (yes, no), report (started, ended)

        palisade flows ns:shop verdict:dropped -to.ns:kube-system port:443
        """,
        "time": """
        --since and --until take 90s, 15m, 8h, 3d, 2w (before now), now, now-8h, 2026-11-22T14:00:00Z, or local time
        "2026-11-22 14:00". Tables show local time, JSON shows UTC.
        """,
        "output": """
        -o table (default), wide (more columns), json (one document), jsonl (one item per line), yaml, csv, md; name
        where things have names. Data goes to standard output, messages to standard error; -q leaves messages out.
        JSON and YAML have apiVersion, kind and items; times are RFC 3339 in UTC; unknown is null. Tables show - for it.

        --columns a,b     only these columns, in this order
        --sort COLUMN     order rows by a column; COLUMN:desc for largest first
        --no-headers      rows only
        --color WHEN      auto (default: on a terminal, unless NO_COLOR is set or TERM is dumb), always, never
        """,
        "exit-codes": """
        0    success, also when there are no rows
        1    failed
        2    wrong usage: unknown flag, bad value
        3    findings: lint found problems, fmt --check found untidy files, explain --expect did not hold,
             broken policies keep up from starting; --exit-zero turns it off where there is that flag
        4    not permitted
        5    not found
        6    conflict
        7    timed out (--timeout, status --wait)
        8    the process cannot be reached
        130  interrupted
        """,
        "environment": """
        PALISADE_DATA    the data directory, as --data
        PALISADE_ENV     the environment that must answer, as --env
        XDG_STATE_HOME   where the data directory of an ordinary user is
        NO_COLOR         no colour, unless --color always
        TZ               the time zone of tables
        """,
    ]
}
