// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// A database file that only its owner may read or write.
enum PrivateFile {
    struct Failure: Error {
        var message: String
    }

    /// Makes the file, or takes away rights of others on it; SQLite gives the files beside it the same rights.
    ///
    /// Call it before the database is opened: closing a second descriptor lets go of the locks of the first (POSIX).
    static func make(_ path: String) throws(Failure) {
        let file = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(message: "\(path) cannot be opened: \(reason).") }
        defer { Foundation.close(file) }
        guard fchmod(file, 0o600) == 0 else { throw Failure(message: "\(path) cannot be made private: \(reason).") }
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            guard chmod(path + suffix, 0o600) == 0 else {
                throw Failure(message: "\(path + suffix) cannot be made private: \(reason).")
            }
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
