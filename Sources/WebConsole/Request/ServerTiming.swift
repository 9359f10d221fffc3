// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import HTTPTypes
import Hummingbird

/// Says how long an answer took to make (W3C Server Timing), for browsers' tools and for our benchmarks.
///
/// Only to who is signed in: strangers learn nothing from it about passwords or links. Of a stream it is the time to its start.
struct ServerTiming: RouterMiddleware {
    private static let header = HTTPField.Name("Server-Timing")

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        guard context.principal != nil, let header = Self.header else { return response }
        let microseconds = start.duration(to: .now) / .microseconds(1)
        response.headers[header] = "total;dur=\((microseconds / 10).rounded() / 100)"
        return response
    }
}
