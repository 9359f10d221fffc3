// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ChangeControl
import Foundation

/// Drafts as files of a private directory, one folder for each person.
///
/// A draft is written in full or not at all. Each person has at most `mostPerUser`; the oldest goes.
public actor DraftDirectory: DraftStore {
    public static let mostPerUser = 100
    public static let largestText = 4 << 20

    private let root: String
    /// Names files: SHA-256 in hexadecimal, so that no name of a file or person reaches a path.
    private let digest: @Sendable ([UInt8]) -> String

    public init(path: String, digest: @escaping @Sendable ([UInt8]) -> String) {
        root = path
        self.digest = digest
    }

    public func draft(_ key: SavedDraft.Key) throws -> SavedDraft? {
        guard let data = FileManager.default.contents(atPath: file(key)) else { return nil }
        let draft = try JSONDecoder().decode(SavedDraft.self, from: data)
        return draft.key == key ? draft : nil
    }

    public func save(_ draft: SavedDraft) throws {
        guard draft.text.utf8.count + (draft.opened?.utf8.count ?? 0) <= Self.largestText else {
            throw CocoaError(.fileWriteOutOfSpace)
        }
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder(draft.key),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let path = file(draft.key)
        let temporary = path + ".new"
        let data = try JSONEncoder().encode(draft)
        guard files.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]),
            rename(temporary, path) == 0
        else { throw CocoaError(.fileWriteUnknown) }
        try sweep(folder(draft.key))
    }

    public func remove(_ key: SavedDraft.Key) throws {
        let path = file(key)
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    private func sweep(_ folder: String) throws {
        let files = FileManager.default
        let names = try files.contentsOfDirectory(atPath: folder)
        guard names.count > Self.mostPerUser else { return }
        let dated = try names.map { name in
            let changed = try files.attributesOfItem(atPath: folder + "/" + name)[.modificationDate] as? Date
            return (name, changed ?? .distantPast)
        }
        for (name, _) in dated.sorted(by: { $0.1 < $1.1 }).prefix(names.count - Self.mostPerUser) {
            try files.removeItem(atPath: folder + "/" + name)
        }
    }

    private func folder(_ key: SavedDraft.Key) -> String { root + "/" + digest(Array(key.user.utf8)) }

    private func file(_ key: SavedDraft.Key) -> String {
        let name = "\(key.environment.utf8.count):\(key.environment)\(key.path)"
        return folder(key) + "/" + digest(Array(name.utf8)) + ".json"
    }
}
