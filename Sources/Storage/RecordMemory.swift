// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// What records are told apart by when a query is asked about them: of one kind all are part of the answer, and under one
/// key, or none is.
struct RecordKind: Hashable {
    /// What filters of a query look at beside what every kind has.
    struct Parts {
        var addresses: Bool
        var sourcePort: Bool

        init(_ query: FlowQuery) {
            let terms = ([query.filter] + query.excluding).flatMap(\.terms)
            addresses = terms.contains { $0.key == .ip || $0.key == .text }
            sourcePort = terms.contains { $0.key == .port && $0.side == .source }
        }
    }

    private var source: Int64
    private var destination: Int64
    private var decision: Int64
    private var shape: Int64
    private var ports: UInt32
    private var sourceAddress: IPAddress?
    private var destinationAddress: IPAddress?

    init(_ row: RecordRow, _ parts: Parts) throws {
        (source, destination, decision) = (row.source, row.destination, row.decision)
        shape = row.shape.bits
        ports = UInt32(row.destinationPort) << 16 | UInt32(parts.sourcePort ? row.sourcePort : 0)
        guard parts.addresses else { return }
        sourceAddress = try row.sourceAddress()
        destinationAddress = try row.destinationAddress()
    }
}

/// Which kinds of records are not part of an answer, so that a record of a known kind need not be made to find out.
///
/// Holds at most `limit` kinds and forgets them all when it is full.
struct RecordMemory {
    private static let limit = 200_000
    private let parts: RecordKind.Parts
    private var excluded: Set<RecordKind> = []

    init(_ parts: RecordKind.Parts) { self.parts = parts }

    func kind(of row: RecordRow) throws -> RecordKind { try RecordKind(row, parts) }

    func isExcluded(_ kind: RecordKind) -> Bool { excluded.contains(kind) }

    mutating func exclude(_ kind: RecordKind) {
        if excluded.count >= Self.limit { excluded.removeAll(keepingCapacity: true) }
        excluded.insert(kind)
    }
}
