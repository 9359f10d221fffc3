// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import HTTPTypes
import NetworkPrimitives
import PolicyModel
import Testing

@testable import WebConsole

/// Roles that only look: whatever they send, everything is afterwards as it was.
@Suite struct ReadOnlyRoleTests {
    /// Everything that somebody could have changed.
    private struct Everything: Equatable {
        var users: [UserReport]
        var groups: [GroupReport]
        var tokens: [TokenReport]
        var modes: ModeReport
        var files: [String: Data]

        init(_ lab: ConsoleLab) async throws {
            users = lab.access.users(by: .owner).items.filter { $0.name != "ann" }
            groups = lab.access.groups(by: .owner).items
            tokens = try lab.access.tokens(by: .owner).items
            modes = await lab.production.modes(.all)
            let folder = lab.folder + "/production/policies"
            files = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name.hasSuffix(".yaml") {
                files[name] = FileManager.default.contents(atPath: folder + "/" + name)
            }
        }
    }

    /// Operations that ask with a body, and change nothing.
    private static let questions: Set = ["explain", "checkDraft", "verifyAudit"]

    @Test(arguments: [Role.viewer, .auditor]) func `no route of the API lets it change anything`(
        _ role: Role
    ) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: role, scope: "everywhere")])
            for route in lab.application.apiRoutes where route.method != .get && route.operation != "signIn" {
                let call = try await RouteCall.make(
                    route,
                    lab,
                    by: "victim",
                    [GrantReport(role: .admin, scope: "everywhere")]
                )
                let ann = try await lab.browser("ann")
                let before = try await Everything(lab)
                let answer = try await ann.send(route.method.rawValue, call.path, call.headers, body: call.body)
                #expect(try await Everything(lab) == before, "\(route.operation)")
                // A token that is more than its owner is a wrong request, whoever makes it.
                let refusals = route.operation == "createToken" ? [400] : [403]
                #expect(
                    refusals.contains(answer.status) || Self.questions.contains(route.operation),
                    "\(route.operation) \(answer.status)"
                )
            }
        }
    }

    /// Fields that would change something if an administrator sent them.
    private static let forms: [String: [[(String, String)]]] = [
        "settings/users": [
            [("action", "create"), ("name", "eve"), ("role", "admin"), ("scope", "everywhere")],
            [("action", "grant"), ("user", "ann"), ("role", "admin"), ("scope", "everywhere")],
            [("action", "revoke"), ("user", "victim"), ("role", "viewer"), ("scope", "everywhere")],
            [("action", "disable"), ("user", "victim")], [("action", "end-sessions"), ("user", "victim")],
            [("action", "password"), ("user", "victim"), ("password", "another long password")],
            [("action", "delete"), ("user", "victim"), ("confirm", "victim")],
        ],
        "settings/groups": [
            [("action", "create"), ("path", "mine")],
            [("action", "add-environment"), ("path", "platform"), ("environment", "staging")],
            [("action", "add-member"), ("path", "platform"), ("member", "ann"), ("role", "admin")],
            [("action", "delete"), ("path", "platform"), ("confirm", "platform")],
        ],
        "settings/tokens": [
            [("action", "create-token"), ("name", "t"), ("role", "admin"), ("scope", "everywhere"), ("days", "1")]
        ],
        "me": [
            [("action", "create-token"), ("name", "t"), ("role", "admin"), ("scope", "everywhere"), ("days", "1")],
            [("action", "end-session"), ("session", "*")],
        ],
        // Verifying the audit log changes nothing: whoever may read all of it may ask.
        "audit": [[("verify", "1")]],
        "e/production/policies/new": [
            [("do", "save"), ("path", "evil.yaml"), ("text", LabWorld.isolation("shop", "web", name: "evil"))]
        ],
        "e/production/edit": [
            [("do", "save"), ("path", "shop.yaml"), ("base", "*"), ("text", LabWorld.isolation("shop", "web"))]
        ],
    ]

    @Test(arguments: [Role.viewer, .auditor]) func `no form lets it change anything`(_ role: Role) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: role, scope: "everywhere")])
            let draft = TokenDraft(name: "v", user: "victim", grants: [GrantReport(role: .viewer, scope: "everywhere")])
            let token = try await lab.access.createToken(draft, by: .owner, from: ConsoleLab.origin).token
            let session = try await lab.session("victim").session.id
            let base = try await lab.production.policyDocument("shop.yaml").hash
            let posts = lab.application.pageRoutes.filter { $0.method != .get && $0.needs != .nothing }
            let known = Set(Self.forms.keys.map { $0.split(separator: "/")[0] }).union(["logout"])
            #expect(posts.allSatisfy { known.contains($0.path.split(separator: "/")[0]) }, "a form is not tested")
            let revocation = [("action", "revoke-token"), ("token", token.id)]
            let more = [("settings/tokens", [revocation]), ("me", [revocation])]
            for (path, forms) in Self.forms.map({ ($0.key, $0.value) }) + more {
                for form in forms {
                    let fields = form.map { name, value in
                        (name, value == "*" ? (name == "session" ? session : base) : value)
                    }
                    let ann = try await lab.browser("ann")
                    let before = try await Everything(lab)
                    let answer = try await ann.form("/" + path, fields)
                    #expect(try await Everything(lab) == before, "\(path) \(fields)")
                    let answers = path == "audit" && role == .auditor ? [200] : [400, 403, 404]
                    #expect(answers.contains(answer.status), "\(path) \(fields) \(answer.status)")
                }
            }
        }
    }
}
