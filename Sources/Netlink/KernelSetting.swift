// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc

/// One file below `/proc/sys`; those under `net` belong to the network namespace of the calling thread.
public struct KernelSetting: Hashable, Sendable {
    public let path: String

    /// - Parameter name: relative to `/proc/sys`: `net/ipv4/ip_forward`.
    public init(_ name: String) { path = "/proc/sys/\(name)" }

    /// The value without the line's end; `nil` when there is no such setting.
    public var value: String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// Writes `wanted` unless it is there already.
    public func ensure(_ wanted: String) throws(SystemError) {
        guard value != wanted else { return }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("set \(path) to \(wanted)", code: errno) }
        defer { close(descriptor) }
        guard wanted.utf8CString.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count - 1) }) > 0 else {
            throw SystemError("set \(path) to \(wanted)", code: errno)
        }
    }
}
