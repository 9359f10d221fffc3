// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane

/// The forms of the settings pages, as calls of the access service, which decides whether they may be done.
struct AccountForms {
    let request: PageRequest
    private let form: FormBody
    private let access: AccessService

    init(_ request: PageRequest) {
        self.request = request
        form = request.form
        access = request.console.access
    }

    /// - Returns: a secret to be shown once.
    /// - Throws: `ServiceError`.
    func perform(on tab: SettingsModel.Tab) async throws -> SettingsModel.NewSecret? {
        switch tab {
        case .users: try await user()
        case .groups: try await group()
        case .tokens: return try await token()
        case .roles, .retention, .about: throw unknown
        }
        return nil
    }

    private var unknown: ServiceError { ServiceError(.badRequest, "There is no such action.") }

    private func field(_ name: String) throws -> String {
        guard let value = form[name].map(Words.trimmed), !value.isEmpty else {
            throw ServiceError(.badRequest, "The field \(name) is empty.")
        }
        return value
    }

    private func grant() throws -> GrantReport {
        guard let role = Role(rawValue: try field("role")) else {
            throw ServiceError(.badRequest, "There is no such role.")
        }
        let text = try field("scope")
        guard let scope = Scope(text) else {
            throw ServiceError(
                .badRequest,
                "\"\(text)\" is not a place.",
                fix: "Write everywhere, group/PATH, environment/NAME or namespace/ENVIRONMENT/NAMESPACE."
            )
        }
        return GrantReport(Grant(role, on: scope))
    }

    private func user() async throws {
        let principal = try request.someone()
        let origin = request.origin
        switch form["action"] {
        case "create":
            let password = form["password"].flatMap { $0.isEmpty ? nil : $0 }
            let draft = UserDraft(name: try field("name"), password: password, grants: [try grant()])
            _ = try await access.createUser(draft, by: principal, from: origin)
        case "grant":
            let user = try access.user(try field("user"), by: principal)
            let edit = UserEdit(grants: user.grants + [try grant()])
            _ = try await access.editUser(user.name, edit, by: principal, from: origin)
        case "revoke":
            let user = try access.user(try field("user"), by: principal)
            let gone = try grant()
            let edit = UserEdit(grants: user.grants.filter { $0 != gone })
            _ = try await access.editUser(user.name, edit, by: principal, from: origin)
        case "disable", "enable":
            let edit = UserEdit(isDisabled: form["action"] == "disable")
            _ = try await access.editUser(try field("user"), edit, by: principal, from: origin)
        case "end-sessions": try await access.endSessions(of: try field("user"), by: principal, from: origin)
        case "password":
            let change = PasswordChange(new: form["password"] ?? "")
            _ = try await access.setPassword(of: try field("user"), change, by: principal, from: origin)
        case "delete":
            let name = try confirmed(try field("user"))
            try await access.deleteUser(name, by: principal, from: origin)
        default: throw unknown
        }
    }

    /// What cannot be undone takes the name, typed.
    private func confirmed(_ name: String) throws -> String {
        guard form["confirm"].map(Words.trimmed) == name else {
            throw ServiceError(.badRequest, "The name that was typed is not \(name).", fix: "Nothing was deleted.")
        }
        return name
    }

    private func group() async throws {
        let principal = try request.someone()
        let origin = request.origin
        let path = try field("path")
        switch form["action"] {
        case "create": _ = try await access.createGroup(GroupDraft(path: path), by: principal, from: origin)
        case "add-environment", "remove-environment":
            let name = try field("environment")
            var names = try access.group(path, by: principal).environments.filter { $0 != name }
            if form["action"] == "add-environment" { names.append(name) }
            _ = try await access.editGroup(path, GroupEdit(environments: names), by: principal, from: origin)
        case "add-member", "remove-member":
            let user = try field("member")
            var members = try access.group(path, by: principal).members.filter { $0.user != user }
            if form["action"] == "add-member" {
                let role = form["role"].flatMap(Role.init) ?? .viewer
                members.append(.init(user: user, role: role))
            }
            _ = try await access.editGroup(path, GroupEdit(members: members), by: principal, from: origin)
        case "delete": try await access.deleteGroup(try confirmed(path), by: principal, from: origin)
        default: throw unknown
        }
    }

    func token() async throws -> SettingsModel.NewSecret? {
        let principal = try request.someone()
        switch form["action"] {
        case "create-token":
            guard let days = Int(form["days"] ?? "90") else {
                throw ServiceError(.badRequest, "\"\(form["days"] ?? "")\" is not a number of days.")
            }
            let draft = TokenDraft(name: try field("name"), grants: [try grant()], days: days)
            let created = try await access.createToken(draft, by: principal, from: request.origin)
            return .init(title: "The token \(created.token.name)", value: created.value)
        case "revoke-token":
            try await access.deleteToken(try field("token"), by: principal, from: request.origin)
            return nil
        default: throw unknown
        }
    }
}
