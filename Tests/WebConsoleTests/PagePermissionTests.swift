// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import HTTPTypes
import Testing

@testable import WebConsole

@Suite struct PagePermissionTests {
    /// A page that is there, for each path with parameters.
    static func filled(_ path: String) -> String {
        let path = path.replacing("{environment}", with: "production").replacing("{namespace}", with: "shop")
            .replacing("{kind}", with: "NetworkPolicy").replacing("{name}/edit", with: "deny/edit")
            .replacing("{tab}", with: "roles")
        let named = path.replacing("assets/{name}", with: "assets/palisade.css").replacing("{name}", with: "deny")
        let query =
            switch path {
            case "e/production/edit": "?path=shop.yaml"
            case "e/production/create-rule": "?from=shop/web"
            default: ""
            }
        return "/" + named + query
    }

    @Test(arguments: Rights.cases)
    func `each page answers whoever has the permission that it declares, and nobody else`(
        _ who: Rights.Case
    ) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", who.role.map { [GrantReport(role: $0, scope: who.reach.rawValue)] } ?? [])
            for route in lab.application.pageRoutes {
                let browser = try await lab.browser("ann")
                let path = Self.filled(route.path)
                let answer =
                    route.method == .get ? try await browser.get(path) : try await browser.form(path, [("x", "y")])
                let refusal = Rights.refusal(
                    route.needs,
                    hasEnvironment: route.path.contains("{environment}"),
                    who
                )
                let place = "\(route.method) \(path) \(answer.status) \(answer.body.prefix(200))"
                if let refusal {
                    #expect(answer.status == refusal, "\(place)")
                    #expect(answer.headers.first(name: "content-type") == "text/html; charset=utf-8", "\(place)")
                    #expect(answer.body.contains("<link") && answer.body.contains("</html>"), "\(place)")
                } else if route.needs != .nothing {
                    #expect(![401, 403, 405].contains(answer.status) && answer.status < 500, "\(place)")
                }
            }
        }
    }

    @Test func `without a session pages lead to sign-in and back, and forms do nothing`() async throws {
        try await ConsoleLab.serving { lab in
            for route in lab.application.pageRoutes where route.needs != .nothing {
                let path = Self.filled(route.path)
                let isPage = route.method == .get
                let answer = isPage ? try await lab.nobody.get(path) : try await lab.nobody.form(path, [("x", "y")])
                let location = answer.headers.first(name: "location") ?? ""
                #expect(answer.status == 303, "\(path)")
                #expect(isPage ? location.hasPrefix("/login?next=/") : location == "/login", "\(location)")
            }
        }
    }

    @Test func `administration is shown to administrators only`() async throws {
        try await ConsoleLab.serving { lab in
            for role in Role.allCases {
                try await lab.user("\(role)1", [GrantReport(role: role, scope: "everywhere")])
                for tab in ["users", "groups", "tokens"] {
                    let answer = try await lab.browser("\(role)1").get("/settings/\(tab)")
                    #expect(answer.status == (role == .admin ? 200 : 403), "\(role) \(tab)")
                    #expect(role == .admin || !answer.body.contains("victim"))
                }
            }
            #expect(try await lab.browser("root").get("/settings/nothing").status == 404)
        }
    }

    @Test func `what is not there is said on a page for people and as a problem to programs`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            let page = try await root.get("/nowhere/<script>alert(1)</script>")
            #expect(page.status == 404 && page.body.contains("</html>") && !page.body.contains("<script>alert"))
            let problem = try await root.get("/api/v1/nowhere")
            #expect(problem.status == 404)
            let value: Problem = try problem.value()
            #expect(value.type == "palisade:not-found" && value.status == 404 && !value.requestID.isEmpty)
        }
    }
}
