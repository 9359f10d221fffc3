// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel

/// `palisade stats`.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count traffic.",
        discussion: """
            Examples:
              palisade stats totals --since 8h --compare
              palisade stats drops -n shop

            How we count: each connection at one reporting point. Inbound comes from outside the scope into it, outbound is
            the reverse, internal has both ends inside. The scope is every namespace, or --namespace.
            total = inbound + outbound + internal = allowed + dropped + would drop.
            """,
        subcommands: [Totals.self, Rate.self, Namespaces.self, Drops.self]
    )

    struct Totals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Packets, connections and bytes of the whole range.")

        @OptionGroup var arguments: StatsArguments

        mutating func run() async throws {
            let question = try await arguments.question()
            let report: TotalsReport = try await question.ask("totals")
            if arguments.compare {
                let previous: TotalsReport? = try await question.askPrevious("totals")
                let comparison = StatsComparison(now: report, previous: previous)
                let table = ComparisonText.totals(
                    report.totals,
                    previous?.totals,
                    previousHeader: question.previousHeader
                )
                try arguments.options.show(comparison, items: [comparison], table: table)
            } else {
                try arguments.options.show(report, items: [report.totals], table: StatsText.totals(report.totals))
            }
            question.sayCoverage(report.coverage)
        }
    }

    struct Rate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Traffic over time.")

        @OptionGroup var arguments: StatsArguments

        mutating func run() async throws {
            let question = try await arguments.question()
            let report: RateReport = try await question.ask("rate")
            let oldest = question.oldestCount
            if arguments.compare {
                let previous: RateReport? = try await question.askPrevious("rate")
                let comparison = StatsComparison(now: report, previous: previous)
                let table = ComparisonText.rate(report, previous, countedSince: oldest)
                try arguments.options.show(comparison, items: [comparison], table: table)
            } else {
                let table = StatsText.rate(report, countedSince: oldest)
                try arguments.options.show(report, items: report.buckets, table: table)
            }
            arguments.options.say("buckets of \(report.bucketSeconds) s. Times in \(TimeExpression.zoneName).")
            question.sayCoverage(report.coverage)
        }
    }

    struct Namespaces: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Traffic of each namespace, busiest first.")

        @OptionGroup var arguments: StatsArguments

        mutating func run() async throws {
            let question = try await arguments.question()
            let report: NamespaceReport = try await question.ask("namespaces")
            if arguments.compare {
                let previous: NamespaceReport? = try await question.askPrevious("namespaces")
                let comparison = StatsComparison(now: report, previous: previous)
                let table = ComparisonText.namespaces(report, previous)
                try arguments.options.show(comparison, items: [comparison], table: table)
            } else {
                try arguments.options.show(report, items: report.items, table: StatsText.namespaces(report.items))
            }
            if report.items.isEmpty { question.sayNothing("No traffic", report.environment) }
            if report.omitted > 0 { arguments.options.say("\(report.omitted) more namespaces (--last).") }
            question.sayCoverage(report.coverage)
        }
    }

    struct Drops: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is dropped or would be, most frequent first.")

        @OptionGroup var arguments: StatsArguments

        mutating func run() async throws {
            let question = try await arguments.question()
            let report: DropsReport = try await question.ask("drops")
            let isWide = arguments.options.output == .wide
            if arguments.compare {
                let previous: DropsReport? = try await question.askPrevious("drops")
                let comparison = StatsComparison(now: report, previous: previous)
                let table = ComparisonText.drops(report, previous, isWide: isWide)
                try arguments.options.show(comparison, items: [comparison], table: table)
            } else {
                try arguments.options.show(
                    report,
                    items: report.items,
                    table: FlowText.table(report.items, wide: isWide)
                )
            }
            if report.items.isEmpty { question.sayNothing("Nothing was dropped", report.environment) }
            if report.omitted > 0 { arguments.options.say("\(report.omitted) more kinds of connections (--last).") }
            question.sayCoverage(report.coverage)
        }
    }
}
