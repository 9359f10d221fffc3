// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Logging
import NftablesRuleset
import PolicyModel
public import ServiceLifecycle

extension HostEnvironment {
    /// The long-running parts, in the order of their dependencies: a service group starts them in order and stops them in
    /// reverse.
    public var services: [any Service] {
        [
            Loop { await maintainStore() }, Loop { await flushFlows() }, Loop { await enforcement.run() },
        ]
            + parts.events.map { source in Loop { await observe(source) } }
            + [
                Loop { await watchHealth() }, Loop { await watchRules() }, Loop { await followWorkloads() },
                Loop { await followPolicies() },
            ]
    }

    /// One part's work until it is cancelled.
    private struct Loop: Service {
        var body: @Sendable () async -> Void

        init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

        func run() async throws {
            await cancelWhenGracefulShutdown { await body() }
        }
    }

    /// Repeats what may fail, with growing pauses, until cancelled; a run that lasted starts with short pauses again.
    private func persist(_ what: String, _ body: @Sendable () async throws -> Void) async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do { try await body() } catch {
                guard !Task.isCancelled else { return }
                logger.warning("\(what) failed", metadata: ["error": "\(error)"])
            }
            if start.duration(to: .now) > .seconds(10) { pause = .milliseconds(100) }
            // Only cancellation ends a sleep early, and the loop looks at that.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }

    private func observe(_ source: any KernelEventSource) async {
        await persist("reading traffic events") {
            try await source.run { events in await pipeline.ingest(events) }
        }
    }

    private func watchRules() async {
        await persist("watching the kernel's rules") {
            try await parts.applier.watch { change in await enforcement.verify(after: change) }
        }
    }

    /// Looks every two seconds at the settings that enforcement rests on, and every ten at what was not logged.
    private func watchHealth() async {
        guard let health = parts.health else { return await waitForCancellation() }
        var counted: UInt64 = 0
        var lastLook = now()
        var round = 0
        while !Task.isCancelled {
            // Only cancellation ends a sleep early, and the loop looks at that.
            try? await Task.sleep(for: .seconds(2))
            do {
                for sentence in try await health.repair() {
                    logger.error("\(sentence)")
                    await enforcement.recordGap(from: lastLook, to: now(), reason: sentence)
                }
                lastLook = now()
                round += 1
                guard round % 5 == 0 else { continue }
                let total = try await health.unloggedPackets()
                // A new table counts from zero.
                await pipeline.note(loss: .rateLimit, total >= counted ? total - counted : total)
                counted = total
            } catch {
                guard !Task.isCancelled else { return }
                logger.error("the kernel's settings cannot be kept", metadata: ["error": "\(error)"])
            }
        }
    }

    private func waitForCancellation() async {
        // Only cancellation ends a sleep early, and the loop looks at that.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    private func followWorkloads() async {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await persist("watching containers") {
                    // Whatever happened while nobody watched.
                    changed.yield()
                    try await parts.workloads.watch { changed.yield() }
                }
                changed.finish()
            }
            for await _ in changes {
                do {
                    let inventory = try await parts.workloads.inventory()
                    if let world = await state.receive(inventory) { await enforcement.request(world.enforced) }
                } catch {
                    logger.warning("containers cannot be read", metadata: ["error": "\(error)"])
                    // Spurious calls are allowed: the next look comes soon.
                    try? await Task.sleep(for: .seconds(1))
                    changed.yield()
                }
            }
        }
    }

    private func followPolicies() async {
        let (readings, wasRead) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let read: @Sendable () async -> Void = {
                    await readPolicies()
                    wasRead.yield()
                }
                await persist("watching policies") {
                    await read()
                    try await parts.policies.watch(changed: read)
                }
                wasRead.finish()
            }
            for await _ in readings { await policyIntake.keepLastGood() }
        }
    }

    private func readPolicies() async {
        do {
            if let world = try await policyIntake.take(into: state) { await enforcement.request(world.enforced) }
        } catch {
            logger.error("policies cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func flushFlows() async {
        while !Task.isCancelled {
            // Only cancellation ends a sleep early, and the loop looks at that.
            try? await Task.sleep(for: .milliseconds(400))
            await pipeline.flush()
        }
    }

    private func maintainStore() async {
        while !Task.isCancelled {
            do {
                try await parts.store.prune(now: now())
            } catch {
                logger.warning("old flows cannot be removed", metadata: ["error": "\(error)"])
            }
            // Only cancellation ends a sleep early, and the loop looks at that.
            try? await Task.sleep(for: .seconds(30))
        }
    }
}
