// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ChangeControl
import Testing

@Suite struct AuditChainTests {
    /// No hash for security: these tests are about the chain.
    static let hash: AuditChain.HashFunction = { bytes in
        var state: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4, 1, 2]
        for byte in bytes {
            for index in 0..<4 { state[index] = (state[index] ^ UInt64(byte) ^ UInt64(index)) &* 0x100_0000_01b3 }
        }
        return state.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    static func records(_ count: Int) -> (records: [AuditRecord], head: AuditHead) {
        var chain = AuditChain(hash: hash)
        let records = (0..<count).map { index in
            chain.append(AuditEntry(time: Int64(index), actor: "ann", action: "user.edit", object: "user/\(index)"))
        }
        return (records, chain.head)
    }

    static func firstBreak(_ records: [AuditRecord], _ head: AuditHead) -> AuditVerification.Break? {
        var chain = AuditChain(hash: hash)
        for record in records {
            if let broken = chain.check(record) { return broken }
        }
        return chain.checkEnd(head)
    }

    @Test func `what was written is whole`() {
        let (records, head) = Self.records(20)
        #expect(Self.firstBreak(records, head) == nil)
        #expect(Self.firstBreak([], .empty) == nil)
    }

    @Test func `every kind of change is found at its place`() {
        let (records, head) = Self.records(20)
        var edited = records
        edited[7].entry.detail = "x"
        #expect(Self.firstBreak(edited, head) == .init(sequence: 8, reason: .altered))
        var removed = records
        removed.remove(at: 7)
        #expect(Self.firstBreak(removed, head) == .init(sequence: 8, reason: .missing))
        #expect(Self.firstBreak(records.dropLast(3), head) == .init(sequence: 18, reason: .truncated))
        var swapped = records
        swapped.swapAt(7, 8)
        #expect(Self.firstBreak(swapped, head) == .init(sequence: 8, reason: .missing))
        var twice = records
        twice.insert(records[7], at: 8)
        #expect(Self.firstBreak(twice, head) == .init(sequence: 9, reason: .outOfOrder))
        // A chain made anew from the edited entry on fits to itself, not to the end that was kept.
        var forged = AuditChain(hash: Self.hash)
        let all = edited.map { forged.append($0.entry) }
        #expect(Self.firstBreak(all, head)?.reason == .headDiffers)
    }

    @Test func `entries that differ have different bytes`() {
        let plain = AuditEntry(time: 1, actor: "a", action: "b", object: "c")
        var entries = [plain]
        for change in [
            \AuditEntry.environment, \AuditEntry.address, \AuditEntry.client, \AuditEntry.requestID, \AuditEntry.detail,
        ] as [WritableKeyPath<AuditEntry, String?> & Sendable] {
            for value in ["", "x"] {
                var entry = plain
                entry[keyPath: change] = value
                entries.append(entry)
            }
        }
        entries.append(AuditEntry(time: 1, actor: "ab", action: "", object: "c"))
        entries.append(AuditEntry(time: 1, actor: "a", action: "bc", object: ""))
        entries.append(AuditEntry(time: 1, actor: "a", action: "b", object: "c", outcome: .denied))
        for change in [AuditEntry.Change(field: "", before: nil, after: ""), .init(field: "", before: "", after: nil)] {
            var entry = plain
            entry.changes = [change]
            entries.append(entry)
        }
        let bytes = Set(entries.map { $0.canonicalBytes(sequence: 1) } + [plain.canonicalBytes(sequence: 2)])
        #expect(bytes.count == entries.count + 1)
    }

    @Test func `an entry is cut to its bounds, at whole characters`() {
        let entry = AuditEntry(
            time: 0,
            actor: "a",
            action: "b",
            object: "c",
            client: String(repeating: "é", count: 500),
            detail: String(repeating: "山", count: 9000),
            changes: (0..<300).map { .init(field: "\($0)", before: nil, after: nil) }
        )
        let bounded = entry.bounded
        #expect(bounded.client?.utf8.count ?? 0 <= 200)
        #expect(bounded.detail?.hasSuffix("山…") == true)
        #expect(bounded.detail?.utf8.count ?? 0 <= AuditEntry.longestText)
        #expect(bounded.changes.count == 100)
        #expect(bounded.changes.last?.after == "201 more changes")
        #expect(bounded.bounded == bounded)
    }

    @Test func `a filter lets through what it names`() {
        let entry = AuditEntry(
            time: 50,
            actor: "token ci of ann",
            action: "policy.save",
            object: "policy/shop/allow-web",
            environment: "production",
            detail: "Two Rules"
        )
        func matches(_ change: (inout AuditQuery) -> Void) -> Bool {
            var query = AuditQuery()
            change(&query)
            return query.matches(entry)
        }
        #expect(matches { $0.actor = "ann" })
        #expect(matches { $0.actor = "token ci of ann" })
        #expect(!matches { $0.actor = "ci" })
        #expect(matches { $0.person = "ann" })
        #expect(!matches { $0.person = "an" })
        #expect(matches { $0.action = "policy." })
        #expect(!matches { $0.action = "user." })
        #expect(matches { $0.object = "SHOP" })
        #expect(!matches { $0.environment = "staging" })
        #expect(!matches { $0.outcome = .denied })
        #expect(matches { $0.from = 50 })
        #expect(!matches { $0.to = 50 })
        #expect(matches { $0.text = "two rules" })
        #expect(!matches { $0.text = "three" })
    }
}
