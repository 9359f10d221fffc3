// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDBSQLite

/// Which kinds of records are not part of an answer, so that a record of a known kind need not be made to find out.
///
/// Holds at most `limit` kinds and forgets them all when it is full. Of no use, and empty, for filters that look at what
/// differs inside of a kind: addresses and source ports.
struct RecordMemory {
    /// What filters look at but for addresses and source ports, as the columns of a record have it.
    struct Kind: Hashable {
        private var source: Int64
        private var destination: Int64
        private var decision: Int64
        private var shape: Int64
        private var port: Int64

        /// - Parameter statement: at a row of `FlowReader.forEachRecord`.
        init(_ statement: OpaquePointer) {
            shape = sqlite3_column_int64(statement, 2)
            source = sqlite3_column_int64(statement, 3)
            destination = sqlite3_column_int64(statement, 5)
            port = sqlite3_column_int64(statement, 8)
            decision = sqlite3_column_int64(statement, 12)
        }
    }

    private static let limit = 200_000
    private let isUseful: Bool
    private var excluded: Set<Kind> = []

    init(_ query: FlowQuery) {
        isUseful = ([query.filter] + query.excluding).allSatisfy { filter in
            filter.terms.allSatisfy { term in
                switch term.key {
                case .ip, .text: false
                case .port: term.side != .source
                default: true
                }
            }
        }
    }

    func isExcluded(_ kind: Kind) -> Bool { isUseful && excluded.contains(kind) }

    mutating func exclude(_ kind: Kind) {
        guard isUseful else { return }
        if excluded.count >= Self.limit { excluded.removeAll(keepingCapacity: true) }
        excluded.insert(kind)
    }
}
