// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import HTTPTypes
import Hummingbird

/// What every answer tells the browser not to do (OWASP, "HTTP Security Response Headers").
struct SecurityHeaders: RouterMiddleware {
    /// Scripts, styles, images and connections of this server only; nothing inline; nobody frames it.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    let isEncrypted: Bool

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("X-Frame-Options") { response.headers[name] = "DENY" }
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "same-origin" }
        if let name = HTTPField.Name("Cross-Origin-Opener-Policy") { response.headers[name] = "same-origin" }
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { response.headers[name] = "same-origin" }
        if let name = HTTPField.Name("Permissions-Policy") {
            response.headers[name] = "camera=(), geolocation=(), microphone=(), usb=()"
        }
        if isEncrypted, context.transport == .network {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        // Answers are about networks and people: they stay in no cache unless a route says so.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
