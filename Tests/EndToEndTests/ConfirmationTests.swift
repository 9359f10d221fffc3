// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import Synchronization
import TestSupport
import Testing

/// Nothing starts to block by accident.
@Suite(.serialized) struct ConfirmationTests {
    static let flows = [FlowSamples.wouldDrop(time: Int64(Date().timeIntervalSince1970) * 1_000_000 - 4_000_000)]
    private static let set = ["env", "mode", "set", "blocking", "--data"]

    @Test func `without a terminal blocking needs the name or a yes`() async throws {
        try await RunningServer.serving(flows: Self.flows) { server in
            let arguments = Self.set + [server.directory]
            let asked = try await Program.run(arguments)
            #expect(asked.status == 2 && asked.output.isEmpty)
            #expect(asked.messages.contains("1 connection would have been dropped in the last 24 h"))
            #expect(asked.messages.contains("Add --confirm this-host, or -y. Nothing was changed."))
            let wrong = try await Program.run(arguments + ["--confirm", "that-host"])
            #expect(wrong.status == 2 && wrong.messages.contains("is not \"this-host\""))
            #expect(server.environment.changes.withLock { $0 }.isEmpty)
            let named = try await Program.run(arguments + ["--confirm", "this-host"])
            #expect(named.status == 0 && named.output == "environment/this-host mode set to blocking\n")
            #expect(server.environment.changes.withLock { $0 } == [ModeChange(scope: .environment, mode: .blocking)])
        }
    }

    @Test func `on a terminal the name is asked for`() async throws {
        try await RunningServer.serving { server in
            let arguments = Self.set + [server.directory, "--scope", "shop"]
            let declined = try await Program.onTerminal(arguments, input: "no\n")
            #expect(declined.status == 1 && declined.output.contains("Type shop to continue:"))
            #expect(server.environment.changes.withLock { $0 }.isEmpty)
            let silent = try await Program.onTerminal(Self.set + [server.directory, "--no-input", "--scope", "data"])
            #expect(silent.status == 2)
            let agreed = try await Program.onTerminal(arguments, input: "shop\n")
            #expect(agreed.status == 0, "\(agreed.output)")
            #expect(
                server.environment.changes.withLock { $0 } == [ModeChange(scope: .namespace("shop"), mode: .blocking)]
            )
        }
    }

    @Test(arguments: [
        ("shop", ModeChange.Scope.namespace("shop")), ("ns/shop", .namespace("shop")),
        ("shop/web", .policy("shop/web")), ("policy/shop/web", .policy("shop/web")), ("policy/wide", .policy("wide")),
    ]) func `a scope is a namespace or a policy, and audit needs no yes`(
        _ text: String,
        _ scope: ModeChange.Scope
    ) async throws {
        try await RunningServer.serving { server in
            let outcome = try await Program.run([
                "env", "mode", "set", "audit", "--scope", text, "--data", server.directory,
            ])
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(server.environment.changes.withLock { $0 } == [ModeChange(scope: scope, mode: .audit)])
        }
    }

    @Test func `status waits until everything is as written, or says what is not`() async throws {
        try await RunningServer.serving { server in
            let arguments = ["status", "--data", server.directory, "--wait", "--wait-duration", "0s"]
            let strict = try await Program.run(arguments)
            #expect(strict.status == 7 && strict.output.contains("this-host"))
            #expect(
                strict.messages.contains("1 broken file, 1 degraded policy, 1 unprotected container, 1 warning"),
                "\(strict.messages)"
            )
            #expect(try await Program.run(arguments + ["--ignore-warnings"]).status == 0)
        }
    }
}
