// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Foundation
import Storage
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

struct FullDiskTests {
    /// Whether a small file system can be mounted here.
    static let canMount: Bool = {
        guard geteuid() == 0, let scratch = try? Scratch() else { return false }
        guard mount("tmpfs", scratch.path, "tmpfs", 0, "size=1m") == 0 else { return false }
        return umount(scratch.path) == 0
    }()

    @Test(.enabled(if: canMount, "needs the privilege to mount a small tmpfs"))
    func `a full disk is said, loses nothing that was stored, and is over when there is space`() async throws {
        let scratch = try Scratch()
        try #require(mount("tmpfs", scratch.path, "tmpfs", 0, "size=6m") == 0)
        defer { umount2(scratch.path, Int32(MNT_DETACH)) }
        let filler = scratch.path + "/filler"
        try Data(repeating: 1, count: 3 << 20).write(to: URL(fileURLWithPath: filler))
        let store = try await scratch.open().store
        var stored = 0
        var failure: (any Error)?
        while failure == nil, stored < 100 {
            do {
                let flows = (0..<1000).map { FlowSamples.denied(time: Int64(stored * 1000 + $0)) }
                try await store.append(flows, losses: [])
                stored += 1
            } catch {
                failure = error
            }
        }
        #expect((failure as? FlowStoreError)?.code == .full, "\(String(describing: failure))")
        #expect("\(String(describing: failure))".contains("No space left"))
        let all = FlowQuery(range: TimeRange(from: 0, to: .max), limit: 1_000_000)
        #expect(try await store.flows(all).flows.count == stored * 1000)
        try FileManager.default.removeItem(atPath: filler)
        try await store.append([FlowSamples.denied(time: 1 << 40)], losses: [])
        #expect(try await store.flows(all).flows.count == stored * 1000 + 1)
        try store.close()
    }
}
