// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ChangeControl

/// One page of the audit log.
public struct AuditList: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "AuditList"
    public var items: [AuditItem]
    /// Whether only entries of who asks are shown.
    public var ownOnly: Bool
    /// How long entries are kept, as a sentence.
    public var retention: String
    /// What to pass as `cursor` for the next page; `nil` at the end.
    @OrNull public var next: String?

    init(_ page: AuditPage, ownOnly: Bool) {
        items = page.records.map { AuditItem($0) }
        self.ownOnly = ownOnly
        retention = "Entries are kept as long as this server's data; nobody can change or remove one."
        next = page.next.map { String($0) }
    }
}

/// One entry of the audit log.
public struct AuditItem: Hashable, Sendable, Codable {
    public var sequence: Int64
    public var time: Timestamp
    public var actor: String
    public var action: String
    public var object: String
    @OrNull public var environment: String?
    public var outcome: AuditEntry.Outcome
    @OrNull public var address: String?
    @OrNull public var client: String?
    @OrNull public var requestID: String?
    @OrNull public var detail: String?
    public var changes: [AuditEntry.Change]
    /// In hexadecimal.
    public var hash: String

    public init(_ record: AuditRecord) {
        let entry = record.entry
        sequence = record.sequence
        time = Timestamp(microseconds: entry.time)
        actor = entry.actor
        action = entry.action
        object = entry.object
        environment = entry.environment
        outcome = entry.outcome
        address = entry.address
        client = entry.client
        requestID = entry.requestID
        detail = entry.detail
        changes = entry.changes
        hash = record.hash.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }
}

/// What came out of checking the audit log's chain.
public struct AuditVerificationReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "AuditVerification"
    /// Entries from the first on that are as they were written.
    public var count: Int64
    @OrNull public var first: Timestamp?
    @OrNull public var last: Timestamp?
    /// The hash of the last of them, to be noted elsewhere.
    public var head: String
    public var isWhole: Bool
    @OrNull public var broken: AuditVerification.Break?
    /// `Verified 18,204 entries, first 3 Nov 2026, no gaps.`, or where it is broken.
    public var sentence: String

    public init(_ verification: AuditVerification) {
        count = verification.count
        first = verification.first.map { Timestamp(microseconds: $0) }
        last = verification.last.map { Timestamp(microseconds: $0) }
        head = verification.head
        broken = verification.broken
        isWhole = verification.broken == nil
        let counted = Self.grouped(verification.count) + (verification.count == 1 ? " entry" : " entries")
        if let broken = verification.broken {
            sentence = "\(broken.sentence) The \(counted) before it are as they were written."
        } else if let first = verification.first {
            sentence = "Verified \(counted), first \(Self.day(first)), no gaps."
        } else {
            sentence = "There are no entries yet."
        }
    }

    private static func day(_ time: Int64) -> String {
        let civil = CivilTime(microseconds: time)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(civil.day) \(months[civil.month - 1]) \(civil.year)"
    }

    /// `18,204`.
    private static func grouped(_ number: Int64) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
