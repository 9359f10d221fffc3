// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ChangeControl
import Foundation
import Storage
import Testing

@Suite struct DraftDirectoryTests {
    private let root = NSTemporaryDirectory() + "drafts-\(UInt64.random(in: 0...(.max)))"

    /// Tells names apart as well as a hash does.
    private var drafts: DraftDirectory {
        DraftDirectory(path: root) { bytes in bytes.map { String($0, radix: 16) }.joined() }
    }

    private func draft(_ path: String, user: String = "u1", text: String = "kind: NetworkPolicy\n") -> SavedDraft {
        SavedDraft(
            key: .init(user: user, environment: "production", path: path),
            text: text,
            base: "abc",
            saved: 1
        )
    }

    @Test func `a draft is there for its author and nobody else`() async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let saved = draft("shop/../../etc/passwd", text: "a: \u{0}\r\n\"ä\"")
        try await drafts.save(saved)
        #expect(try await drafts.draft(saved.key) == saved)
        var other = saved.key
        other.user = "u2"
        #expect(try await drafts.draft(other) == nil)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root)
        #expect(names.allSatisfy { !$0.contains("passwd") })
        let mode = try FileManager.default.attributesOfItem(atPath: root + "/" + names[0])[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test func `a later draft takes the place of an earlier one, and removing leaves none`() async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await drafts.save(draft("a.yaml", text: "1"))
        try await drafts.save(draft("a.yaml", text: "2"))
        #expect(try await drafts.draft(draft("a.yaml").key)?.text == "2")
        try await drafts.remove(draft("a.yaml").key)
        try await drafts.remove(draft("a.yaml").key)
        #expect(try await drafts.draft(draft("a.yaml").key) == nil)
    }

    @Test func `nobody keeps more than the bound, and the newest stay`() async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = drafts
        for number in 0...(DraftDirectory.mostPerUser + 4) { try await store.save(draft("\(number).yaml")) }
        let folders = try FileManager.default.contentsOfDirectory(atPath: root)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: root + "/" + folders[0]).count
                == DraftDirectory.mostPerUser
        )
        #expect(try await store.draft(draft("\(DraftDirectory.mostPerUser + 4).yaml").key) != nil)
    }
}
