// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import Logging
public import NftablesRuleset
public import PolicyEvaluation

/// Keeps the kernel's rules equal to what the present world asks for.
///
/// Only the newest world counts: worlds that arrive while the kernel is busy replace each other. A failed attempt changes
/// nothing in the kernel, is reported, and is tried again with growing pauses. Rules that somebody else removes are put
/// back, and the time without them is kept.
public actor EnforcementLoop {
    /// Told before a generation reaches the kernel, so that its events can be understood from the first one on.
    public typealias Announcement = @Sendable (_ generation: UInt32, _ world: ResolvedSnapshot) async -> Void

    static let maximumGaps = 100

    /// How far a new process goes ahead of the generation that it finds: nft may still be at work on the next one for
    /// a process that was killed.
    static let adoptionStep: UInt32 = 16

    private let applier: any RulesetApplier
    private let announce: Announcement
    private let now: @Sendable () -> Int64
    private let logger: Logger

    private var compiler = RulesetCompiler()
    private var desired: EnforcedWorld?
    private var applied: Ruleset?
    private var generation: UInt32 = 0
    private var appliedRevision: UInt64?
    private var lastApplied: Int64?
    private var lastError: String?
    private var gaps: [EnforcementGap] = []
    private var isStopped = false
    /// Whether rules of ours have been in the kernel, so that finding none there means that somebody removed them.
    private var hasEnforced = false
    private var isApplying = false
    /// What others did while the kernel was being written; looked at afterwards.
    private var postponed: ForeignChange?
    private var waiters: [(revision: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []

    private let wake: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    public init(
        applier: any RulesetApplier,
        logger: Logger,
        now: @escaping @Sendable () -> Int64,
        announce: @escaping Announcement
    ) {
        self.applier = applier
        self.announce = announce
        self.now = now
        self.logger = logger
        (wake, wakeUp) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes over what an earlier process left in the kernel: its rules stay until the first ruleset of this one replaces
    /// them, in one step.
    /// - Throws: what the applier throws.
    public func adopt() async throws {
        if let installed = try await applier.installedGeneration() {
            generation = installed + Self.adoptionStep
            hasEnforced = true
        } else {
            // Connections may still carry the mark of rules that were removed: with milliseconds to start from, no
            // ruleset of ours has the number of an earlier one.
            generation = UInt32(max(0, now()) / 1000 % Int64(KernelMarks.maximumGeneration / 2))
        }
    }

    /// Asks for a world, and returns when the kernel enforces it or a newer one.
    /// - Throws: the reason of the first failed attempt, and further attempts go on; `EnforcementStopped`.
    public func enforce(_ world: EnforcedWorld) async throws {
        guard !isStopped else { throw EnforcementStopped() }
        request(world)
        guard appliedRevision.map({ $0 < world.revision }) ?? true else { return }
        try await withCheckedThrowingContinuation { waiters.append((world.revision, $0)) }
    }

    /// Asks for a world without waiting for it.
    public func request(_ world: EnforcedWorld) {
        guard !isStopped, desired.map({ $0.revision < world.revision }) ?? true else { return }
        desired = world
        wakeUp.yield()
    }

    /// Works until cancelled.
    public func run() async {
        for await _ in wake {
            var pause = Duration.milliseconds(100)
            while !Task.isCancelled, needsApplying {
                do {
                    try await attempt()
                    pause = .milliseconds(100)
                    await lookAtPostponed()
                } catch {
                    note(failure: error)
                    await lookAtPostponed()
                    do { try await Task.sleep(for: pause) } catch { break }
                    pause = min(pause * 2, .seconds(5))
                }
            }
        }
        dismissWaiters(CancellationError())
    }

    /// Looks whether the kernel still holds our rules, after somebody else changed something; puts them back if not.
    public func verify(after change: ForeignChange) async {
        guard !isStopped, hasEnforced else { return }
        guard !isApplying else { return postpone(change) }
        let expected = applied?.generation
        var installed: UInt32?
        do {
            installed = try await applier.installedGeneration()
        } catch {
            note(failure: error)
        }
        guard !isStopped else { return }
        // The kernel was or is being written meanwhile: what was read says nothing about that.
        guard !isApplying else { return postpone(change) }
        guard applied?.generation == expected else { return await verify(after: change) }
        let isIntact = expected == nil ? installed != nil : installed == expected
        guard !isIntact || change.isTampering else { return }
        noteGap(by: change.program)
        applied = nil
        wakeUp.yield()
    }

    /// Removes our rules and stops enforcing for good.
    /// - Throws: what the applier throws; enforcement goes on then.
    public func remove() async throws {
        isStopped = true
        do {
            try await applier.apply(Ruleset.removingScript())
            applied = nil
            dismissWaiters(EnforcementStopped())
        } catch {
            isStopped = false
            throw error
        }
    }

    /// Keeps a time during which our rules were in the kernel and did not see all traffic.
    public func recordGap(from: Int64, to: Int64, reason: String) {
        gaps.append(EnforcementGap(from: from, to: to, by: nil, reason: reason))
        if gaps.count > Self.maximumGaps { gaps.removeFirst() }
    }

    /// How enforcement is doing.
    public func state() -> EnforcementState {
        EnforcementState(
            desiredRevision: desired?.revision,
            appliedRevision: applied == nil ? nil : appliedRevision,
            generation: applied?.generation,
            lastApplied: lastApplied,
            lastError: lastError,
            gaps: gaps
        )
    }

    private var needsApplying: Bool {
        guard !isStopped, let desired else { return false }
        return applied == nil || appliedRevision != desired.revision
    }

    private func attempt() async throws {
        guard let world = desired else { return }
        isApplying = true
        defer { isApplying = false }
        let before = applied
        generation = generation % KernelMarks.maximumGeneration + 1
        let ruleset = compiler.ruleset(
            for: world.resolved,
            attachments: world.attachments,
            generation: generation
        )
        await announce(generation, world.resolved)
        let script = before.map { ruleset.script(from: $0) } ?? ruleset.replacingScript()
        do {
            try await applier.apply(script)
        } catch {
            // The kernel may hold something else than we think: say everything anew next time.
            if before != nil { applied = nil }
            throw error
        }
        guard !isStopped else {
            // Taken down meanwhile, and there is no saying which of the two the kernel took first.
            try await applier.apply(Ruleset.removingScript())
            return
        }
        applied = ruleset
        hasEnforced = true
        appliedRevision = world.revision
        lastApplied = now()
        lastError = nil
        if let last = gaps.indices.last, gaps[last].to == nil { gaps[last].to = lastApplied }
        resume(through: world.revision)
    }

    private func note(failure error: any Error) {
        lastError = "\(error)"
        logger.error("rules could not be applied", metadata: ["error": "\(error)"])
        dismissWaiters(error)
    }

    private func dismissWaiters(_ error: any Error) {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.continuation.resume(throwing: error) }
    }

    private func postpone(_ change: ForeignChange) {
        postponed = ForeignChange(
            program: change.program ?? postponed?.program,
            isTampering: change.isTampering || postponed?.isTampering == true
        )
    }

    private func lookAtPostponed() async {
        guard let change = postponed else { return }
        postponed = nil
        await verify(after: change)
    }

    private func noteGap(by program: String?) {
        logger.error("rules were removed", metadata: ["by": "\(program ?? "unknown")"])
        // One that lasts is still the same.
        if let last = gaps.indices.last, gaps[last].to == nil { return }
        gaps.append(EnforcementGap(from: now(), to: nil, by: program))
        if gaps.count > Self.maximumGaps { gaps.removeFirst() }
    }

    private func resume(through revision: UInt64) {
        let done = waiters.filter { $0.revision <= revision }
        waiters.removeAll { $0.revision <= revision }
        for waiter in done { waiter.continuation.resume() }
    }
}

/// Enforcement was ended by taking the environment down.
public struct EnforcementStopped: Error, CustomStringConvertible {
    public var description: String { "The environment was taken down; nothing is enforced any more." }
}

/// A time during which our rules were not in the kernel; microseconds since 1970.
public struct EnforcementGap: Hashable, Sendable {
    public var from: Int64
    /// `nil` while it lasts.
    public var to: Int64?
    /// The program that removed them, where the kernel told.
    public var by: String?
    /// What else was wrong, when they were there and did not see all traffic; one sentence.
    public var reason: String?
}

/// How enforcement is doing.
public struct EnforcementState: Hashable, Sendable {
    public var desiredRevision: UInt64?
    /// `nil` when our rules are not in the kernel.
    public var appliedRevision: UInt64?
    public var generation: UInt32?
    public var lastApplied: Int64?
    public var lastError: String?
    public var gaps: [EnforcementGap]
}
