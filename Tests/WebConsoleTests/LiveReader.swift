// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

@testable import WebConsole

/// Reads live flows as a browser does, event by event, and can be told to go on after an event.
final class LiveReader: Sendable {
    struct Event: Sendable {
        var name = "message"
        var data = ""
        var id: String?
    }

    struct Ended: Error {
        var status: Int
    }

    private let events: AsyncThrowingStream<Event, any Error>
    private let reading: Task<Void, Never>

    init(
        _ lab: ConsoleLab,
        cookie: String,
        isPage: Bool = false,
        filter: String = "",
        after id: String? = nil
    ) throws {
        let path = isPage ? "/e/production/flows/live?q=" : "/api/v1/environments/production/flows/live?filter="
        guard let url = URL(string: lab.url + path + Client.encoded(filter)) else { throw Ended(status: 0) }
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Event.self)
        events = stream
        reading = Task {
            do {
                try await Self.read(url, cookie, id) { continuation.yield($0) }
                continuation.finish(throwing: Ended(status: 200))
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    deinit { reading.cancel() }

    func stop() async {
        reading.cancel()
        await reading.value
    }

    /// The next event that is no heartbeat.
    func next() async throws -> Event {
        for try await event in events where event.name != "ping" { return event }
        throw Ended(status: 0)
    }
}

extension LiveReader {
    private static func read(
        _ url: URL,
        _ cookie: String,
        _ id: String?,
        _ receive: @Sendable (Event) -> Void
    ) async throws {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers.add(name: "cookie", value: "palisade=\(cookie)")
        if let id { request.headers.add(name: "last-event-id", value: id) }
        let response = try await Client.plain.execute(request, timeout: .minutes(5))
        guard response.status == .ok else { throw Ended(status: Int(response.status.code)) }
        var rest = ""
        for try await buffer in response.body {
            rest += String(buffer: buffer)
            while let end = rest.range(of: "\n\n") {
                let lines = rest[..<end.lowerBound].split(separator: "\n")
                rest = String(rest[end.upperBound...])
                var event = Event()
                for line in lines {
                    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
                    switch parts[0] {
                    case "event": event.name = String(value)
                    case "data": event.data += value
                    case "id": event.id = String(value)
                    default: break
                    }
                }
                if !event.data.isEmpty { receive(event) }
            }
        }
    }
}
