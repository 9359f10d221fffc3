// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
public import PolicyModel

extension PolicyDirectory: PolicyFiles {
    public func read(_ path: String) throws -> [UInt8]? {
        try PolicyFolder.open(path, in: root, makes: false)?.read()
    }

    public func write(_ bytes: [UInt8], to path: String, expecting expected: [UInt8]?) throws {
        guard bytes.count <= Self.maximumFileSize else {
            throw PolicyFileError(.refused, path: path, reason: "may have at most \(Self.maximumFileSize) bytes")
        }
        guard let folder = try PolicyFolder.open(path, in: root, makes: true) else {
            throw PolicyFileError(.failed, path: path, reason: "has no folder")
        }
        guard try folder.read() == expected else {
            throw PolicyFileError(.changed, path: path, reason: "was changed by somebody else")
        }
        try folder.replace(with: bytes)
    }

    public func remove(_ path: String, expecting expected: [UInt8]) throws {
        guard let folder = try PolicyFolder.open(path, in: root, makes: false), try folder.read() == expected else {
            throw PolicyFileError(.changed, path: path, reason: "was changed by somebody else")
        }
        try folder.unlink()
        // Whoever removes a file here does not write it anew in a moment, as editors do.
        forget(path)
    }

    public func disabledPaths() throws -> [String] { try paths().disabled }
}

/// The open folder of one policy file: every step on the way to it was a folder and no link.
private final class PolicyFolder {
    private let descriptor: Int32
    private let name: String
    private let path: String

    private init(_ descriptor: Int32, _ name: String, _ path: String) {
        (self.descriptor, self.name, self.path) = (descriptor, name, path)
    }

    deinit { close(descriptor) }

    /// - Parameter makes: whether folders that are missing are made.
    /// - Returns: `nil` where a folder is missing.
    static func open(_ path: String, in root: String, makes: Bool) throws -> PolicyFolder? {
        if let problem = PolicyPath.problem(path) { throw PolicyFileError(.refused, path: path, reason: problem) }
        var parts = PolicyPath.parts(of: path).map(String.init)
        let name = parts.removeLast()
        // The directory itself may be a link: whoever runs the program chose it.
        var descriptor = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "lies in a directory that cannot be opened") }
        for part in parts {
            var next = openat(descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if next < 0, errno == ENOENT, makes, mkdirat(descriptor, part, 0o755) == 0 || errno == EEXIST {
                next = openat(descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            let code = errno
            close(descriptor)
            guard next >= 0 else {
                if code == ENOENT { return nil }
                guard code == ELOOP || code == ENOTDIR else {
                    throw failure(path, "has a folder that cannot be opened")
                }
                throw PolicyFileError(.refused, path: path, reason: "lies behind a link or under a file")
            }
            descriptor = next
        }
        return PolicyFolder(descriptor, name, path)
    }

    /// `nil` where there is no such file.
    func read() throws -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            guard errno != ELOOP else { throw PolicyFileError(.refused, path: path, reason: "is a link") }
            throw Self.failure(path, "cannot be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw PolicyFileError(.refused, path: path, reason: "is not a regular file")
        }
        guard status.st_size <= PolicyDirectory.maximumFileSize else {
            throw PolicyFileError(
                .refused,
                path: path,
                reason: "has more than \(PolicyDirectory.maximumFileSize) bytes"
            )
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= PolicyDirectory.maximumFileSize {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path, "cannot be read") }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Writes beside the file, brings it to disk, and gives it the file's name.
    func replace(with bytes: [UInt8]) throws {
        var status = stat()
        let mode = fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_mode & 0o777 : 0o644
        // Hidden, so that nobody reads it as a policy.
        let temporary = ".palisade-\(UInt64.random(in: 0...UInt64.max))"
        let file = openat(descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw Self.failure(path, "cannot be written") }
        var isDone = false
        defer { if !isDone { unlinkat(descriptor, temporary, 0) } }
        do {
            defer { close(file) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure(path, "cannot be written") }
                rest = rest.dropFirst(count)
            }
            guard fchmod(file, mode) == 0, fsync(file) == 0 else { throw Self.failure(path, "cannot be written") }
        }
        guard renameat(descriptor, temporary, descriptor, name) == 0 else {
            throw Self.failure(path, "cannot be replaced")
        }
        isDone = true
        guard fsync(descriptor) == 0 else { throw Self.failure(path, "may not be on disk yet") }
    }

    func unlink() throws {
        guard unlinkat(descriptor, name, 0) == 0 else { throw Self.failure(path, "cannot be removed") }
        guard fsync(descriptor) == 0 else { throw Self.failure(path, "may not be gone from the disk yet") }
    }

    private static func failure(_ path: String, _ reason: String) -> PolicyFileError {
        PolicyFileError(.failed, path: path, reason: "\(reason) (\(String(cString: strerror(errno))))")
    }
}
