// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Foundation
import HTTPTypes
import Hummingbird

/// All routes of the API, put behind the checks that they declare.
struct RouteTable: Sendable {
    static let prefix = "/api/v1/"

    let routes: [APIRoute]
    let environments: EnvironmentSet
    /// Told about every refusal, for the audit log.
    let onDenied: @Sendable (APIRoute, ConsoleContext) async throws -> Void

    func add(to router: Router<ConsoleContext>) {
        for route in routes {
            router.on(RouterPath(Self.prefix + Self.pattern(route.path)), method: route.method) { request, context in
                try await answer(route, request, context)
            }
        }
    }

    /// `environments/{environment}/flows` as the router writes it.
    static func pattern(_ path: String) -> String {
        path.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? ":" + part.dropFirst().dropLast() : String(part)
        }.joined(separator: "/")
    }

    private func answer(_ route: APIRoute, _ request: Request, _ context: ConsoleContext) async throws -> Response {
        let principal: Principal
        if route.needs == .nothing {
            principal = context.principal ?? Principal(.user(""), name: "nobody", access: .none)
        } else {
            guard let known = context.principal else { throw SignInNeeded() }
            principal = known
        }
        let environment = try context.parameters.get("environment").map { name in
            try environments.find(name.removingPercentEncoding ?? name, for: principal.access)
        }
        let view: NamespaceView
        do {
            view = try Self.view(route.needs, principal, environment)
        } catch {
            try await onDenied(route, context)
            throw error
        }
        try Self.check(request, route)
        return try await route.handle(
            APIRequest(
                request: request,
                context: context,
                principal: principal,
                environment: environment,
                view: view,
                isStillPermitted: Self.check(route.needs, view, environment, context),
                largestBody: route.largestBody
            )
        )
    }

    /// What the caller sees through the route.
    /// - Throws: `ServiceError` `notPermitted` when the route's needs are not met.
    static func view(
        _ needs: APIRoute.Needs,
        _ principal: Principal,
        _ environment: ConsoleEnvironment?
    ) throws -> NamespaceView {
        let access = principal.access
        let name = environment?.name ?? ""
        let isAllowed =
            switch needs {
            case .nothing, .signIn: true
            case .server(let permission): access.allows(permission, in: .server)
            case .environment(let permission): access.allows(permission, in: .environment(name))
            case .namespaces(let permission): access.allowsSomewhere(permission, in: name)
            }
        guard isAllowed else { throw ServiceError(.notPermitted, "You may not do that here.") }
        if case .namespaces(let permission) = needs { return access.view(permission, of: name) }
        return access.view(of: name)
    }

    /// Asks again whether the caller may see what they saw when the answer began, for answers that go on.
    static func check(
        _ needs: APIRoute.Needs,
        _ view: NamespaceView,
        _ environment: ConsoleEnvironment?,
        _ context: ConsoleContext
    ) -> @Sendable () async -> Bool {
        let currentPrincipal = context.currentPrincipal
        return {
            guard let principal = await currentPrincipal() else { return false }
            // Whatever is refused now, and why, the answer ends.
            return (try? Self.view(needs, principal, environment)) == view
        }
    }

    /// Refuses query parameters that the route does not know: a filter that is passed over would show too much.
    private static func check(_ request: Request, _ route: APIRoute) throws {
        let query = QueryText.parameters(of: request.uri)
        for name in Set(query.map(\.name)).sorted() {
            guard let parameter = route.parameters.first(where: { $0.name == name }) else {
                let close = nearest(to: name, among: route.parameters.map(\.name))
                throw ServiceError(
                    .badRequest,
                    "There is no query parameter \"\(name)\" here.",
                    fix: close.map { "Did you mean \($0)?" }
                )
            }
            let values = query.filter { $0.name == name }.map(\.value)
            guard parameter.isList || values.count == 1 else {
                throw ServiceError(.badRequest, "The query parameter \"\(name)\" stands here more than once.")
            }
            for value in values { try parameter.check(value) }
        }
        for parameter in route.parameters where parameter.isRequired {
            guard query.contains(where: { $0.name == parameter.name }) else {
                throw ServiceError(.badRequest, "The query parameter \"\(parameter.name)\" is missing.")
            }
        }
    }
}

extension APIParameter {
    /// - Throws: `ServiceError` `badRequest` with the value and what would be right.
    func check(_ text: String) throws {
        func wrong(_ expected: String) -> ServiceError {
            ServiceError(.badRequest, "\"\(text)\" is not possible for \(name): \(expected)")
        }
        switch kind {
        case .text:
            guard text.utf8.count <= 4_096 else {
                throw ServiceError(.badRequest, "The value of \(name) is longer than 4,096 bytes.")
            }
        case .flag:
            guard text == "true" || text == "false" else { throw wrong("true or false.") }
        case .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                throw wrong("a number from \(range.lowerBound) to \(range.upperBound).")
            }
        case .choice(let words):
            guard words.contains(text) else { throw wrong("one of \(words.joined(separator: ", ")).") }
        case .time:
            guard Timestamp(text) != nil else { throw wrong("a time like 2026-11-22T14:00:00Z.") }
        }
    }
}
