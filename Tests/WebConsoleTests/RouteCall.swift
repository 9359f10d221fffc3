// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Foundation
import HTTPTypes
import NetworkPrimitives
import PolicyModel

@testable import ControlPlane
@testable import WebConsole

/// A request to each operation of the API that succeeds for whoever may make it.
///
/// Whatever it removes or changes was made for it alone.
struct RouteCall: Sendable {
    var path: String
    var body: [UInt8]?

    /// - Parameters:
    ///   - name: of the user who asks, about whom the questions about oneself are.
    ///   - grants: what their tokens may do.
    static func make(
        _ route: APIRoute,
        _ lab: ConsoleLab,
        by name: String,
        _ grants: [GrantReport]
    ) async throws
        -> RouteCall
    {
        var filled = RouteCall(path: "")
        filled.body = try await body(route.operation, lab, name, grants)
        var path = route.path.replacing("{environment}", with: "production")
            .replacing("{dimension}", with: "reason")
        if route.path.hasPrefix("users/") {
            path = path.replacing("{name}", with: try await user(route.operation, lab, name))
        }
        path = path.replacing("{name}", with: "deny")
        if path.contains("{id}") { path = path.replacing("{id}", with: try await object(route.operation, lab, name)) }
        let query =
            switch route.operation {
            case "getPolicyFile": "?path=shop.yaml"
            case "editGroup": "?path=platform"
            case "deleteGroup": "?path=\(try await group(lab))"
            default: ""
            }
        filled.path = RouteTable.prefix + path + query
        return filled
    }

    /// Whom an operation about a user is about.
    private static func user(_ operation: String, _ lab: ConsoleLab, _ name: String) async throws -> String {
        switch operation {
        case "editUser": return "victim"
        case "deleteUser":
            let name = "gone\(lab.next())"
            try await lab.user(name, [])
            return name
        default: return name
        }
    }

    private static func object(_ operation: String, _ lab: ConsoleLab, _ name: String) async throws -> String {
        if operation == "endSession" { return try await lab.session(name).session.id }
        let draft = TokenDraft(
            name: "t\(lab.next())",
            user: "root",
            grants: [GrantReport(role: .viewer, scope: "everywhere")]
        )
        var owned = draft
        owned.user = name
        owned.grants = try lab.access.user(name, by: .owner).grants
        // Somebody without any role has no token that they could remove.
        let token = owned.grants.isEmpty ? draft : owned
        return try await lab.access.createToken(token, by: .owner, from: ConsoleLab.origin).token.id
    }

    private static func group(_ lab: ConsoleLab) async throws -> String {
        let path = "g\(lab.next())"
        _ = try await lab.access.createGroup(GroupDraft(path: path), by: .owner, from: ConsoleLab.origin)
        return path
    }

    private static func body(
        _ operation: String,
        _ lab: ConsoleLab,
        _ name: String,
        _ grants: [GrantReport]
    ) async throws -> [UInt8]? {
        func json(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }
        let text = LabWorld.isolation("shop", "web", name: "p\(lab.next())")
        switch operation {
        case "setMode": return try json(ModeChange(scope: .environment, mode: .audit))
        case "explain":
            return try json(ExplainRequest(source: "shop/web", destination: "shop/api", port: 80, ipProtocol: .tcp))
        case "checkDraft": return try json(DraftRequest(path: "draft.yaml", text: text, window: 3_600_000_000))
        case "savePolicyFile":
            return try json(SaveRequest(path: "new\(lab.next()).yaml", text: text, base: ""))
        case "deletePolicy": return try json(try await policy(lab))
        case "createUser": return try json(UserDraft(name: "u\(lab.next())"))
        case "editUser": return try json(UserEdit(displayName: "Victim \(lab.next())"))
        case "setPassword":
            return try json(PasswordChange(current: ConsoleLab.password, new: ConsoleLab.password))
        case "createGroup": return try json(GroupDraft(path: "h\(lab.next())"))
        case "editGroup": return try json(GroupEdit(title: "Platform \(lab.next())"))
        case "signIn":
            return try json(
                TokenSignIn(name: "root", password: ConsoleLab.password, tokenName: "cli\(lab.next())", days: 1)
            )
        case "editToken": return try json(TokenEdit(name: "r\(lab.next())", days: 30))
        case "createToken": return try json(TokenDraft(name: "n\(lab.next())", grants: grants))
        default: return nil
        }
    }

    /// A policy that is there, to be deleted.
    private static func policy(_ lab: ConsoleLab) async throws -> DeleteRequest {
        let number = lab.next()
        let text = LabWorld.isolation("data", "replica", name: "gone\(number)")
        let file = SaveRequest(path: "gone\(number).yaml", text: text, base: "")
        let saved = try await lab.production.save(file)
        return DeleteRequest(policyKind: .networkPolicy, namespace: "data", name: "gone\(number)", base: saved.hash)
    }
}
