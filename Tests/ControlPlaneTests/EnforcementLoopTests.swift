// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Logging
import NftablesRuleset
import PolicyEvaluation
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

struct EnforcementLoopTests {
    /// A loop at work on a fake kernel while the body runs.
    private static func running(
        _ kernel: FakeKernel = FakeKernel(),
        now: Int64 = 5_000_000,
        _ body: (EnforcementLoop, FakeKernel) async throws -> Void
    ) async throws {
        let loop = EnforcementLoop(
            applier: kernel,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { now },
            announce: { _, _ in }
        )
        try await loop.adopt()
        let work = Task { await loop.run() }
        defer { work.cancel() }
        try await body(loop, kernel)
    }

    @Test func worldsThatComeWhileTheKernelIsBusyReplaceEachOther() async throws {
        try await Self.running { loop, kernel in
            kernel.hold()
            await loop.request(World.enforced(1))
            try await eventually("the first is being applied") { kernel.scripts.count == 1 }
            for revision in 2...9 { await loop.request(World.enforced(UInt64(revision))) }
            await loop.request(World.enforced(3))
            kernel.release()
            try await loop.enforce(World.enforced(10))
            #expect(await loop.state().appliedRevision == 10)
            #expect(kernel.scripts.count <= 3)
        }
    }

    @Test func aFailureIsReportedAndTriedAgain() async throws {
        try await Self.running { loop, kernel in
            kernel.refuse(2)
            await #expect(throws: FakeKernel.Refusal.self) { try await loop.enforce(World.enforced(1)) }
            #expect(await loop.state().lastError != nil)
            #expect(await loop.state().appliedRevision == nil)
            try await eventually("it is in force") { await loop.state().appliedRevision == 1 }
            #expect(await loop.state().lastError == nil)
        }
    }

    @Test func afterAFailedDifferenceEverythingIsSaidAnew() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            try await loop.enforce(World.enforced(2))
            #expect(kernel.scripts.last?.contains("delete table") == false)
            kernel.refuse(1)
            await #expect(throws: FakeKernel.Refusal.self) { try await loop.enforce(World.enforced(3)) }
            try await eventually("it is in force") { await loop.state().appliedRevision == 3 }
            #expect(kernel.scripts.last?.contains("delete table inet palisade") == true)
            #expect(await loop.state().generation == kernel.generation)
        }
    }

    @Test func removedRulesComeBackAndTheGapIsKept() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            kernel.set(generation: nil)
            await loop.verify(after: ForeignChange(program: "nft"))
            try await eventually("they are back") { kernel.generation != nil }
            try await eventually("the gap is closed") { await loop.state().gaps.last?.to != nil }
            #expect(await loop.state().gaps == [EnforcementGap(from: 5_000_000, to: 5_000_000, by: "nft")])
            #expect(await loop.state().generation == kernel.generation)
        }
    }

    @Test func changedRulesAreReplacedAlthoughTheirGenerationIsThere() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            let before = kernel.generation
            await loop.verify(after: ForeignChange(program: "iptables"))
            #expect(await loop.state().gaps.isEmpty)
            await loop.verify(after: ForeignChange(program: "nft", isTampering: true))
            try await eventually("they are replaced") { kernel.generation != before }
            #expect(kernel.scripts.last?.contains("delete table inet palisade") == true)
            #expect(await loop.state().gaps.map(\.by) == ["nft"])
        }
    }

    @Test func aLookAtTheKernelWhileItIsBeingWrittenFindsNoGap() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            kernel.hold()
            await loop.request(World.enforced(2))
            try await eventually("it is being applied") { kernel.scripts.count == 2 }
            await loop.verify(after: ForeignChange())
            kernel.release()
            try await loop.enforce(World.enforced(3))
            #expect(await loop.state().gaps.isEmpty)
            #expect(kernel.scripts.allSatisfy { $0.contains("delete table") } == false)
        }
    }

    @Test func aGapThatADifferenceRunsIntoIsKeptToo() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            kernel.hold()
            await loop.request(World.enforced(2))
            try await eventually("it is being applied") { kernel.scripts.count == 2 }
            kernel.set(generation: nil)
            await loop.verify(after: ForeignChange(program: "nft", isTampering: true))
            kernel.release()
            try await eventually("it is in force") {
                await loop.state().appliedRevision == 2 && kernel.generation != nil
            }
            try await eventually("the gap is closed") { await loop.state().gaps.last?.to != nil }
            #expect(await loop.state().gaps.map(\.by) == ["nft"])
        }
    }

    @Test func removingEndsEnforcementForGood() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            try await loop.remove()
            #expect(kernel.generation == nil)
            let count = kernel.scripts.count
            await loop.request(World.enforced(2))
            await loop.verify(after: ForeignChange(program: "nft", isTampering: true))
            await #expect(throws: EnforcementStopped.self) { try await loop.enforce(World.enforced(3)) }
            #expect(kernel.scripts.count == count)
            #expect(await loop.state().appliedRevision == nil)
        }
    }

    @Test func removingThatFailsLeavesEverythingAsItWas() async throws {
        try await Self.running { loop, kernel in
            try await loop.enforce(World.enforced(1))
            kernel.refuse(1)
            await #expect(throws: FakeKernel.Refusal.self) { try await loop.remove() }
            try await loop.enforce(World.enforced(2))
            #expect(kernel.generation == (await loop.state().generation))
        }
    }

    @Test func nothingIsLeftWhenRemovingMeetsAChangeUnderWay() async throws {
        try await Self.running { loop, kernel in
            kernel.hold()
            await loop.request(World.enforced(1))
            try await eventually("it is being applied") { kernel.scripts.count == 1 }
            let removal = Task { try await loop.remove() }
            try await eventually("the removal waits too") { kernel.scripts.count == 2 }
            kernel.release()
            try await removal.value
            try await eventually("all is gone") { kernel.generation == nil && kernel.scripts.count >= 3 }
        }
    }

    @Test func generationsGoOnFromWhatIsInTheKernel() async throws {
        let kernel = FakeKernel()
        kernel.set(generation: 41)
        try await Self.running(kernel) { loop, kernel in
            // Nothing was asked for: what an earlier process left stays.
            #expect(kernel.scripts.isEmpty)
            try await loop.enforce(World.enforced(1))
            #expect((kernel.generation ?? 0) > 41)
            #expect(kernel.scripts.first?.contains("delete table inet palisade") == true)
        }
    }

    @Test func afterRemovalGenerationsDoNotBeginWhereTheyBeganBefore() async throws {
        var first: [UInt32?] = []
        for now in [Int64(1_700_000_000_000_000), 1_700_000_001_000_000] {
            try await Self.running(now: now) { loop, kernel in
                try await loop.enforce(World.enforced(1))
                first.append(kernel.generation)
            }
        }
        #expect(first[0] != first[1])
    }

    @Test func whoeverWaitsIsToldWhenTheLoopEnds() async throws {
        let kernel = FakeKernel()
        let loop = EnforcementLoop(
            applier: kernel,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { 0 },
            announce: { _, _ in }
        )
        kernel.hold()
        let work = Task { await loop.run() }
        let waiter = Task { try await loop.enforce(World.enforced(1)) }
        try await eventually("it is being applied") { kernel.scripts.count == 1 }
        let second = Task { try await loop.enforce(World.enforced(2)) }
        try await eventually("the second is asked for") { await loop.state().desiredRevision == 2 }
        work.cancel()
        kernel.release()
        try await waiter.value
        await #expect(throws: CancellationError.self) { try await second.value }
    }
}
