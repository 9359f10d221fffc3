// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

@preconcurrency import Dispatch
import Foundation

/// The kernel's notifications about changes in a directory tree (inotify).
///
/// Changes that come within a few milliseconds of each other are one notification. When the kernel's queue overflows,
/// that too is a notification: whoever is told reads everything again anyway.
final class DirectoryWatcher: Sendable {
    /// One element per burst of changes; holds at most one that has not been taken.
    let changes: AsyncStream<Void>

    init(root: String) throws {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw PolicyDirectoryError(path: root, reason: "it cannot be watched: \(String(cString: strerror(errno)))")
        }
        guard Self.watchTree(root, descriptor) else {
            let reason = "it cannot be watched: \(String(cString: strerror(errno)))"
            close(descriptor)
            throw PolicyDirectoryError(path: root, reason: reason)
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        changes = stream
        let queue = DispatchQueue(label: "palisade.policy-directory")
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            // Editors write, rename and delete in one breath.
            usleep(2_000)
            Self.drain(descriptor)
            // A folder that was made in the meantime; adding a watch twice changes nothing.
            _ = Self.watchTree(root, descriptor)
            continuation.yield()
        }
        source.setCancelHandler { close(descriptor) }
        continuation.onTermination = { _ in source.cancel() }
        source.activate()
    }

    private static let mask =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE) | UInt32(IN_CREATE)
        | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ATTRIB)

    private static func watchTree(_ root: String, _ descriptor: Int32) -> Bool {
        guard inotify_add_watch(descriptor, root, mask) >= 0 else { return false }
        guard let entries = FileManager.default.enumerator(atPath: root) else { return false }
        for case let path as String in entries {
            let isFolder = entries.fileAttributes?[.type] as? FileAttributeType == .typeDirectory
            // A folder that vanished between listing and watching has been reported as a change of its parent.
            if isFolder { _ = inotify_add_watch(descriptor, root + "/" + path, mask) }
        }
        return true
    }

    private static func drain(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
