// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import FlowModel

/// What the Flows page was asked for, from its address alone: the address is the only state of filters.
struct FlowsQuestion {
    /// `q` as typed, with the verdict of the segmented control.
    let text: String
    /// `nil` when the text has a mistake.
    let filter: FlowFilter?
    var request: FlowRequest
    let columns: [FlowColumn]
    let sortColumn: FlowColumn?

    init(_ page: PageRequest, _ range: TimeRange, _ quick: [QuickFilter]) {
        let text = page.query("q") ?? ""
        self.text = text
        // What is wrong is shown at each chip; here it only matters that something is.
        filter = try? FlowFilter(parsing: text)
        let hidden = Set(page.queries("hide"))
        let chosen = page.queries("columns").flatMap { $0.split(separator: ",").map(String.init) }
        let columns = chosen.compactMap(FlowColumn.init)
        self.columns = columns.isEmpty ? FlowColumn.standard : columns
        // A minus before the column turns its usual order around.
        let typed = page.query("sort") ?? ""
        let isReversed = typed.hasPrefix("-")
        let sort = FlowColumn(rawValue: isReversed ? String(typed.dropFirst()) : typed)
        sortColumn = sort
        let order = sort.flatMap(Self.sort) ?? .lastSeen
        request = FlowRequest(
            filter: filter ?? .everything,
            range: range,
            limit: FlowsPages.pageSize,
            grouping: page.query("group") == "raw" ? .raw : .connection,
            cursor: page.query("cursor"),
            view: page.view,
            sort: order,
            isDescending: sort == nil ? nil : isReversed,
            quickFilters: quick.map { filter in
                var filter = filter
                filter.isOn = hidden.contains(filter.id)
                return filter
            },
            extras: [.verdicts]
        )
    }

    private static func sort(_ column: FlowColumn) -> FlowRequest.Sort? {
        switch column {
        case .last: .lastSeen
        case .count: .count
        case .source: .source
        case .destination: .destination
        case .port: .port
        case .verdict: .verdict
        default: nil
        }
    }

    /// The command line with the same answer.
    func command(_ environment: String, _ range: TimeRangeChoice) -> String {
        var words = ["palisade flows -e \(environment)"]
        if !text.isEmpty { words.append(text) }
        if request.grouping == .raw { words.append("--group raw") }
        if range.isLive {
            words.append("-f")
        } else if range.isRelative {
            words.append("--since \(range.from)")
        } else {
            words.append(
                "--since \(Timestamp(microseconds: range.range.from)) --until \(Timestamp(microseconds: range.range.to))"
            )
        }
        return words.joined(separator: " ")
    }
}
