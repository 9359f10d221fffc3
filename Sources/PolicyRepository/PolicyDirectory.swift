// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import Foundation
public import PolicyModel

/// The policy files of a directory tree: every `.yaml`, `.yml` and `.json` file, hidden files and folders left out.
///
/// Files are read again only when their identity, size or time of change differs from the last reading.
public actor PolicyDirectory: PolicySource {
    /// Larger files are not read.
    public static let maximumFileSize = 16 << 20

    /// More files than these are not read; the surplus is reported as unreadable.
    public static let maximumFileCount = 100_000

    public nonisolated let name: String
    private let root: String
    private var known: [String: (stamp: FileStamp, content: PolicyFile.Content)] = [:]

    public init(path: String) {
        root = path
        name = path
    }

    public func files() throws -> [PolicyFile] {
        var found: [PolicyFile] = []
        var seen: [String: (stamp: FileStamp, content: PolicyFile.Content)] = [:]
        for path in try paths() {
            guard found.count < Self.maximumFileCount else {
                found.append(
                    PolicyFile(
                        path: path,
                        content: .unreadable("is one of more than \(Self.maximumFileCount) files")
                    )
                )
                continue
            }
            let entry = read(path)
            if let stamp = entry.stamp { seen[path] = (stamp, entry.content) }
            found.append(PolicyFile(path: path, content: entry.content))
        }
        known = seen
        return found
    }

    public nonisolated func watch(changed: @Sendable () async -> Void) async throws {
        let watcher = try DirectoryWatcher(root: root)
        // Whatever happened before the watch began.
        await changed()
        for await _ in watcher.changes { await changed() }
        try Task.checkCancellation()
        throw PolicyDirectoryError(path: root, reason: "watching it stopped")
    }

    /// Relative paths of the policy files, sorted.
    private func paths() throws -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw PolicyDirectoryError(path: root, reason: "it is not a directory")
        }
        guard let entries = FileManager.default.enumerator(atPath: root) else {
            throw PolicyDirectoryError(path: root, reason: "it cannot be listed")
        }
        var result: [String] = []
        for case let path as String in entries {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            if ["yaml", "yml", "json"].contains((path as NSString).pathExtension.lowercased()) { result.append(path) }
        }
        return result.sorted()
    }

    private func read(_ path: String) -> (stamp: FileStamp?, content: PolicyFile.Content) {
        let full = root + "/" + path
        guard let stamp = FileStamp(path: full) else { return (nil, .unreadable("cannot be read")) }
        if let last = known[path], last.stamp == stamp { return (stamp, last.content) }
        guard stamp.isRegular else { return (stamp, .unreadable("is not a regular file")) }
        guard stamp.size <= Self.maximumFileSize else {
            return (
                stamp,
                .unreadable("has \(stamp.size) bytes; a policy file may have at most \(Self.maximumFileSize)")
            )
        }
        do {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: full)))
            return (stamp, .bytes(bytes))
        } catch {
            return (nil, .unreadable("cannot be read: \(error.localizedDescription)"))
        }
    }
}

/// Why a policy directory cannot be used.
public struct PolicyDirectoryError: Error, CustomStringConvertible {
    public var path: String
    public var reason: String

    public var description: String {
        "Policy directory \(path) cannot be used: \(reason). Create it, or name another with --policies DIR."
    }
}

/// What tells one content of a file from another without reading it.
struct FileStamp: Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    var modified: Int64
    var changed: Int64
    var isRegular: Bool

    /// Follows symbolic links; `nil` when there is nothing to be found.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}
