// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import Foundation
import Synchronization

/// `palisade flows`.
struct FlowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "Show recorded or live flows and what decided them.",
        discussion: """
            Examples:
              palisade flows verdict:dropped --since 1h
              palisade flows -f to.ns:data
              palisade flows ns:shop -to.ns:kube-system port:443 -o jsonl

            Filters: palisade help filters
            """
    )

    @Argument(help: "Filter terms: key:value, -key:value, words.")
    var filter: [String] = []

    @Flag(name: [.customShort("f"), .long], help: "Show flows as they come.")
    var follow = false

    @Option(help: "From when: 1h, now-8h, 2026-11-22T14:00:00Z. Default 1h.")
    var since: String?

    @Option(help: "Until when. Default now.")
    var until: String?

    @Option(help: "At most this many, newest first.")
    var last: Int = 100

    @Option(help: "conn: one line per kind of connection; raw: one per record.")
    var group: String?

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require(GlobalOptions.listFormats)
        var text = filter.joined(separator: " ")
        // Reading it here says what is wrong before anything is asked.
        _ = try FlowFilter(parsing: text)
        if let namespace = options.namespace { text += " ns:\"\(namespace)\"" }
        if follow { return try await followFlows(text) }
        try await showFlows(text)
    }

    private func grouping() throws -> FlowRequest.Grouping {
        switch group {
        case nil: return follow ? .raw : .connection
        case "conn", "connection": return .connection
        case "raw": return .raw
        case .some(let word): throw CommandFailure(.usage, "--group \"\(word)\" is not conn or raw.")
        }
    }

    private func showFlows(_ text: String) async throws {
        guard (1...FlowRequest.largestLimit).contains(last) else {
            throw CommandFailure(.usage, "--last \(last) is not from 1 to \(FlowRequest.largestLimit).")
        }
        let grouping = try grouping()
        let range = try TimeArguments.range(since: since ?? "1h", until: until)
        let page: FlowPage = try await options.server().get(
            "flows",
            [
                ("filter", text), ("from", range.from.description), ("to", range.to.description),
                ("limit", String(last)), ("group", grouping.rawValue),
            ]
        )
        if grouping == .raw, options.output == .table || options.output == .wide {
            let isColored = options.isColored
            for item in page.items.reversed() { Console.line(FlowText.liveLine(item, isColored: isColored)) }
        } else {
            let table = FlowText.table(page.items, wide: options.output == .wide)
            try options.show(page, items: page.items, table: table)
        }
        options.say(Self.footer(page, text))
    }

    static func footer(_ page: FlowPage, _ filter: String) -> String {
        guard !page.items.isEmpty else {
            let asked = filter.isEmpty ? "" : " for \(Escaping.terminal(filter))"
            return
                "No flows\(asked) in this time (environment \(Escaping.terminal(page.environment))). \(page.lost) lost."
        }
        var text = "\(page.matched) of \(page.total) events matched"
        if page.grouping == .connection {
            text += page.items.count == 1 ? " as 1 connection" : " as \(page.items.count) connections"
        }
        text += ". \(page.lost) lost."
        if let kept = page.keptSince { text += " Kept since \(TimeExpression.full(kept))." }
        if !page.complete, page.lost == 0 { text += " Not complete." }
        if page.next != nil { text += " More with a larger --last." }
        return text + " Times in \(TimeExpression.zoneName)."
    }

    /// What was shown so far, for the line at the end.
    private struct Tally {
        var events: UInt64 = 0
        var lost: UInt64 = 0
    }

    private final class TallyBox: Sendable {
        let value = Mutex(Tally())
    }

    private func followFlows(_ text: String) async throws {
        guard try grouping() == .raw else {
            throw CommandFailure(.usage, "-f shows single records; leave --group out.")
        }
        guard since == nil, until == nil else {
            throw CommandFailure(.usage, "-f shows flows from now on; leave --since and --until out.")
        }
        guard [.table, .wide, .json, .jsonl].contains(options.output) else {
            throw CommandFailure(
                .usage,
                "-o \(options.output.rawValue) is not possible with -f. Use table, json or jsonl."
            )
        }
        let start = TimeExpression.now()
        let tally = TallyBox()
        let client = try options.server()
        let isTable = options.output == .table || options.output == .wide
        let quiet = options.quiet
        let isColored = options.isColored
        if Console.isTerminal(2) { options.say("Waiting for flows; Ctrl-C ends.") }
        let ended: Void? = try await Interruption.interruptible {
            try await client.live(text) { batch in
                tally.value.withLock {
                    $0.events += UInt64(batch.items.count)
                    $0.lost += batch.lost
                }
                for item in batch.items {
                    Console.line(isTable ? FlowText.liveLine(item, isColored: isColored) : try JSONText.line(item))
                }
                if batch.items.isEmpty, batch.lost > 0, !quiet { Console.message("\(batch.lost) events lost") }
            }
        }
        let seen = tally.value.withLock { $0 }
        let seconds = (TimeExpression.now() - start) / 1_000_000
        options.say("\(seen.events) \(seen.events == 1 ? "event" : "events") in \(seconds) s, \(seen.lost) lost")
        guard ended != nil else { throw CommandFailure(.interrupted) }
        options.say("The server ended the stream.")
    }
}

/// The range that `--since` and `--until` name.
enum TimeArguments {
    static func range(since: String, until: String?) throws -> (from: Timestamp, to: Timestamp) {
        let now = TimeExpression.now()
        let from = try TimeExpression.time(since, now: now)
        // A second more than now, so that what happens while we ask is in.
        let to = try until.map { try TimeExpression.time($0, now: now) } ?? now + 1_000_000
        guard from < to else { throw CommandFailure(.usage, "The time ends before it starts (--since, --until).") }
        return (Timestamp(microseconds: from), Timestamp(microseconds: to))
    }
}
