// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Makes records, and checks a row of them.
///
/// Whoever changes, removes, adds or moves a record has to make every later hash anew, and the head with them. Somebody who
/// may write the whole file can do that: copies of the head elsewhere (an export, a forwarded log) are what shows it then.
public struct AuditChain: Sendable {
    /// 32 bytes for any bytes: SHA-256.
    public typealias HashFunction = @Sendable ([UInt8]) -> [UInt8]

    private let hash: HashFunction
    /// The end of what was made or checked until now.
    public private(set) var head: AuditHead

    public init(head: AuditHead = .empty, hash: @escaping HashFunction) {
        self.hash = hash
        self.head = head
    }

    /// The record of the entry as the next of the chain.
    public mutating func append(_ entry: AuditEntry) -> AuditRecord {
        let sequence = head.count + 1
        let hash = hash(of: entry, sequence)
        let record = AuditRecord(sequence: sequence, entry: entry, previous: head.hash, hash: hash)
        head = AuditHead(count: sequence, hash: hash)
        return record
    }

    /// Checks that the record is the next one.
    /// - Returns: what is wrong; the chain stays as it was then.
    public mutating func check(_ record: AuditRecord) -> AuditVerification.Break? {
        let expected = head.count + 1
        guard record.sequence == expected else {
            return .init(sequence: expected, reason: record.sequence > expected ? .missing : .outOfOrder)
        }
        guard record.previous == head.hash else { return .init(sequence: expected, reason: .notLinked) }
        guard record.hash == hash(of: record.entry, expected) else {
            return .init(sequence: expected, reason: .altered)
        }
        head = AuditHead(count: expected, hash: record.hash)
        return nil
    }

    /// Checks that all that was checked is all there should be.
    public func checkEnd(_ kept: AuditHead) -> AuditVerification.Break? {
        if kept.count > head.count { return .init(sequence: head.count + 1, reason: .truncated) }
        if kept != head { return .init(sequence: min(kept.count, head.count) + 1, reason: .headDiffers) }
        return nil
    }

    private func hash(of entry: AuditEntry, _ sequence: Int64) -> [UInt8] {
        hash(head.hash + entry.canonicalBytes(sequence: sequence))
    }
}
