// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import HTTPTypes
import Hummingbird

/// What concerns whoever is signed in: appearance, password, sessions, tokens.
struct MePages: Sendable {
    var routes: [PageRoute] {
        [
            .get("me", .signIn) { try await show($0, problem: nil, secret: nil) },
            .post("me", .signIn, change),
            .post("me/theme", .signIn, theme),
        ]
    }

    private func show(
        _ request: PageRequest,
        problem: String?,
        secret: SettingsModel.NewSecret?
    ) async throws -> Response {
        let principal = try request.someone()
        let access = request.console.access
        let user = try access.user(principal.name, by: principal)
        let sessions = try access.sessions(of: user.name, by: principal, current: request.context.session?.id)
        let tokens = try access.tokens(of: user.name, by: principal)
        let model = MeModel(
            zone: request.context.preferences[CookieNames.zone] == nil ? "utc" : "browser",
            sessions: sessions.items.map { session in
                MeModel.Session(
                    id: session.id,
                    client: session.client ?? "unknown client",
                    address: session.address ?? "",
                    started: session.created,
                    lastUsed: session.lastSeen,
                    isCurrent: session.isCurrent
                )
            },
            tokens: tokens.items.map(SettingsPages.token),
            newSecret: secret,
            problem: problem,
            hasPassword: user.signIn == .password
        )
        var context = await request.pageContext(command: "palisade whoami")
        context.now = Timestamp(microseconds: request.console.audit.now())
        return request.answer(MePage.page(model, context), context, status: problem == nil ? .ok : .badRequest)
    }

    @Sendable
    private func change(_ request: PageRequest) async throws -> Response {
        let form = request.form
        let access = request.console.access
        let principal = try request.someone()
        do {
            switch form["action"] {
            case "preferences": return preferences(request)
            case "password":
                let change = PasswordChange(current: form["current"], new: form["password"] ?? "")
                let session = try await access.setPassword(
                    of: principal.name,
                    change,
                    by: principal,
                    from: request.origin
                )
                var response = request.redirect(to: Link("me"))
                if let session { response.setCookie(request.console.cookies.session(session)) }
                return response
            case "end-session":
                try await access.endSessions(
                    of: principal.name,
                    id: form["session"] ?? "",
                    by: principal,
                    from: request.origin
                )
            case "create-token", "revoke-token":
                if let secret = try await AccountForms(request).token() {
                    return try await show(request, problem: nil, secret: secret)
                }
            default: throw ServiceError(.badRequest, "There is no such action.")
            }
            return request.redirect(to: Link("me"))
        } catch let error as ServiceError where [.badRequest, .conflict, .notFound, .notPermitted].contains(error.code)
        {
            return try await show(request, problem: error.description, secret: nil)
        }
    }

    private func preferences(_ request: PageRequest) -> Response {
        let form = request.form
        let cookies = request.console.cookies
        var response = request.redirect(to: Link("me"))
        if let theme = form["theme"].flatMap(PageContext.Theme.init) {
            response.setCookie(cookies.preference(CookieNames.theme, theme.rawValue))
        }
        response.setCookie(cookies.preference(CookieNames.shortcuts, form["shortcuts"] == nil ? "off" : "on"))
        return response
    }

    @Sendable
    private func theme(_ request: PageRequest) async throws -> Response {
        guard let theme = request.form["theme"].flatMap(PageContext.Theme.init) else {
            throw ServiceError(.badRequest, "There is no such theme.")
        }
        var response = request.redirect(to: request.form["next"].flatMap(Link.init(local:)) ?? Link())
        response.setCookie(request.console.cookies.preference(CookieNames.theme, theme.rawValue))
        return response
    }
}
