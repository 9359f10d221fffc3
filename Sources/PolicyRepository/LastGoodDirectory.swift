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
            guard let (path, content) = Self.parts(of: [UInt8](try Data(contentsOf: file))) else { continue }
            // A process that was killed while writing leaves the beginning of a file under another name.
            guard file.lastPathComponent == Self.name(for: path) else { continue }
            result[path] = content
        }
        return result
    }

    public func content(of path: String) throws -> [UInt8]? {
        let file = root.appendingPathComponent(Self.name(for: path))
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        // Of two paths with one name the later one is in the file.
        return Self.parts(of: [UInt8](try Data(contentsOf: file))).flatMap { $0.path == path ? $0.content : nil }
    }

    private static func parts(of bytes: [UInt8]) -> (path: String, content: [UInt8])? {
        guard let end = bytes.firstIndex(of: 0) else { return nil }
        return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
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
