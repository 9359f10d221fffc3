// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import WebConsole

/// The directory that one running process owns: database, last good policies, modes, socket.
struct ClaimedDirectory: Sendable {
    let path: String

    var socket: String { path + "/palisade.sock" }
    var policies: String { path + "/policies" }
    var lastGood: String { path + "/last-good" }
    var modes: String { path + "/modes.json" }

    /// Makes the directory, readable by its owner only, and claims it for this process until it ends.
    /// - Throws: `CommandFailure` when it cannot be made or belongs to another running process.
    init(_ path: String) throws {
        self.path = path
        let length = (path + "/palisade.sock").utf8.count
        guard length <= UnixSocket.longestPath else {
            throw CommandFailure(
                .usage,
                "The path of the socket in \(path) has \(length) bytes; \(UnixSocket.longestPath) fit. Name a shorter one with --data DIR."
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure(
                .failure,
                "The data directory \(path) cannot be made: \(error.localizedDescription). Name another with --data DIR."
            )
        }
        let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw CommandFailure(
                .failure,
                "The data directory \(path) cannot be written: \(String(cString: strerror(errno))). Name another with --data DIR."
            )
        }
        // The lock is the descriptor's: it stays open, and the kernel lets go of it however the process ends.
        guard Self.claim(lock) else {
            close(lock)
            throw CommandFailure(
                .failure,
                "Another palisade is running with the data directory \(path). Use it (palisade status --data \(path)), or name another with --data DIR."
            )
        }
    }

    /// Tries for a second: a child that a killed process was just starting holds the lock until it has become its program.
    private static func claim(_ lock: Int32) -> Bool {
        for _ in 0..<50 {
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(20_000)
        }
        return false
    }
}
