// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import ServiceLifecycle

/// What `palisade up` says: that it is ready and what to do next, and in the sandbox the live flows.
struct Welcome: ServiceLifecycle.Service {
    let environment: HostEnvironment
    let options: UpOptions
    let socket: String
    let policies: String
    private let readiness = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(environment: HostEnvironment, options: UpOptions, socket: String, policies: String) {
        self.environment = environment
        self.options = options
        self.socket = socket
        self.policies = policies
    }

    /// Called when requests are answered.
    func ready() async { readiness.continuation.yield() }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            for await _ in readiness.stream { break }
            try await greet()
            for await _ in AsyncStream<Void>.makeStream().stream.cancelOnGracefulShutdown() {}
        }
    }

    private func greet() async throws {
        guard !options.isQuiet else { return }
        let status = await environment.status()
        print(
            "Palisade \(ProgramVersion.current) is watching \(status.endpoints.enforced) containers (\(status.runtime)), mode \(status.mode.mode.rawValue)."
        )
        print("Policies: \(policies)   Socket: \(socket)")
    }
}
