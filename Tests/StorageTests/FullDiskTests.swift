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

    /// Prints one JSON line; run it from a release build for a figure that means something.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PALISADE_BENCH"] != nil, "only when figures are asked for"))
    func `the rate of appending is measured`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let batch = (0..<10_000).map { index in
            var flow = FlowSamples.denied(time: Int64(index) * 20)
            flow.sourcePort = UInt16(truncatingIfNeeded: index)
            flow.destinationPort = UInt16(index % 500)
            return flow
        }
        let clock = ContinuousClock()
        var best = Duration.seconds(1000)
        for _ in 0..<20 {
            best = min(best, try await clock.measure { try await store.append(batch, losses: []) })
        }
        let rate = 10_000 / (Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds))
        var usage = rusage()
        getrusage(0, &usage)
        print("{\"figure\":\"flow-store-append\",\"flowsPerSecond\":\(Int(rate)),\"maxRSSKiB\":\(usage.ru_maxrss)}")
        #expect(rate > 0)
    }
}
