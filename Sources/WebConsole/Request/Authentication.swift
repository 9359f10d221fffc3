// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// Finds out who asks: over the unix socket the owner, else whom a bearer token or the session's cookie names.
struct Authentication: RouterMiddleware {
    let access: AccessService
    let cookies: CookieNames

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.client = request.headers[.userAgent].map { String($0.prefix(AuditSink.longestClient)) }
        for name in CookieNames.preferences {
            context.preferences[name] = request.cookies[name]?.value
        }
        if context.transport == .socket {
            let owner = Principal(.owner, name: "owner", access: .full)
            context.principal = owner
            context.credentials = .socket
            context.currentPrincipal = { owner }
        } else if let header = request.headers[.authorization] {
            context.principal = try await principal(header)
            context.credentials = .token
            // A token that names nobody any more is refused here without a word: the answer that asks only has to end.
            context.currentPrincipal = { try? await principal(header) }
        } else if let secret = request.cookies[cookies.session]?.value,
            let session = await access.session(secret)
        {
            context.principal = session.principal
            context.credentials = .session(session, secret: secret)
            context.currentPrincipal = { await access.holder(ofSession: secret) }
        }
        return try await next(request, context)
    }

    /// A header that names nobody is refused, not passed over: the caller meant to be somebody.
    private func principal(_ header: String) async throws -> Principal {
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer",
            let principal = try await access.principal(token: String(words[1]))
        else { throw SignInNeeded() }
        return principal
    }
}

/// Names of our cookies; `__Host-` keeps other hosts from setting them where the connection is encrypted (RFC 6265bis).
struct CookieNames: Hashable, Sendable {
    let session: String
    let isSecure: Bool
    static let theme = "theme"
    static let zone = "palisade-zone"
    static let shortcuts = "palisade-shortcuts"
    static let preferences = [theme, zone, shortcuts]

    init(isSecure: Bool) {
        self.isSecure = isSecure
        session = isSecure ? "__Host-palisade" : "palisade"
    }

    /// The cookie of a new session: no script reads it, and no other site's form sends it along.
    func session(_ signedIn: SignedIn) -> Cookie {
        Cookie(
            name: session,
            value: signedIn.secret,
            path: "/",
            secure: isSecure,
            httpOnly: true,
            sameSite: .lax
        )
    }

    /// Takes the session's cookie away.
    var expired: Cookie {
        Cookie(name: session, value: "", maxAge: 0, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
    }

    /// A choice of appearance, for a year.
    func preference(_ name: String, _ value: String) -> Cookie {
        Cookie(
            name: name,
            value: value,
            maxAge: 365 * 86_400,
            path: "/",
            secure: isSecure,
            // Scripts of ours set them, too.
            httpOnly: false,
            sameSite: .lax
        )
    }
}

/// Nobody signed in, or not well enough.
struct SignInNeeded: Error {
    static let problem = ServiceError(
        .signInNeeded,
        "Sign-in is needed.",
        fix: "Use palisade login, or send a token as: Authorization: Bearer TOKEN."
    )
}
