// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc

/// What is in a directory tree, read by the system's own calls: a thousand files take about a millisecond.
struct DirectoryTree {
    /// Deeper folders are not entered; a link that leads back up would have no end.
    static let maximumDepth = 32

    /// Paths of files and links, relative to the root.
    private(set) var files: [String] = []
    /// Paths of folders, relative to the root, without the root itself.
    private(set) var folders: [String] = []

    /// Hidden files and folders are left out.
    /// - Throws: `PolicyDirectoryError` when any folder cannot be listed: its policies would seem to be gone, and what
    ///   they close would be open. A folder that vanished meanwhile is none.
    init(root: String) throws {
        guard let directory = opendir(root) else {
            throw PolicyDirectoryError(path: root, reason: String(cString: strerror(errno)))
        }
        try list(directory, root: root, prefix: "", depth: 0)
    }

    private mutating func list(_ directory: OpaquePointer, root: String, prefix: String, depth: Int) throws {
        defer { closedir(directory) }
        while true {
            // Only this tells the end of the folder from an error.
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw failure(root + "/" + prefix) }
                return
            }
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            guard !name.hasPrefix(".") else { continue }
            let path = prefix + name
            guard isFolder(entry.pointee.d_type, root + "/" + path) else {
                files.append(path)
                continue
            }
            folders.append(path)
            guard depth < Self.maximumDepth else {
                throw PolicyDirectoryError(
                    path: root,
                    reason: "its folders are nested deeper than \(Self.maximumDepth)"
                )
            }
            guard let inner = opendir(root + "/" + path) else {
                guard errno == ENOENT else { throw failure(root + "/" + path) }
                continue
            }
            try list(inner, root: root, prefix: path + "/", depth: depth + 1)
        }
    }

    private func failure(_ path: String) -> PolicyDirectoryError {
        PolicyDirectoryError(path: path, reason: String(cString: strerror(errno)))
    }

    /// Some file systems do not say what an entry is.
    private func isFolder(_ type: UInt8, _ path: String) -> Bool {
        if type == UInt8(DT_DIR) { return true }
        guard type == UInt8(DT_UNKNOWN) else { return false }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
