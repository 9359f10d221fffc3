// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Credentials
import Testing

@testable import WebConsole

/// An author of one namespace who forges what the editor's page sends.
@Suite struct EditorScopeTests {
    private static let foreign = LabWorld.isolation("data", "db")
    private static let own = LabWorld.isolation("shop", "api")

    private static func serving(_ body: @escaping @Sendable (ConsoleLab, Client) async throws -> Void) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: .author, scope: "namespace/production/shop")])
            try await body(lab, try await lab.browser("ann"))
        }
    }

    @Test(arguments: ["diff", "summary"])
    func `a new policy under the name of a foreign file does not show that file`(_ side: String) async throws {
        try await Self.serving { _, ann in
            let answer = try await ann.form(
                "/e/production/policies/new",
                [("base", ""), ("path", "data.yaml"), ("text", Self.own), ("side", side), ("do", "update")]
            )
            #expect(answer.status == 403 && !answer.body.contains("app: db"), "\(answer.body)")
        }
    }

    @Test func `a new policy under a free name is shown`() async throws {
        try await Self.serving { _, ann in
            let answer = try await ann.form(
                "/e/production/policies/new",
                [("base", ""), ("path", "shop/more.yaml"), ("text", Self.own), ("do", "update")]
            )
            #expect(answer.status == 200)
        }
    }

    @Test func `a foreign policy is not deleted through a file of one's own`() async throws {
        try await Self.serving { lab, ann in
            let hash = try await lab.production.policyDocument("data.yaml").hash
            let answer = try await ann.form(
                "/e/production/edit?path=shop.yaml",
                [("base", hash), ("text", Self.foreign), ("do", "delete"), ("confirm-delete", "deny")]
            )
            #expect(answer.status == 403)
            #expect(try await lab.production.policyDocument("data.yaml").text == Self.foreign)
        }
    }

    @Test func `nobody is told of traffic by asking for rules that allow it`() async throws {
        try await Self.serving { _, ann in
            for text in [Self.own, Self.foreign] {
                let answer = try await ann.form(
                    "/e/production/policies/new",
                    [("base", ""), ("path", "shop/more.yaml"), ("text", text), ("allow", "0")]
                )
                #expect(answer.status == 403 && !answer.body.contains("replica"))
            }
        }
    }

    @Test func `what was refused is not left out of what is saved`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            let other = LabWorld.isolation("shop", "api", name: "other")
            let text = other.replacing("ingress: []", with: "ingress:\n  - ports:\n    - port: 80\n")
            let answer = try await root.form(
                "/e/production/policies/new",
                [
                    ("base", ""), ("path", "shop/more.yaml"), ("text", text), ("do", "save"),
                    ("v.inbound.1.ports.0.port", "99999"), ("v.inbound.1.ports.0.transport", ""),
                ]
            )
            #expect(answer.status == 200 && answer.body.contains("99999"))
            await #expect(throws: ServiceError.self) {
                try await lab.production.policyDocument("shop/more.yaml")
            }
        }
    }
}
