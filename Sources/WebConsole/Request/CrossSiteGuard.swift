// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird

/// Refuses requests that change something and were made by a page of somebody else (CSRF).
///
/// Two checks, each enough by itself: the browser's own word about where the request comes from (`Sec-Fetch-Site`,
/// `Origin`), and the session's secret in the header `X-CSRF-Token` or the form field `csrf`. Tokens and the unix socket
/// are nothing that a browser sends by itself, so they need none.
struct CrossSiteGuard: RouterMiddleware {
    static let field = "csrf"
    static let header = HTTPField.Name("X-CSRF-Token")
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")

    let rule: HostRule?

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        guard ![.get, .head, .options].contains(request.method), context.transport == .network else {
            return try await next(request, context)
        }
        try checkOrigin(request)
        var (request, context) = (request, context)
        if isForm(request) {
            // Nobody fills the memory before saying who they are.
            let limit = context.principal == nil ? FormBody.largestSizeOfNobody : FormBody.largestSize
            (request, context.form) = try await Self.form(of: request, atMost: limit)
        }
        if let session = context.session {
            let given = Self.header.flatMap { request.headers[$0] } ?? context.form?[Self.field] ?? ""
            guard session.accepts(csrf: given) else {
                throw HTTPRefusal(
                    .forbidden,
                    ServiceError(.notPermitted, "The form is out of date.", fix: "Go back, reload the page, try again.")
                )
            }
        }
        return try await next(request, context)
    }

    private func checkOrigin(_ request: Request) throws {
        let site = Self.fetchSite.flatMap { request.headers[$0] }
        let isForeignSite = site.map { $0 != "same-origin" && $0 != "none" } ?? false
        let isForeignOrigin = request.headers[.origin].map { rule?.allows(origin: $0) == false } ?? false
        guard !isForeignSite, !isForeignOrigin else {
            throw HTTPRefusal(
                .forbidden,
                ServiceError(.notPermitted, "Another site may not change anything here.")
            )
        }
    }

    private func isForm(_ request: Request) -> Bool {
        request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    /// Reads the form, and leaves its bytes in place for whoever reads the body again.
    private static func form(of request: Request, atMost limit: Int) async throws -> (Request, FormBody) {
        var request = request
        let body = try await request.collectBody(upTo: limit)
        return (request, try FormBody(parsing: String(decoding: body.readableBytesView, as: UTF8.self)))
    }
}
