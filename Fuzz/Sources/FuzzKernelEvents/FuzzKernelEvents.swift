// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import KernelEventDecoders
import Netlink

private typealias Run = @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

/// libFuzzer's own loop (LLVM documentation, "Using libFuzzer as a library").
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<Arguments>,
    _ run: Run
) -> CInt

/// Hands arbitrary bytes to the decoders of the kernel's messages; they must neither trap nor read outside.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKernelEvents(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let datagram = UnsafeRawBufferPointer(start: bytes, count: count)
    for message in NetlinkMessages(datagram) {
        _ = PacketLogDecoder.decode(message, receivedAt: 0)
        _ = ConnectionEventDecoder.decode(message, receivedAt: 0)
        _ = InterfaceTable.link(message)
        _ = InterfaceTable.address(message)
    }
    return 0
}

/// The package manager renames `main` of an executable to this name, so libFuzzer's own is not found.
@_cdecl("FuzzKernelEvents_main")
public func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, fuzzKernelEvents)
}
