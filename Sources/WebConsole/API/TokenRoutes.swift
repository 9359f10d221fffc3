// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// Tokens, signing in for one, and who asks.
struct TokenRoutes: Sendable {
    let access: AccessService

    var routes: [APIRoute] {
        let access = access
        return [
            APIRoute(
                method: .get,
                path: "me",
                operation: "getMe",
                summary: "Who asks, and what they may do.",
                needs: .signIn,
                answer: .json(CallerReport.self)
            ) { try JSONAnswer.response(CallerReport($0.principal)) },
            APIRoute(
                method: .post,
                path: "sign-in",
                operation: "signIn",
                summary: "Gives a token for a name and a password.",
                needs: .nothing,
                body: TokenSignIn.self,
                status: .created,
                answer: .json(TokenCreated.self)
            ) { try JSONAnswer.response(await signIn($0), status: .created) },
            APIRoute(
                method: .get,
                path: "tokens",
                operation: "listTokens",
                summary: "Tokens: all for who administers the server, else the caller's own.",
                needs: .signIn,
                parameters: PageParameters.all,
                answer: .json(TokenList.self)
            ) { try JSONAnswer.response($0.page(of: access.tokens(by: $0.principal))) },
            APIRoute(
                method: .post,
                path: "tokens",
                operation: "createToken",
                summary: "Makes a token; its value is in this answer and nowhere else.",
                needs: .signIn,
                body: TokenDraft.self,
                status: .created,
                answer: .json(TokenCreated.self)
            ) { request in
                let token = try await access.createToken(
                    request.body(),
                    by: request.principal,
                    from: request.context.origin
                )
                return try JSONAnswer.response(token, status: .created)
            },
            APIRoute(
                method: .patch,
                path: "tokens/{id}",
                operation: "editToken",
                summary: "Changes a token's name, roles or end; its value stays.",
                needs: .signIn,
                body: TokenEdit.self,
                answer: .json(TokenReport.self)
            ) { request in
                try JSONAnswer.response(
                    await access.editToken(
                        request.path("id"),
                        request.body(),
                        by: request.principal,
                        from: request.context.origin
                    )
                )
            },
            .ending("tokens/{id}", "deleteToken", "Revokes a token.", .signIn) {
                try await access.deleteToken($0.path("id"), by: $0.principal, from: $0.context.origin)
            },
        ]
    }

    /// The session is only a step on the way: a client keeps the token.
    private func signIn(_ request: APIRequest) async throws -> TokenCreated {
        let wanted: TokenSignIn = try await request.body()
        let origin = request.context.origin
        let signedIn = try await SignInFailure.signedIn(
            access.signIn(SignInRequest(name: wanted.name, password: wanted.password), from: origin)
        )
        let principal = signedIn.session.principal
        let user = try access.user(principal.name, by: principal)
        let grants =
            user.grants + user.externalGrants
            + user.groups.map { GrantReport(Grant($0.role, on: .group($0.group))) }
        let draft = TokenDraft(name: wanted.tokenName, grants: grants, days: wanted.days)
        // First, so that no session is left behind when the token cannot be made.
        try await access.signOut(signedIn.secret, from: origin)
        return try await access.createToken(draft, by: principal, from: origin)
    }
}

/// The body of `POST sign-in`.
struct TokenSignIn: Hashable, Sendable, Codable {
    var name: String
    var password: String
    /// What the token will be called.
    var tokenName: String
    /// Until it expires; `nil` is as for other tokens.
    var days: Int?
}

/// What did not come out of a sign-in, in the words that everybody gets.
enum SignInFailure {
    static let refused = ServiceError(.signInNeeded, "User name or password is wrong.")

    /// - Throws: the same error for an unknown name and a wrong password; `tooManyRequests` with the time otherwise.
    static func signedIn(_ answer: SignInAnswer) throws -> ControlPlane.SignedIn {
        switch answer {
        case .signedIn(let session): return session
        case .refused: throw refused
        case .locked(let until): throw locked(until)
        case .busy(let seconds):
            throw ServiceError(
                .tooManyRequests,
                "Many people are signing in.",
                fix: "Try again in \(seconds) seconds."
            )
        }
    }

    static func locked(_ until: Timestamp) -> ServiceError {
        let time = CivilTime(microseconds: until.microseconds)
        return ServiceError(
            .tooManyRequests,
            "Too many attempts failed.",
            fix: "Sign-in is possible again at \(time.timeText) UTC."
        )
    }
}

/// Who asks.
struct CallerReport: Hashable, Sendable, Codable {
    enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case owner, user, token
    }

    /// Permissions on one environment or namespace.
    struct Part: Hashable, Sendable, Codable {
        var environment: String
        @OrNull var namespace: String?
        var permissions: [Permission]
    }

    var apiVersion = ControlPlane.apiVersion
    var kind = "Caller"
    var callerKind: Kind
    var name: String
    /// On the server, and so everywhere.
    var permissions: [Permission]
    var parts: [Part]

    init(_ principal: Principal) {
        callerKind =
            switch principal.kind {
            case .owner: .owner
            case .user: .user
            case .token: .token
            }
        name = principal.name
        func sorted(_ permissions: Set<Permission>) -> [Permission] { Permission.allCases.filter(permissions.contains) }
        let access = principal.access
        permissions = sorted(access.everywhere)
        let whole = access.environments.sorted { $0.key < $1.key }.map {
            Part(environment: $0.key, namespace: nil, permissions: sorted($0.value))
        }
        let narrow = access.namespaces.sorted { $0.key < $1.key }.flatMap { entry in
            entry.value.sorted { $0.key < $1.key }.map {
                Part(environment: entry.key, namespace: $0.key, permissions: sorted($0.value))
            }
        }
        parts = whole + narrow
    }
}
