// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Recorded flows, live flows and statistics.
struct FlowRoutes {
    let service: any FlowService
    let now: @Sendable () -> Int64

    func add(to api: RouterGroup<BasicRequestContext>) {
        let service = service
        let now = now
        api.get("flows") { request, _ in
            let parameters = FlowParameters(request, now: now())
            return try JSONAnswer.response(await service.flows(parameters.flowRequest()))
        }
        api.get("flows/live") { request, _ in
            let filter = try FlowParameters(request, now: now()).filter()
            return Self.stream(await service.liveFlows(filter, .all))
        }
        api.get("traffic") { request, _ in
            try JSONAnswer.response(await service.traffic(FlowParameters(request, now: now()).statisticsRequest()))
        }
        api.get("statistics/totals") { request, _ in
            try JSONAnswer.response(await service.totals(FlowParameters(request, now: now()).statisticsRequest()))
        }
        api.get("statistics/rate") { request, _ in
            try JSONAnswer.response(await service.rate(FlowParameters(request, now: now()).statisticsRequest()))
        }
        api.get("statistics/namespaces") { request, _ in
            try JSONAnswer.response(await service.namespaces(FlowParameters(request, now: now()).statisticsRequest()))
        }
        api.get("statistics/drops") { request, _ in
            try JSONAnswer.response(await service.drops(FlowParameters(request, now: now()).statisticsRequest()))
        }
    }

    /// Server-Sent Events: `flows` with a `LiveFlows`, `lost` with a count, comments when nothing happens.
    private static func stream(_ live: AsyncStream<LiveFlows>) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: ": palisade live flows\n\n"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                let events = LiveEvents()
                group.addTask { await events.forward(live) }
                group.addTask { try await events.beat() }
                for await event in events.stream.cancelOnGracefulShutdown() {
                    try await writer.write(ByteBuffer(string: try event.text()))
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
/// Holds at most 16 events; a batch that does not fit while the reader is slow is lost, counted, and told with the next.
struct LiveEvents: Sendable {
    enum Event: Sendable {
        case batch(LiveFlows)
        case heartbeat

        func text() throws -> String {
            switch self {
            case .heartbeat: return ": alive\n\n"
            case .batch(let batch):
                var text = batch.lost > 0 ? "event: lost\ndata: {\"lost\":\(batch.lost)}\n\n" : ""
                if !batch.items.isEmpty {
                    text +=
                        "event: flows\ndata: \(String(decoding: try JSONAnswer.bytes(of: batch), as: UTF8.self))\n\n"
                }
                return text
            }
        }
    }

    let stream: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(16))
    }

    func forward(_ live: AsyncStream<LiveFlows>) async {
        var lost: UInt64 = 0
        for await batch in live {
            var batch = batch
            batch.lost += lost
            if case .dropped = continuation.yield(.batch(batch)) {
                lost = batch.lost + UInt64(batch.items.count)
            } else {
                lost = 0
            }
        }
        continuation.finish()
    }

    func beat() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(10))
            continuation.yield(.heartbeat)
        }
    }
}
