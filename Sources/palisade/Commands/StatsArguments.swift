// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel

/// What all `stats` commands take.
struct StatsArguments: ParsableArguments {
    @Argument(help: "Filter terms; see: palisade help filters.")
    var filter: [String] = []

    @Option(help: "From when.")
    var since: String = "8h"

    @Option(help: "Until when. Default now.")
    var until: String?

    @Option(help: "At most this many lines.")
    var last: Int = 100

    @Flag(help: "Compare with the range of the same length before.")
    var compare = false

    @OptionGroup var options: GlobalOptions

    /// The question, checked, before anything is asked.
    func question() async throws -> StatsQuestion {
        try options.require(GlobalOptions.listFormats)
        guard (1...FlowRequest.largestLimit).contains(last) else {
            throw CommandFailure(.usage, "--last \(last) is not from 1 to \(FlowRequest.largestLimit).")
        }
        let text = filter.joined(separator: " ")
        _ = try FlowFilter(parsing: text)
        let range = try TimeArguments.range(since: since, until: until)
        let client = try options.server()
        let status: StatusReport = try await client.get("status")
        return StatsQuestion(
            client: client,
            options: options,
            filter: text,
            since: since,
            last: last,
            range: range,
            oldestCount: [status.flows.store.oldestCount, status.flows.store.oldestRecord].compactMap { $0 }.min()
        )
    }
}

/// One question about traffic: a filter, a scope and a time.
struct StatsQuestion {
    let client: APIClient
    let options: GlobalOptions
    let filter: String
    let since: String
    let last: Int
    let range: (from: Timestamp, to: Timestamp)
    /// When the oldest count or record that is kept begins, in microseconds since 1970; what was before is unknown, not 0.
    let oldestCount: Int64?

    func ask<Report: Decodable>(_ what: String) async throws -> Report { try await ask(what, range, limit: last) }

    /// The same question about the time before; `nil` when nothing is known of it.
    func askPrevious<Report: Decodable>(_ what: String) async throws -> Report? {
        let length = range.to.microseconds - range.from.microseconds
        guard let oldestCount, oldestCount < range.from.microseconds else {
            options.say("Nothing is known of the time before.")
            return nil
        }
        let start = Timestamp(microseconds: range.from.microseconds - length)
        if oldestCount > start.microseconds {
            let kept = TimeExpression.full(Timestamp(microseconds: oldestCount))
            options.say("The time before is known since \(kept) only.")
        }
        return try await ask(what, (start, range.from), limit: FlowRequest.largestLimit)
    }

    private func ask<Report: Decodable>(
        _ what: String,
        _ range: (from: Timestamp, to: Timestamp),
        limit: Int
    ) async throws -> Report {
        var query = [
            ("filter", filter), ("from", range.from.description), ("to", range.to.description),
            ("limit", String(limit)),
        ]
        if let namespace = options.namespace { query.append(("namespace", namespace)) }
        return try await client.get("statistics/\(what)", query)
    }

    /// `PREVIOUS-8H`.
    var previousHeader: String {
        TimeExpression.seconds(since) == nil ? "PREVIOUS" : "PREVIOUS-\(since.uppercased())"
    }

    func sayCoverage(_ coverage: Coverage) {
        let kept = coverage.keptSince.map { ", kept since \(TimeExpression.full($0))" } ?? ""
        options.say("coverage: \(coverage.complete ? "complete" : "not complete") (\(coverage.lost) lost\(kept))")
    }

    func sayNothing(_ nothing: String, _ environment: String) {
        let place = options.namespace.map { " in namespace \($0)" } ?? ""
        let asked = filter.isEmpty ? "" : " for \(filter)"
        options.say(Escaping.terminal("\(nothing)\(asked)\(place) in this time (environment \(environment))."))
    }
}

/// Two reports of the same question, of a time and the time before it.
struct StatsComparison<Report: Hashable & Sendable & Codable>: Encodable {
    var apiVersion = ControlPlane.apiVersion
    var kind = "StatisticsComparison"
    var now: Report
    /// `null` when nothing is known of that time.
    @OrNull var previous: Report?
}
