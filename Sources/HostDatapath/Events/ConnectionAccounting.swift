// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
public import Netlink

/// The kernel settings by which tracked connections count bytes and remember their start.
///
/// Only connections that begin afterwards have counters and a duration. Without these settings everything works, but
/// flows have no bytes and no duration.
public enum ConnectionAccounting {
    /// The settings, relative to `/proc/sys`.
    public static let settings = [
        "net/netfilter/nf_conntrack_acct", "net/netfilter/nf_conntrack_timestamp",
    ]

    /// Switches both on, in the network namespace of the process or in `namespace`.
    /// - Throws: when a setting can neither be read as 1 nor written.
    public static func enable(in namespace: NetworkNamespace? = nil) async throws {
        guard let namespace else { return try enableHere() }
        try await namespace.run { try enableHere() }
    }

    private static func enableHere() throws(SystemError) {
        for setting in settings { try KernelSetting(setting).ensure("1") }
    }
}

/// One file below `/proc/sys`; those under `net` belong to the network namespace of the calling thread.
struct KernelSetting: Hashable, Sendable {
    let path: String

    init(_ name: String) { path = "/proc/sys/\(name)" }

    /// The value without the line's end; `nil` when there is no such setting.
    var value: String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// Writes `wanted` unless it is there already.
    func ensure(_ wanted: String) throws(SystemError) {
        guard value != wanted else { return }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("set \(path) to \(wanted)", code: errno) }
        defer { close(descriptor) }
        guard wanted.utf8CString.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count - 1) }) > 0 else {
            throw SystemError("set \(path) to \(wanted)", code: errno)
        }
    }
}
