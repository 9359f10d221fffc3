// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import PolicyModel
import ServiceLifecycle

/// What `palisade up` says on the terminal: that it is ready and what to do next, and in the sandbox the live flows.
struct Welcome: ServiceLifecycle.Service {
    let environment: HostEnvironment
    let options: UpOptions
    let policies: String
    let console: ConsoleAddress
    private let readiness = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(environment: HostEnvironment, options: UpOptions, policies: String, console: ConsoleAddress) {
        self.console = console
        self.environment = environment
        self.options = options
        self.policies = policies
    }

    /// Called when requests are answered.
    func ready() { readiness.continuation.yield() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in readiness.stream { break }
            if !options.isQuiet {
                greet(await environment.status(.all))
                if options.isSandbox { await showFlows() }
            }
            // Nothing more to say; a service that returns would end the others.
            // The wait ends by cancellation, which is how the group stops this service.
            try? await gracefulShutdown()
        }
    }

    private func greet(_ status: StatusReport) {
        let mode = status.mode.mode == .audit ? "audit (nothing is blocked but where a policy says so)" : "blocking"
        say(
            "Palisade \(status.version) is up: \(status.runtime), \(status.endpoints.enforced) containers, mode \(mode)."
        )
        say(
            "Policies  \(policies)  (\(status.policies.loaded) loaded; edit a file and it takes effect on save)"
        )
        for endpoint in status.endpoints.unprotected {
            say(
                "Unprotected  \(Escaping.terminal("\(endpoint.namespace)/\(endpoint.name): \(endpoint.reason)"))"
            )
        }
        for warning in status.warnings { Console.message("warning: \(Escaping.terminal(warning))") }
        let data = " --data \(options.data)"
        console.lines.forEach(say)
        say("In another terminal:")
        say("  palisade status\(data)")
        say("  palisade flows -f verdict:dropped\(data)")
        if options.isSandbox { say("  palisade explain shop/web data/db --port 5432\(data)") }
        if options.isSandbox {
            say(
                "\nLive flows (each kind of connection at most once in five seconds; Ctrl-C ends the sandbox):"
            )
        }
    }

    /// Enforcement goes on when nobody reads any more: the terminal may be closed.
    private func say(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Prints flows so that they can be read: one line for each kind, again after a while.
    private func showFlows() async {
        var shown: [String: ContinuousClock.Instant] = [:]
        for await batch in await environment.liveFlows(LiveRequest()).cancelOnGracefulShutdown() {
            if batch.lost > 0 { say("(\(batch.lost) flows not shown)") }
            for item in batch.items where item.raw?.report == .started {
                let key = [
                    FlowText.workload(item.source), FlowText.workload(item.destination), FlowText.port(item),
                    FlowText.verdict(item.verdict),
                ].joined(separator: " ")
                let now = ContinuousClock.now
                if let last = shown[key], last.duration(to: now) < .seconds(5) { continue }
                // The sandbox has some dozens of kinds; a stranger could make more.
                if shown.count > 10_000 { shown.removeAll() }
                shown[key] = now
                say(FlowText.liveLine(item))
            }
        }
    }
}
