// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// All pages of the console, put behind the checks that they declare.
struct PageTable: Sendable {
    let routes: [PageRoute]
    let console: ConsoleApplication

    func add(to router: Router<ConsoleContext>) {
        for route in routes {
            router.on(RouterPath(RouteTable.pattern(route.path)), method: route.method) { request, context in
                try await answer(route, request, context)
            }
        }
    }

    private func answer(_ route: PageRoute, _ request: Request, _ context: ConsoleContext) async throws -> Response {
        if route.needs != .nothing, context.principal == nil { return signIn(request) }
        let access = context.principal?.access ?? .none
        let environment = try context.parameters.get("environment").map { name in
            try console.environments.find(name.removingPercentEncoding ?? name, for: access)
        }
        let principal = context.principal ?? Principal(.user(""), name: "nobody", access: .none)
        let view: NamespaceView
        do {
            view = try RouteTable.view(route.needs, principal, environment)
        } catch {
            let object = environment?.name ?? "server"
            try await console.audit.denied(
                AuditAction("page.\(route.method.rawValue.lowercased())", on: object),
                context
            )
            throw error
        }
        var response = try await route.handle(
            PageRequest(
                request: request,
                context: context,
                console: console,
                principal: context.principal,
                environment: environment,
                view: view,
                isStillPermitted: RouteTable.check(route.needs, view, environment, context)
            )
        )
        try await rotate(&response, context)
        return response
    }

    /// Somebody who is not signed in comes back here afterwards; what a form was to change is not done.
    private func signIn(_ request: Request) -> Response {
        guard request.method == .get else { return PageRequest.redirect(to: "/login") }
        return PageRequest.redirect(to: "\(Link("login", query: ["next": "\(Link(request.uri))"]))")
    }

    /// Rights that changed give the session a new secret, so that an old one cannot be used with them.
    private func rotate(_ response: inout Response, _ context: ConsoleContext) async throws {
        guard case .session(let session, let secret) = context.credentials, session.isRotationDue,
            response.headers[.setCookie] == nil,
            let fresh = try await console.access.rotate(secret, from: context.origin)
        else { return }
        response.setCookie(console.cookies.session(fresh))
    }
}
