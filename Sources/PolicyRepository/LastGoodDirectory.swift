// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import Foundation
public import PolicyModel

/// Last good contents as files of a private directory, one for each policy file: its path, a zero byte, its content.
public actor LastGoodDirectory: LastGoodFiles {
    private let root: URL

    public init(path: String) { root = URL(fileURLWithPath: path, isDirectory: true) }

    public func load() throws -> [String: [UInt8]] {
        guard FileManager.default.fileExists(atPath: root.path) else { return [:] }
        var result: [String: [UInt8]] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil) {
            let content = [UInt8](try Data(contentsOf: file))
            guard let end = content.firstIndex(of: 0) else { continue }
            let path = String(decoding: content[..<end], as: UTF8.self)
            // A process that was killed while writing leaves the beginning of a file under another name.
            guard file.lastPathComponent == Self.name(for: path) else { continue }
            result[path] = Array(content[(end + 1)...])
        }
        return result
    }

    public func store(_ bytes: [UInt8]?, for path: String) throws {
        let file = root.appendingPathComponent(Self.name(for: path))
        guard let bytes else {
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
            return
        }
        try FileManager.default.createDirectory(
            at: root,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(Array(path.utf8) + [0] + bytes).write(to: file, options: .atomic)
    }

    /// Two FNV-1a hashes with different starts: paths are longer than file names may be.
    private static func name(for path: String) -> String {
        [0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4].map { (start: UInt64) in
            let hash = path.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return String(hash, radix: 16)
        }.joined(separator: "-")
    }
}
