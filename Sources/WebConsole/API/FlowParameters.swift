// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Hummingbird

/// The query parameters that the flow and statistics routes share.
struct FlowParameters {
    static let filter = APIParameter("filter", .text, "A flow filter: ns:shop verdict:dropped.")
    static let from = APIParameter(
        "from",
        .time,
        "Start of the range; default an hour, for statistics eight, before its end."
    )
    static let to = APIParameter("to", .time, "End of the range; default now.")
    static let limit = APIParameter("limit", .integer(1...FlowRequest.largestLimit), "Items at most; default 100.")
    static let namespace = APIParameter("namespace", .text, "A namespace of the scope.", isList: true)

    private let request: APIRequest
    private let now: Int64

    init(_ request: APIRequest, now: Int64) {
        self.request = request
        self.now = now
    }

    func flowRequest() throws -> FlowRequest {
        let sort = request.query("sort").flatMap(FlowRequest.Sort.init) ?? .lastSeen
        return FlowRequest(
            filter: try filter(),
            range: try range(defaultSeconds: 3_600),
            limit: try limit(),
            grouping: request.query("group").flatMap(FlowRequest.Grouping.init) ?? .connection,
            cursor: request.query("cursor"),
            view: request.view,
            sort: sort,
            isDescending: request.query("order").map { $0 == "desc" },
            extras: Set(request.queries("extra").compactMap(FlowRequest.Extra.init))
        )
    }

    func statisticsRequest() throws -> StatisticsRequest {
        let namespaces = request.queries("namespace")
        return StatisticsRequest(
            range: try range(defaultSeconds: 8 * 3_600),
            namespaces: namespaces.isEmpty ? nil : Set(namespaces),
            filter: try filter(),
            limit: try limit(),
            view: request.view,
            comparesWithPrevious: request.query("compare") == "true"
        )
    }

    func filter() throws -> FlowFilter { try FlowFilter(parsing: request.query("filter") ?? "") }

    private func range(defaultSeconds: Int64) throws -> TimeRange {
        let to = try time("to") ?? now
        let from = try time("from") ?? to - defaultSeconds * 1_000_000
        guard from < to else { throw ServiceError(.badRequest, "The range ends before it starts.") }
        return TimeRange(from: from, to: to)
    }

    private func time(_ name: String) throws -> Int64? {
        guard let text = request.query(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw ServiceError(.badRequest, "\"\(text)\" is not a time.", fix: "Write it like 2026-11-22T14:00:00Z.")
        }
        return time.microseconds
    }

    private func limit() throws -> Int {
        guard let text = request.query("limit") else { return 100 }
        guard let limit = Int(text), (1...FlowRequest.largestLimit).contains(limit) else {
            throw ServiceError(.badRequest, "The limit \"\(text)\" is not from 1 to \(FlowRequest.largestLimit).")
        }
        return limit
    }
}
