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
    /// - Throws: `PolicyDirectoryError` when the root cannot be listed; folders below it that cannot be are passed over,
    ///   and so are their files.
    init(root: String) throws {
        guard let directory = opendir(root) else {
            throw PolicyDirectoryError(path: root, reason: String(cString: strerror(errno)))
        }
        list(directory, root: root, prefix: "", depth: 0)
    }

    private mutating func list(_ directory: OpaquePointer, root: String, prefix: String, depth: Int) {
        defer { closedir(directory) }
        while let entry = readdir(directory) {
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
            guard depth < Self.maximumDepth, let inner = opendir(root + "/" + path) else { continue }
            list(inner, root: root, prefix: path + "/", depth: depth + 1)
        }
    }

    /// Some file systems do not say what an entry is.
    private func isFolder(_ type: UInt8, _ path: String) -> Bool {
        if type == UInt8(DT_DIR) { return true }
        guard type == UInt8(DT_UNKNOWN) else { return false }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
