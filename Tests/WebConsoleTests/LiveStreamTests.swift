// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import Foundation
import NetworkPrimitives
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane
@testable import WebConsole

/// Readers of live flows whose connection breaks.
@Suite struct LiveStreamTests {
    /// Flows with a port each, so that they can be told apart.
    private static func flows(_ ports: ClosedRange<UInt16>) -> [Flow] {
        ports.map { port in
            var flow = LabWorld.flows[0]
            flow.destinationPort = port
            return flow
        }
    }

    private static func ports(_ event: LiveReader.Event) throws -> [UInt16] {
        let batch = try JSONDecoder().decode(LiveFlows.self, from: Data(event.data.utf8))
        return batch.items.compactMap(\.port)
    }

    /// Reads until so many flows have come.
    private static func read(_ reader: LiveReader, _ count: Int) async throws -> (ports: [UInt16], last: String?) {
        var ports: [UInt16] = []
        var last: String?
        while ports.count < count {
            let event = try await reader.next()
            #expect(event.name == "flows", "\(event)")
            ports += try Self.ports(event)
            last = event.id ?? last
        }
        return (ports, last)
    }

    @Test func `a reader that comes back goes on where it was: nothing twice, nothing lost`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root").secret
            let broadcast = lab.production.broadcast
            var reader = try LiveReader(lab, cookie: root)
            try await Task.sleep(for: .milliseconds(300))
            await broadcast.send(Self.flows(1...10), lost: 0)
            var seen = try await Self.read(reader, 10)
            #expect(seen.ports == Array(1...10))
            for round in 1...5 {
                await reader.stop()
                let start = UInt16(round * 10 + 1)
                await broadcast.send(Self.flows(start...start + 3), lost: 0)
                reader = try LiveReader(lab, cookie: root, after: seen.last)
                await broadcast.send(Self.flows(start + 4...start + 9), lost: 0)
                seen = try await Self.read(reader, 10)
                #expect(seen.ports == Array(start...start + 9))
            }
        }
    }

    @Test func `what is no longer remembered is told as a gap`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root").secret
            let broadcast = lab.production.broadcast
            let reader = try LiveReader(lab, cookie: root, filter: "verdict:dropped")
            try await Task.sleep(for: .milliseconds(300))
            await broadcast.send(Self.flows(1...1), lost: 0)
            let place = try await Self.read(reader, 1).last
            await reader.stop()
            for _ in 0..<5 { await broadcast.send(Self.flows(1...5_000), lost: 0) }
            let back = try LiveReader(lab, cookie: root, after: place)
            let event = try await back.next()
            #expect(event.name == "lost")
        }
    }

    @Test(arguments: ["0-0", "ffffffffffffffff-1", "7", "", "x-y", "1-2-3"])
    func `a place of another process, or none, leads to a gap or to now, never to somebody else's flows`(
        _ place: String
    ) async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root").secret
            await lab.production.broadcast.send(Self.flows(1...5), lost: 0)
            let reader = try LiveReader(lab, cookie: root, after: place)
            try await Task.sleep(for: .milliseconds(300))
            await lab.production.broadcast.send(Self.flows(6...6), lost: 0)
            var event = try await reader.next()
            if LivePlace(place) != nil {
                #expect(event.name == "lost")
                event = try await reader.next()
            }
            #expect(try Self.ports(event) == [6])
        }
    }

    @Test func `a wrong filter and a missing sign-in are refused before the stream begins`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root").secret
            for (cookie, filter, status) in [(root, "vredict:x", 400), ("nobody", "", 401)] {
                let reader = try LiveReader(lab, cookie: cookie, filter: filter)
                let ended = await #expect(throws: LiveReader.Ended.self) { try await reader.next() }
                #expect(ended?.status == status)
            }
        }
    }

    @Test func `a stream ends when the session ends, and when rights are taken away`() async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: .viewer, scope: "everywhere")])
            let broadcast = lab.production.broadcast
            let changes: [@Sendable () async throws -> Void] = [
                { try await lab.access.endSessions(of: "ann", by: .owner, from: ConsoleLab.origin) },
                {
                    let grants = [GrantReport(role: .viewer, scope: "namespace/production/shop")]
                    _ = try await lab.access.editUser(
                        "ann",
                        UserEdit(grants: grants),
                        by: .owner,
                        from: ConsoleLab.origin
                    )
                },
            ]
            for change in changes {
                let reader = try LiveReader(lab, cookie: try await lab.session("ann").secret)
                try await Task.sleep(for: .milliseconds(300))
                await broadcast.send(Self.flows(1...1), lost: 0)
                #expect(try Self.ports(try await reader.next()) == [1])
                try await change()
                await broadcast.send(Self.flows(2...2), lost: 0)
                let ended = await #expect(throws: LiveReader.Ended.self) { try await reader.next() }
                #expect(ended?.status == 200)
            }
        }
    }

    @Test func `a batch is asked for when the one before is written, and heartbeats take no batch's room`() async {
        let events = LiveEvents()
        let asked = Mutex(0)
        let live = AsyncStream(unfolding: {
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            return number > 20 ? nil : LiveFlows(items: [FlowItem(LabWorld.flows[0])], place: "\(number)")
        })
        let forwarding = Task { try await events.forward(live, pause: .zero) }
        try? await Task.sleep(for: .milliseconds(200))
        #expect(asked.withLock { $0 } <= 2)
        for _ in 0..<5 { events.addHeartbeat() }
        var places: [String] = []
        for await event in events.stream {
            if case .batch(let batch) = event { places += [batch.place ?? ""] }
            events.wasWritten()
        }
        #expect(places == (1...20).map { "\($0)" })
        await #expect(throws: Never.self) { try await forwarding.value }
    }
}
