// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import HTTPTypes
import Testing

@testable import ControlPlane
@testable import WebConsole

@Suite struct RoutePermissionTests {
    /// Operations after which nothing can be asked any more come last.
    private static let last: Set = ["takeDown"]

    private static func ordered(_ routes: [APIRoute]) -> [APIRoute] {
        routes.filter { !last.contains($0.operation) } + routes.filter { last.contains($0.operation) }
    }

    @Test(arguments: Rights.cases)
    func `each operation of the API answers whoever has the permission that it declares, and nobody else`(
        _ who: Rights.Case
    ) async throws {
        try await ConsoleLab.serving { lab in
            let grants = who.role.map { [GrantReport(role: $0, scope: who.reach.rawValue)] } ?? []
            try await lab.user("ann", grants)
            for route in Self.ordered(lab.application.apiRoutes) {
                // Tokens need a role; nobody without one can have any.
                if who.role == nil, ["createToken", "editToken", "deleteToken"].contains(route.operation) { continue }
                let call = try await RouteCall.make(route, lab, by: "ann", grants)
                let browser = try await lab.browser("ann")
                let answer = try await browser.send(route.method.rawValue, call.path, call.headers, body: call.body)
                let expected =
                    Rights.refusal(route.needs, hasEnvironment: route.path.contains("{environment}"), who)
                    ?? route.status.code
                #expect(answer.status == expected, "\(route.operation): \(answer.body.prefix(300))")
                if answer.status >= 400 {
                    #expect(answer.headers.first(name: "content-type") == "application/problem+json")
                }
            }
        }
    }

    @Test func `without credentials the API answers sign-in and its description, and 401 to everything else`()
        async throws
    {
        try await ConsoleLab.serving { lab in
            for route in lab.application.apiRoutes where route.operation != "signIn" {
                let call = try await RouteCall.make(route, lab, by: "victim", [])
                let answer = try await lab.nobody.send(route.method.rawValue, call.path, call.headers, body: call.body)
                #expect(answer.status == 401, "\(route.operation): \(answer.status)")
                #expect(answer.headers.first(name: "www-authenticate") == "Bearer")
            }
            #expect(try await lab.nobody.get("/api/v1/openapi.json").status == 200)
            #expect(try await lab.nobody.get("/api/v1/nowhere").status == 401)
            #expect(try await lab.nobody.send("PUT", "/api/v1/users").status == 401)
            for header in ["Bearer x", "Basic cm9vdDpyb290", "Bearer", "x"] {
                #expect(try await lab.nobody.get("/api/v1/me", ["authorization": header]).status == 401)
            }
        }
    }

    @Test func `an environment that is not seen is answered like one that does not exist`() async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: .admin, scope: "environment/production")])
            let ann = try await lab.browser("ann")
            for route in lab.application.apiRoutes where route.path.contains("{environment}") {
                let call = try await RouteCall.make(route, lab, by: "ann", [])
                let answers = try await ["staging", "nowhere"].asyncMap { name in
                    let path = call.path.replacing("environments/production", with: "environments/\(name)")
                    let answer = try await ann.send(route.method.rawValue, path, call.headers, body: call.body)
                    return (answer.status, answer.comparable.replacing(name, with: "NAME"))
                }
                #expect(answers[0] == answers[1] && answers[0].0 == 404, "\(route.operation): \(answers)")
            }
        }
    }

    @Test func `a wrong method is refused with those that are right`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            let paths = Dictionary(grouping: lab.application.apiRoutes, by: \.path)
            for (path, routes) in paths {
                let methods = Set(routes.map(\.method.rawValue))
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] where !methods.contains(method) {
                    let filled = path.replacing("{environment}", with: "production")
                    let answer = try await root.send(method, RouteTable.prefix + filled)
                    #expect(answer.status == 405, "\(method) \(path)")
                    let allowed = answer.headers.first(name: "allow")?.split(separator: ", ").map(String.init) ?? []
                    #expect(Set(allowed) == methods)
                }
            }
            #expect(try await root.send("DELETE", "/e/production/flows").status == 405)
            #expect(try await root.get("/api/v1/nowhere").status == 404)
        }
    }
}

extension RouteCall {
    var headers: [String: String] { body == nil ? [:] : ["content-type": "application/json"] }
}

extension Array {
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
