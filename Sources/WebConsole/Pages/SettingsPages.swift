// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird

/// Users, roles, groups, tokens, and what is in force.
struct SettingsPages: Sendable {
    var routes: [PageRoute] {
        [
            .get("settings", .signIn) {
                $0.redirect(to: Link("settings", $0.access.allows(.administer, in: .server) ? "users" : "roles"))
            },
            .get("settings/{tab}", .signIn) { try await show($0, problem: nil, secret: nil) },
            .post("settings/{tab}", .signIn, change),
        ]
    }

    private func tab(_ request: PageRequest) throws -> SettingsModel.Tab {
        let word = try request.path("tab")
        guard let tab = SettingsModel.Tab(rawValue: word) else {
            throw ServiceError(.notFound, "There are no settings called \(word).")
        }
        return tab
    }

    private func show(
        _ request: PageRequest,
        problem: String?,
        secret: SettingsModel.NewSecret?
    ) async throws -> Response {
        let tab = try tab(request)
        let principal = try request.someone()
        if [.users, .groups, .tokens].contains(tab), !request.access.allows(.administer, in: .server) {
            throw ServiceError(.notPermitted, "Users, groups and tokens of others are an administrator's.")
        }
        let access = request.console.access
        var model = SettingsModel(tab: tab, newSecret: secret, problem: problem)
        switch tab {
        case .users:
            let list = access.users(by: principal)
            let page = request.page(of: list)
            (model.users, model.next) = (Self.users(page, of: list), page.next)
        case .groups:
            let page = request.page(of: access.groups(by: principal))
            (model.groups, model.next) = (page.items.map(Self.group), page.next)
        case .tokens:
            let page = request.page(of: try access.tokens(by: principal))
            (model.tokens, model.next) = (page.items.map(Self.token), page.next)
        case .retention: model.facts = await Self.retention(request)
        case .about: model.facts = Self.about(request)
        case .roles: break
        }
        var context = await request.pageContext(command: Self.command(tab))
        context.now = Timestamp(microseconds: request.console.audit.now())
        return request.answer(SettingsPage.page(model, context), context, status: problem == nil ? .ok : .badRequest)
    }

    private static func command(_ tab: SettingsModel.Tab) -> String? {
        switch tab {
        case .users: "palisade user list"
        case .roles: "palisade role list"
        case .groups: "palisade group list"
        case .tokens: "palisade token list"
        case .retention: "palisade status"
        case .about: "palisade version"
        }
    }

    /// The users of a page, among whom one may be the last administrator of all.
    private static func users(_ page: UserList, of all: UserList) -> [SettingsModel.User] {
        let administrators = all.items.filter { $0.isAdministrator && !$0.isDisabled }
        return page.items.map { user in
            SettingsModel.User(
                id: user.name,
                name: user.name,
                grants: (user.grants + user.externalGrants).compactMap(grant),
                lastSignIn: user.lastSignIn,
                sessions: user.sessionCount,
                isExternal: user.signIn == .external,
                isDisabled: user.isDisabled,
                isLastAdmin: administrators.count == 1 && administrators.first?.name == user.name
            )
        }
    }

    static func grant(_ report: GrantReport) -> Grant? { Scope(report.scope).map { Grant(report.role, on: $0) } }

    private static func group(_ report: GroupReport) -> SettingsModel.Group {
        SettingsModel.Group(
            path: report.path,
            environments: report.environments,
            members: report.members.map { "\($0.user) (\($0.role.title))" }
        )
    }

    static func token(_ report: TokenReport) -> SettingsModel.Token {
        SettingsModel.Token(
            id: report.id,
            name: report.name,
            owner: report.user,
            grants: report.grants.compactMap(grant),
            created: report.created,
            expires: report.expires,
            lastUsed: report.lastUsed
        )
    }

    private static func retention(_ request: PageRequest) async -> [SettingsModel.Fact] {
        var facts: [SettingsModel.Fact] = []
        for environment in request.console.environments.visible(to: request.access) {
            let store = await environment.service.status(request.access.view(of: environment.name)).flows.store
            facts.append(
                .init(
                    environment.name,
                    "Flows for \(store.recordRetention / 3_600) h, counts for \(store.countRetention / 86_400) d, "
                        + "at most \(store.capacity >> 20) MiB; \(store.bytes >> 20) MiB used now."
                )
            )
        }
        facts.append(.init("Audit log", "For as long as this server's data; nobody can change or remove an entry."))
        return facts
    }

    private static func about(_ request: PageRequest) -> [SettingsModel.Fact] {
        [
            .init("Version", request.console.version), .init("License", "Apache-2.0"),
            .init("API", "/api/v1/openapi.json"),
            .init("Environments", "\(request.console.environments.visible(to: request.access).count)"),
        ]
    }

    /// Posts and then shows: what was done is in the list, what was refused is said above it.
    @Sendable
    private func change(_ request: PageRequest) async throws -> Response {
        let tab = try tab(request)
        do {
            let secret = try await AccountForms(request).perform(on: tab)
            if let secret { return try await show(request, problem: nil, secret: secret) }
            return request.redirect(to: Link("settings", tab.rawValue))
        } catch let error as ServiceError where [.badRequest, .conflict, .notFound].contains(error.code) {
            return try await show(request, problem: error.description, secret: nil)
        }
    }
}
