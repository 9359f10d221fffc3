// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// The grouped list of one request, worked out from all kinds of connections that its filter matches but for verdicts.
struct FlowListing {
    /// Rows that are shown, on all pages together, in order.
    private(set) var rows: [FlowGroup] = []
    private(set) var verdicts = VerdictCounts()
    private(set) var hidden: [HiddenCount]
    /// Events of the rows.
    private(set) var matched: UInt64 = 0

    /// - Parameter groups: as the reader sees them, verdict terms of the filter not applied yet.
    /// - Complexity: O(groups · (filters + log groups)).
    init(_ groups: [FlowKey: FlowCount], _ request: FlowRequest) {
        let verdictFilter = request.filter.verdictTerms
        // What only records can tell was left out by the store, and is counted by it.
        let quick = request.quickFilters.map { filter in filter.filters.filter { !$0.needsRecords } }
        hidden = request.quickFilters.map { HiddenCount(id: $0.id, title: $0.title, isOn: $0.isOn) }
        for (key, count) in groups {
            let isWanted = verdictFilter.matches(key)
            var isHidden = false
            for index in quick.indices where quick[index].contains(where: { $0.matches(key) }) {
                if isWanted {
                    hidden[index].rows += 1
                    hidden[index].events += count.flows
                }
                if hidden[index].isOn { isHidden = true }
            }
            guard !isHidden else { continue }
            verdicts.add(count.flows, key.verdict)
            guard isWanted else { continue }
            matched += count.flows
            rows.append(FlowGroup(key: key, count: count))
        }
        rows = FlowOrder(request.sort, isDescending: request.isDescending).sorted(rows)
    }

    /// The rows after a place.
    /// - Throws: `ServiceError` `badRequest` for a text that is no place in such a list.
    func page(_ request: FlowRequest) throws -> (rows: [FlowGroup], next: String?) {
        var start = 0
        if let text = request.cursor {
            guard let place = GroupCursor(text) else { throw ServiceError.badCursor(text) }
            start = min(place.start(in: rows), rows.count)
        }
        let page = Array(rows[start...].prefix(request.limit))
        let end = start + page.count
        guard end < rows.count, let last = page.last else { return (page, nil) }
        return (page, GroupCursor(after: last.key, position: end).description)
    }

    mutating func setHidden(_ index: Int, rows: Int, events: UInt64) {
        (hidden[index].rows, hidden[index].events) = (rows, events)
    }
}

extension VerdictCounts {
    mutating func add(_ events: UInt64, _ verdict: Verdict) {
        switch verdict {
        case .allowed: allowed += events
        case .dropped: dropped += events
        case .wouldDrop: wouldDrop += events
        }
    }
}

extension ServiceError {
    static func badCursor(_ text: String) -> ServiceError {
        ServiceError(
            .badRequest,
            "\"\(text)\" is not a place in a list of flows.",
            fix: "Use `next` of the page before."
        )
    }
}

/// A place in a grouped list: after a row, which is found again when rows have moved meanwhile.
struct GroupCursor: LosslessStringConvertible {
    private var digest: UInt64
    private var position: Int

    init(after key: FlowKey, position: Int) {
        (digest, self.position) = (FlowOrder.digest(key), position)
    }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let digest = UInt64(parts[0], radix: 16), let position = Int(parts[1]), position >= 0
        else { return nil }
        (self.digest, self.position) = (digest, position)
    }

    var description: String { "\(String(digest, radix: 16))-\(position)" }

    /// Where to go on: after the row, or where it was when it is gone.
    func start(in rows: [FlowGroup]) -> Int {
        if position > 0, position <= rows.count, FlowOrder.digest(rows[position - 1].key) == digest { return position }
        return rows.firstIndex { FlowOrder.digest($0.key) == digest }.map { $0 + 1 } ?? position
    }
}
