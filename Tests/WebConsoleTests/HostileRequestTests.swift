// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Hummingbird
import Logging
import NIOEmbedded
import Synchronization
import Testing

@testable import WebConsole

/// Requests that only somebody with bad intentions sends.
@Suite struct HostileRequestTests {
    @Test func `a connection without an address is nobody's, least of all the owner's`() {
        // As of a connection that is closed when its request is looked at.
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let context = ConsoleContext(source: source)
        #expect(context.transport == .network && context.principal == nil)
    }

    @Test(arguments: [Int64.min, -1, 0, .max])
    func `cursors of nobody's making are answered`(_ number: Int64) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: .viewer, scope: "namespace/production/shop")])
            let (root, ann) = (try await lab.browser("root"), try await lab.browser("ann"))
            #expect(try await root.get("/audit?cursor=\(number)").status == 200)
            for path in [
                "/e/production/flows?group=raw&cursor=1-\(number)",
                "/e/production/flows?group=raw&cursor=\(number)-\(number)",
            ] {
                for client in [root, ann] { #expect(try await client.get(path).status < 500) }
            }
        }
    }

    @Test(arguments: [
        "a\r\n=1+1", "a\n=1", "a\r=1", "\"\u{301},b", "a,\"\r\n", "=1", "+1", "-1", "@x", "\t=1", "\r\n=1",
    ])
    func `a cell of an export stays one cell`(_ text: String) {
        let line = FlowExport.line([text, "z"])
        #expect(line.utf8.dropLast(2).allSatisfy { $0 != 0x0a && $0 != 0x0d })
        #expect(line.hasSuffix(",z\r\n"))
        let first = line.unicodeScalars.first { $0 != "\"" }
        #expect(!"=+-@\t".unicodeScalars.contains(first ?? "="))
        // Every quote inside a quoted cell is doubled.
        #expect(line.unicodeScalars.count { $0 == "\"" } % 2 == 0)
    }

    @Test func `what was done is recorded although its task was cancelled`() async throws {
        let entries = Mutex<[AuditEntry]>([])
        let sink = AuditSink(
            append: { entry in
                try Task.checkCancellation()
                entries.withLock { $0.append(entry) }
            },
            now: { 1 }
        )
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let context = ConsoleContext(source: source)
        let task = Task {
            try await sink.recording(AuditAction("policy.save", on: "policy-file/a"), context) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        try await task.value
        #expect(entries.withLock { $0.map(\.outcome) } == [.success])
    }

    @Test func `an entry that cannot be written is not written as a failure of what was done`() async throws {
        let count = Mutex(0)
        let sink = AuditSink(
            append: { _ in
                count.withLock { $0 += 1 }
                throw ServiceError(.failed, "full")
            },
            now: { 1 }
        )
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let context = ConsoleContext(source: source)
        await #expect(throws: ServiceError.self) {
            try await sink.recording(AuditAction("policy.save", on: "policy-file/a"), context) { _ in }
        }
        #expect(count.withLock { $0 } == 1)
    }

    @Test func `after setup nobody can write into the audit log with made-up links`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            func entries() async throws -> String { try await root.get("/audit?action=setup").body }
            for number in 0..<3 {
                let request = SetupRequest(link: "guess", name: "guest-\(number)", password: ConsoleLab.password)
                await #expect(throws: ServiceError.self) {
                    try await lab.access.setup(request, from: RequestOrigin(address: "2001:db8::\(number)"))
                }
            }
            #expect(try await !entries().contains("guest-"))
        }
    }
}
