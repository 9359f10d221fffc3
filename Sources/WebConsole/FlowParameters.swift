// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Hummingbird

/// The query parameters that the flow and statistics routes share.
struct FlowParameters {
    private let request: Request
    private let now: Int64

    init(_ request: Request, now: Int64) {
        self.request = request
        self.now = now
    }

    func flowRequest() throws -> FlowRequest {
        let grouping = text("group") ?? FlowRequest.Grouping.connection.rawValue
        guard let grouping = FlowRequest.Grouping(rawValue: grouping) else {
            throw ServiceError(.badRequest, "\"\(grouping)\" is not a grouping.", fix: "Use connection or raw.")
        }
        return FlowRequest(
            filter: try filter(),
            range: try range(defaultSeconds: 3600),
            limit: try limit(),
            grouping: grouping,
            cursor: text("cursor")
        )
    }

    func statisticsRequest() throws -> StatisticsRequest {
        let namespaces = request.uri.queryParameters.getAll("namespace")
        return StatisticsRequest(
            range: try range(defaultSeconds: 8 * 3600),
            namespaces: namespaces.isEmpty ? nil : Set(namespaces),
            filter: try filter(),
            limit: try limit()
        )
    }

    func filter() throws -> FlowFilter { try FlowFilter(parsing: text("filter") ?? "") }

    private func text(_ name: String) -> String? { request.uri.queryParameters[name[...]].map(String.init) }

    private func range(defaultSeconds: Int64) throws -> TimeRange {
        let to = try time("to") ?? now
        let from = try time("from") ?? to - defaultSeconds * 1_000_000
        guard from < to else { throw ServiceError(.badRequest, "The range ends before it starts.") }
        return TimeRange(from: from, to: to)
    }

    private func time(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw ServiceError(.badRequest, "\"\(text)\" is not a time.", fix: "Write it like 2026-11-22T14:00:00Z.")
        }
        return time.microseconds
    }

    private func limit() throws -> Int {
        guard let text = text("limit") else { return 100 }
        guard let limit = Int(text), (1...FlowRequest.largestLimit).contains(limit) else {
            throw ServiceError(.badRequest, "The limit \"\(text)\" is not from 1 to \(FlowRequest.largestLimit).")
        }
        return limit
    }
}
