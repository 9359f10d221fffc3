// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import PolicyModel

private typealias Run = @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

/// libFuzzer's own loop (LLVM documentation, "Using libFuzzer as a library").
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<Arguments>,
    _ run: Run
) -> CInt

/// Readers that take different ways through the same bytes.
private let readers = [
    WorldReader(.init(tieredPolicies: .read)),
    WorldReader(
        .init(
            tieredPolicies: .read,
            unknownPeers: .closed,
            semantics: .cilium,
            cilium: CiliumSettings(version: CiliumVersion(1, 16), cidrMatchMode: [.nodes])
        )
    ),
]

/// Called with any bytes: each may be a policy file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPolicyText(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let document = SourceDocument(name: "fuzz", bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
    for reader in readers {
        for decoded in reader.read([document]).documents {
            precondition(!decoded.hasErrors || decoded.policies.isEmpty, "a document with errors gave policies")
        }
    }
    return 0
}

/// The package manager renames `main` of an executable to this name, so libFuzzer's own is not found.
@_cdecl("FuzzPolicyText_main")
public func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, fuzzPolicyText)
}
