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
    private var isApplying = false
    /// Somebody may have changed the rules while a ruleset was on its way.
    private var mustVerify = false
    /// Somebody did.
    private var wasDisturbed = false
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
        generation = try await applier.installedGeneration() ?? 0
    }

    /// Asks for a world, and returns when the kernel enforces it or a newer one.
    /// - Throws: the reason of the first failed attempt; further attempts go on.
    public func enforce(_ world: EnforcedWorld) async throws {
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
                } catch {
                    note(failure: error)
                    do { try await Task.sleep(for: pause) } catch { return }
                    pause = min(pause * 2, .seconds(5))
                }
            }
        }
    }

    /// Looks whether the kernel still holds the rules that were applied last, and puts them back if not.
    public func verify() async {
        guard !isStopped, let expected = applied?.generation else { return }
        guard !isApplying else {
            mustVerify = true
            return
        }
        do {
            let installed = try await applier.installedGeneration()
            // Something newer is on its way, or has arrived meanwhile; it is looked at when it is there.
            guard !isApplying, applied?.generation == expected, installed != expected else { return }
            restore(changedBy: nil)
        } catch {
            note(failure: error)
        }
    }

    /// Puts our rules back as a whole, after somebody else changed something in them.
    /// - Parameter program: Who it was, where known.
    public func restore(changedBy program: String?) {
        guard !isStopped, applied != nil || isApplying else { return }
        logger.error("our rules were changed; putting them back", metadata: ["by": "\(program ?? "unknown")"])
        if gaps.last.map({ $0.to != nil }) ?? true {
            gaps.append(EnforcementGap(from: now(), to: nil, by: program))
            if gaps.count > Self.maximumGaps { gaps.removeFirst() }
        }
        applied = nil
        wasDisturbed = true
        wakeUp.yield()
    }

    /// Removes our rules and stops enforcing for good.
    /// - Throws: what the applier throws; enforcement goes on then.
    public func remove() async throws {
        isStopped = true
        do {
            try await applier.apply(Ruleset.removingScript())
            applied = nil
        } catch {
            isStopped = false
            throw error
        }
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
        wasDisturbed = false
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
            isApplying = false
            // The kernel may hold something else than we think: say everything anew next time.
            applied = nil
            throw error
        }
        isApplying = false
        // Somebody changed rules meanwhile, before or after ours arrived: the loop says everything anew.
        applied = wasDisturbed ? nil : ruleset
        appliedRevision = world.revision
        lastApplied = now()
        lastError = nil
        guard !wasDisturbed else { return }
        if let last = gaps.indices.last, gaps[last].to == nil { gaps[last].to = lastApplied }
        resume(through: world.revision)
        if mustVerify {
            mustVerify = false
            await verify()
        }
    }

    private func note(failure error: any Error) {
        lastError = "\(error)"
        logger.error("rules could not be applied", metadata: ["error": "\(error)"])
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.continuation.resume(throwing: error) }
    }

    private func resume(through revision: UInt64) {
        let done = waiters.filter { $0.revision <= revision }
        waiters.removeAll { $0.revision <= revision }
        for waiter in done { waiter.continuation.resume() }
    }
}

/// A time during which our rules were not in the kernel; microseconds since 1970.
public struct EnforcementGap: Hashable, Sendable {
    public var from: Int64
    /// `nil` while it lasts.
    public var to: Int64?
    /// The program that removed them, where the kernel told.
    public var by: String?
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
