// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension UnsafeRawBufferPointer {
    // Reads that answer `nil` past the end instead of trapping: the bytes come from outside.

    /// The byte at `offset`.
    @inlinable
    public func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? self[offset] : nil
    }

    /// An integer in the machine's byte order, as netlink headers have it.
    @inlinable
    public func native<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value? {
        guard offset >= 0, count >= MemoryLayout<Value>.size, offset <= count - MemoryLayout<Value>.size else {
            return nil
        }
        return loadUnaligned(fromByteOffset: offset, as: Value.self)
    }

    /// An integer in network byte order, as packets and netfilter attributes have it.
    @inlinable
    public func network<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value? {
        native(type, at: offset).map { Value(bigEndian: $0) }
    }

    /// `length` bytes from `offset`; `nil` when they are not all there.
    @inlinable
    public func part(from offset: Int, length: Int) -> UnsafeRawBufferPointer? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        return UnsafeRawBufferPointer(rebasing: self[offset..<offset + length])
    }

    /// Everything from `offset` on; `nil` when `offset` lies past the end.
    @inlinable
    public func rest(from offset: Int) -> UnsafeRawBufferPointer? {
        part(from: offset, length: count - offset)
    }
}
