// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Collects text and hands it on in pieces of some size.
struct ByteSink {
    private var bytes: [UInt8] = []
    private let limit = 1 << 16
    private let output: ([UInt8]) throws -> Void

    /// - Parameter output: gets the text piece by piece, in order.
    init(_ output: @escaping ([UInt8]) throws -> Void) {
        self.output = output
        bytes.reserveCapacity(limit + 4096)
    }

    mutating func write(_ text: String) throws {
        bytes.append(contentsOf: text.utf8)
        try flushIfFull()
    }

    mutating func flushIfFull() throws {
        if bytes.count >= limit { try flush() }
    }

    /// Some bytes, without looking at the size of the piece.
    mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    mutating func flush() throws {
        guard !bytes.isEmpty else { return }
        try output(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
