// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import HTTPTypes
import Hummingbird

/// Answers requests that no route takes: with 405 and `Allow` where only the method is wrong, and under the API's prefix
/// with 401 to whoever did not sign in, so that nothing can be learned there.
///
/// Innermost of all, so that only the router itself says that nothing was found.
struct UnknownPlaces: RouterMiddleware {
    /// The methods of a path; parameters are `nil`.
    private struct Place {
        var segments: [String?]
        var methods: Set<String>
    }

    private let places: [Place]

    /// - Parameter routes: paths with parameters in braces, without a slash before them.
    init(_ routes: [(path: String, method: HTTPRequest.Method)]) {
        var methods: [[String?]: Set<String>] = [:]
        for route in routes {
            let segments: [String?] = route.path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
            methods[segments, default: []].insert(route.method.rawValue)
        }
        places = methods.map { Place(segments: $0.key, methods: $0.value) }
    }

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            if request.uri.path.hasPrefix("/api/"), context.principal == nil { throw SignInNeeded() }
            let methods = methods(of: request.uri.path)
            guard !methods.isEmpty else { throw error }
            throw HTTPRefusal(
                .methodNotAllowed,
                ServiceError(.badRequest, "\(request.method.rawValue) is not possible here."),
                headers: [.allow: methods.sorted().joined(separator: ", ")]
            )
        }
    }

    private func methods(of path: String) -> Set<String> {
        let segments = path.split(separator: "/").map(String.init)
        return places.filter { place in
            place.segments.count == segments.count
                && zip(place.segments, segments).allSatisfy { known, given in known == nil || known == given }
        }.reduce(into: []) { $0.formUnion($1.methods) }
    }
}
