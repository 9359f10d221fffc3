// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import HTTPTypes
import Hummingbird
import NetworkPrimitives
import ServiceLifecycle

/// Live flows as Server-Sent Events (WHATWG HTML, 9.2), with ids that a browser hands back when it comes again.
enum LiveStream {
    /// One batch as an event's name and data; `nil` leaves it out.
    typealias Writing = @Sendable (LiveFlows) throws -> String

    /// For programs: `flows` with a `LiveFlows`, and `lost` with a number.
    static func json(_ batch: LiveFlows) throws -> String {
        var text = batch.isIncomplete ? "event: lost\ndata: {\"lost\":\(batch.lost)}\n\n" : ""
        if !batch.items.isEmpty {
            let data = String(decoding: try JSONAnswer.bytes(of: batch), as: UTF8.self)
            text += "event: flows\n" + (batch.place.map { "id: \($0)\n" } ?? "") + "data: \(data)\n\n"
        }
        return text
    }

    /// For the Flows page: `rows` with markup, and `lost`.
    static func rows(_ markup: @escaping @Sendable ([FlowItem]) -> String) -> Writing {
        { batch in
            var text = batch.isIncomplete ? "event: lost\ndata: {\"count\":\(batch.lost)}\n\n" : ""
            if !batch.items.isEmpty {
                let rows = Rows(
                    html: markup(batch.items),
                    rows: batch.items.count,
                    dropped: batch.items.count { $0.verdict == .dropped }
                )
                let data = String(decoding: try JSONAnswer.bytes(of: rows), as: UTF8.self)
                text += "event: rows\n" + (batch.place.map { "id: \($0)\n" } ?? "") + "data: \(data)\n\n"
            }
            return text
        }
    }

    private struct Rows: Encodable {
        var html: String
        var rows: Int
        var dropped: Int
    }

    /// - Parameters:
    ///   - isPermitted: asked before anything is sent; the answer ends when it says no.
    ///   - pause: between what is written, unless more waits: many small writes cost more than few large ones.
    static func response(
        _ live: AsyncStream<LiveFlows>,
        while isPermitted: @escaping @Sendable () async -> Bool,
        pause: Duration = .milliseconds(100),
        _ writing: @escaping Writing = json
    ) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 2000\n: palisade live flows\n\n"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                let events = LiveEvents()
                group.addTask { try await events.forward(live, pause: pause) }
                group.addTask { try await events.beat() }
                for await event in events.stream.cancelOnGracefulShutdown() {
                    guard await isPermitted() else { break }
                    switch event {
                    case .batch(let batch): try await writer.write(ByteBuffer(string: try writing(batch)))
                    case .heartbeat: try await writer.write(ByteBuffer(string: "event: ping\ndata: {}\n\n"))
                    }
                    events.wasWritten()
                }
                group.cancelAll()
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }
}

/// Live flows and heartbeats on one bounded stream.
///
/// Holds two events. A batch is asked for when the one before is written, so that a slow reader's flows wait in
/// `FlowBroadcast`, which counts what gets too old; a heartbeat that finds no room is left out.
struct LiveEvents: Sendable {
    enum Event: Sendable {
        case batch(LiveFlows)
        case heartbeat
    }

    let stream: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let written: AsyncStream<Void>
    private let writing: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(2))
        (written, writing) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that an event of the stream is written.
    func wasWritten() { writing.yield() }

    func forward(_ live: AsyncStream<LiveFlows>, pause: Duration) async throws {
        defer { continuation.finish() }
        var room = written.makeAsyncIterator()
        for await batch in live {
            // Heartbeats may have taken the room: then one of them is written first.
            while case .dropped = continuation.yield(.batch(batch)) {
                guard await room.next() != nil else { return }
            }
            guard await room.next() != nil else { return }
            if !batch.hasMore { try await Task.sleep(for: pause) }
        }
    }

    func beat() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(10))
            addHeartbeat()
        }
    }

    func addHeartbeat() { continuation.yield(.heartbeat) }
}

extension HTTPField.Name {
    /// Where a browser that lost its connection goes on (WHATWG HTML, 9.2.4).
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .from
}
