// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import Foundation
public import PolicyModel

/// The policy files of a directory tree: every `.yaml`, `.yml` and `.json` file, hidden files and folders left out.
///
/// Files under the folder `disabled` of the directory are kept and not in force.
///
/// Files are read again only when their identity, size or time of change differs from the last reading.
public actor PolicyDirectory: PolicySource {
    /// Larger files are not read.
    public static let maximumFileSize = 16 << 20

    /// More files than these are not read; the surplus is reported as unreadable.
    public static let maximumFileCount = 100_000

    /// A file that is gone or empty may be on its way back: editors move a file away before they write it anew.
    ///
    /// For so long its last content counts.
    static let grace = Duration.milliseconds(150)

    public nonisolated let name: String
    let root: String
    private var known: [String: Known] = [:]
    /// Since when known files are gone or empty.
    private var missing: [String: ContinuousClock.Instant] = [:]
    private var watcher: DirectoryWatcher?

    private struct Known {
        var stamp: FileStamp
        var content: PolicyFile.Content
    }

    public init(path: String) {
        root = path
        name = path
    }

    public func files() throws -> [PolicyFile] {
        let paths = try paths().inForce
        var seen: [String: Known] = [:]
        var found: [PolicyFile] = []
        var awaited: [String: ContinuousClock.Instant] = [:]
        for path in paths.prefix(Self.maximumFileCount) {
            // What is half written is not what somebody meant to save.
            if watcher?.isUnfinished(path) ?? false {
                seen[path] = known[path]
            } else {
                let entry = look(at: path)
                if entry.isEmpty, isExpected(path, &awaited) {
                    seen[path] = known[path]
                } else {
                    seen[path] = entry.known
                }
                if entry.known == nil { found.append(PolicyFile(path: path, content: entry.content)) }
            }
            if let known = seen[path] { found.append(PolicyFile(path: path, content: known.content)) }
        }
        for path in paths.dropFirst(Self.maximumFileCount) {
            let reason = "is one of more than \(Self.maximumFileCount) files"
            found.append(PolicyFile(path: path, content: .unreadable(reason)))
        }
        for (path, entry) in known where !paths.contains(sorted: path) && isExpected(path, &awaited) {
            seen[path] = entry
            found.append(PolicyFile(path: path, content: entry.content))
        }
        missing = awaited
        known = seen
        return found.sorted { $0.path < $1.path }
    }

    public nonisolated func watch(changed: @Sendable () async -> Void) async throws {
        let watcher = try DirectoryWatcher(root: root)
        await use(watcher)
        // Whatever happened before the watch began.
        await look(changed)
        for await _ in watcher.changes { await look(changed) }
        try Task.checkCancellation()
        throw PolicyDirectoryError(path: root, reason: "watching it stopped")
    }

    private nonisolated func look(_ changed: @Sendable () async -> Void) async {
        await changed()
        guard await !missing.isEmpty else { return }
        // Only cancellation ends a sleep early; the look after it does no harm.
        try? await Task.sleep(for: Self.grace + .milliseconds(10))
        await changed()
    }

    private func use(_ watcher: DirectoryWatcher) { self.watcher = watcher }

    /// Whether a known file that is gone or empty may still come back.
    private func isExpected(_ path: String, _ awaited: inout [String: ContinuousClock.Instant]) -> Bool {
        guard watcher != nil, let entry = known[path], entry.stamp.size > 0 else { return false }
        let now = ContinuousClock.now
        let since = missing[path] ?? now
        guard since.duration(to: now) < Self.grace else { return false }
        awaited[path] = since
        return true
    }

    /// Relative paths of the policy files, sorted: those in force, and those that are only kept.
    func paths() throws -> (inForce: [String], disabled: [String]) {
        let all = try DirectoryTree(root: root).files.filter { path in
            guard let dot = path.lastIndex(of: ".") else { return false }
            return PolicyPath.extensions.contains(path[path.index(after: dot)...].lowercased())
        }.sorted()
        return (all.filter { !PolicyPath.isDisabled($0) }, all.filter(PolicyPath.isDisabled))
    }

    /// Takes it that a file that is gone will not come back.
    func forget(_ path: String) {
        known[path] = nil
        missing[path] = nil
    }

    /// What a file holds now; `known` is `nil` when it could not be looked at.
    private func look(at path: String) -> (known: Known?, content: PolicyFile.Content, isEmpty: Bool) {
        let (stamp, content) = load(path)
        return (stamp.map { Known(stamp: $0, content: content) }, content, stamp?.size == 0)
    }

    private func load(_ path: String) -> (stamp: FileStamp?, content: PolicyFile.Content) {
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

extension [String] {
    /// - Complexity: O(log n).
    fileprivate func contains(sorted text: String) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == text
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
