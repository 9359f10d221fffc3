// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB

/// How far the order of records' ids is from that of their times: no record is older than one before it by more than
/// `lateness`.
///
/// With it a range of time becomes one of ids, and records are read in the order in which they lie on the disk.
struct RecordOrder {
    private var newest: Int64
    /// Microseconds; `nil` in a file of a version that did not note it.
    private(set) var lateness: Int64?

    /// As it is in the database.
    init(in database: Database) throws {
        newest = try Int64.fetchOne(database, sql: "SELECT max(time) FROM flow") ?? .min
        lateness = try FlowSchema.mark(.lateness, in: database)
    }

    /// - Returns: whether `lateness` has grown.
    mutating func add(_ time: Int64) -> Bool {
        defer { newest = max(newest, time) }
        guard let lateness, time < newest else { return false }
        // Times far apart, which hostile clocks may give, are as far as can be said.
        let (late, isTooFar) = newest.subtractingReportingOverflow(time)
        self.lateness = max(lateness, isTooFar ? .max : late)
        return self.lateness != lateness
    }

    /// What the ids of a range's records are between, as SQL; `nil` where that is not known.
    static func conditions(_ range: TimeRange, in database: Database) throws -> [String]? {
        guard let lateness = try FlowSchema.mark(.lateness, in: database) else { return nil }
        func saturated(_ sum: (partialValue: Int64, overflow: Bool), _ bound: Int64) -> Int64 {
            sum.overflow ? bound : sum.partialValue
        }
        // Nothing before a record that is so much older than the range is in it, and nothing after one so much newer.
        let before = try Int64.fetchOne(
            database,
            sql: "SELECT id FROM flow WHERE time < ? ORDER BY time DESC LIMIT 1",
            arguments: [saturated(range.from.subtractingReportingOverflow(lateness), .min)]
        )
        let after = try Int64.fetchOne(
            database,
            sql: "SELECT id FROM flow WHERE time >= ? ORDER BY time LIMIT 1",
            arguments: [saturated(range.to.addingReportingOverflow(lateness), .max)]
        )
        return [before.map { "id > \($0)" }, after.map { "id < \($0)" }].compactMap { $0 }
    }
}
