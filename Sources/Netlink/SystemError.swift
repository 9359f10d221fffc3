// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc

/// A system call that failed.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    /// What was attempted, as in "cannot …": `join the packet log`.
    public var operation: String
    /// The value of `errno`.
    public var code: Int32

    public init(_ operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    public var description: String { "cannot \(operation): \(Self.text(code))" }

    /// Throws when a call of the C module answered with a negative `errno`; else passes the answer on.
    @discardableResult
    public static func check<Value: SignedInteger>(_ result: Value, _ operation: String) throws(SystemError) -> Value {
        guard result < 0 else { return result }
        throw SystemError(operation, code: Int32(clamping: -Int64(result)))
    }

    private static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The return value repeats the buffer or names the failure; "errno N" is clear enough for unknown codes.
        guard strerror_r(code, &buffer, buffer.count - 1) == 0 else { return "errno \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
