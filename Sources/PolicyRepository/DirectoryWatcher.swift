// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

@preconcurrency import Dispatch
import Glibc
import Synchronization

/// The kernel's notifications about changes in a directory tree (inotify).
///
/// Changes that come within a few milliseconds of each other are one notification. When the kernel's queue overflows,
/// that too is a notification: whoever is told reads everything again anyway.
final class DirectoryWatcher: Sendable {
    /// One element per burst of changes; holds at most one that has not been taken.
    let changes: AsyncStream<Void>

    private struct State {
        /// Folder by watch descriptor, relative to the root with a slash behind it; the root's is empty.
        var folders: [Int32: String] = [:]
        /// Files that somebody has written to and not yet closed.
        var unfinished: Set<String> = []
    }

    private let state: Mutex<State>

    init(root: String) throws {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw PolicyDirectoryError(path: root, reason: "it cannot be watched: \(String(cString: strerror(errno)))")
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        changes = stream
        state = Mutex(State())
        do {
            try watchTree(root, descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        let queue = DispatchQueue(label: "palisade.policy-directory")
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            // Editors write, rename and delete in one breath.
            usleep(2_000)
            guard let self, self.take(descriptor, root) else { return }
            continuation.yield()
        }
        source.setCancelHandler { close(descriptor) }
        continuation.onTermination = { _ in source.cancel() }
        source.activate()
    }

    /// Whether a file has been written to and not yet closed: what is in it now is not what somebody meant to save.
    func isUnfinished(_ path: String) -> Bool { state.withLock { $0.unfinished.contains(path) } }

    private static let mask =
        UInt32(IN_MODIFY) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE)
        | UInt32(IN_CREATE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ATTRIB)

    /// Watches every folder; watching one twice changes nothing.
    private func watchTree(_ root: String, _ descriptor: Int32) throws {
        let watch = inotify_add_watch(descriptor, root, Self.mask)
        guard watch >= 0 else {
            throw PolicyDirectoryError(path: root, reason: "it cannot be watched: \(String(cString: strerror(errno)))")
        }
        state.withLock { $0.folders[watch] = "" }
        for folder in try DirectoryTree(root: root).folders {
            let watch = inotify_add_watch(descriptor, root + "/" + folder, Self.mask)
            // A folder that vanished between listing and watching has been reported as a change of its parent.
            if watch >= 0 { state.withLock { $0.folders[watch] = folder + "/" } }
        }
    }

    /// Takes what the kernel reports.
    /// - Returns: whether it is worth a look; that a file is being written is not.
    private func take(_ descriptor: Int32, _ root: String) -> Bool {
        var (isNews, hasNewFolder) = (false, false)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            buffer.withUnsafeBytes { bytes in
                var offset = 0
                let header = MemoryLayout<inotify_event>.size
                while offset + header <= count {
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let name = bytes[(offset + header)..<min(offset + header + Int(event.len), count)]
                    let noted = note(event, String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
                    isNews = isNews || noted
                    hasNewFolder = hasNewFolder || event.mask & UInt32(IN_ISDIR) != 0
                    offset += header + Int(event.len)
                }
            }
        }
        // A root that cannot be listed any more is what the reader is about to find out.
        if hasNewFolder { try? watchTree(root, descriptor) }
        return isNews
    }

    private func note(_ event: inotify_event, _ name: String) -> Bool {
        state.withLock { state in
            let path = (state.folders[event.wd] ?? "") + name
            if event.mask & UInt32(IN_MODIFY) != 0 {
                state.unfinished.insert(path)
                return false
            }
            let ends = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE)
            if event.mask & ends != 0 { state.unfinished.remove(path) }
            // What went by unseen may have been the end of any of them.
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { state.unfinished = [] }
            if event.mask & UInt32(IN_IGNORED) != 0 { state.folders[event.wd] = nil }
            return true
        }
    }
}
