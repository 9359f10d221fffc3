// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyModel

/// Files on disk as documents for offline commands.
enum ManifestFiles {
    /// Bytes of one file that are read; one more than any decoder accepts shows it that there are too many.
    static let largestFile = 16 << 20
    static let mostFiles = 100_000

    /// The documents of files, directories (`*.yaml`, `*.yml`, `*.json`, also in sub-directories) and `-`, sorted by name.
    /// - Throws: `notFound` for a path that is not there, `failure` for one that cannot be read.
    static func documents(_ paths: [String]) throws -> [SourceDocument] {
        var documents: [SourceDocument] = []
        for path in paths {
            for file in try files(path) { documents.append(try document(file)) }
            guard documents.count <= mostFiles else {
                throw CommandFailure(.failure, "\(path) has more than \(mostFiles) files.")
            }
        }
        return documents
    }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Writes a document over its file, in one step and with the file's own permissions.
    /// - Throws: `failure` when it cannot be written; the file is as it was then.
    static func replace(_ document: SourceDocument) throws {
        let path = document.name
        let temporary = path + ".palisade-\(UInt32.random(in: 0...(.max)))"
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            try Data(document.bytes).write(to: URL(fileURLWithPath: temporary))
            if let permissions = attributes[.posixPermissions] {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: temporary)
            }
            guard rename(temporary, path) == 0 else {
                throw CommandFailure(.failure, String(cString: strerror(errno)))
            }
        } catch {
            // What is left of the attempt is in nobody's way.
            try? FileManager.default.removeItem(atPath: temporary)
            throw CommandFailure(
                .failure,
                "\(Escaping.terminal(path)) cannot be written: \(error.localizedDescription)"
            )
        }
    }

    private static func files(_ path: String) throws -> [String] {
        if path == "-" { return [path] }
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.notFound, "\(Escaping.terminal(path)) is not there.")
        }
        guard isDirectory(path) else { return [path] }
        guard let names = FileManager.default.enumerator(atPath: path) else {
            throw CommandFailure(.failure, "\(Escaping.terminal(path)) cannot be read.")
        }
        let root = path.hasSuffix("/") ? path : path + "/"
        var found: [String] = []
        for case let name as String in names {
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            guard !isHidden, [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) else { continue }
            found.append(root + name)
        }
        return found.sorted()
    }

    private static func document(_ path: String) throws -> SourceDocument {
        do {
            let handle =
                path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            var data = Data()
            while data.count <= largestFile, let part = try handle.read(upToCount: largestFile + 1 - data.count),
                !part.isEmpty
            {
                data += part
            }
            return SourceDocument(name: path, bytes: Array(data))
        } catch {
            throw CommandFailure(.failure, "\(Escaping.terminal(path)) cannot be read: \(error.localizedDescription)")
        }
    }
}
