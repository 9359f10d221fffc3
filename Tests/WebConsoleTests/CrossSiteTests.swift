// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import Testing

@testable import WebConsole

/// Requests that a page of somebody else makes a browser send, and addresses that lead elsewhere.
@Suite struct CrossSiteTests {
    private static let theme = [("theme", "dark")]

    @Test func `a form without the session's own token is refused, whatever it carries instead`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root")
            let victim = try await lab.session("victim")
            let old = try await lab.session("root")
            let wrong = ["", "x", victim.session.csrf, old.session.csrf, root.secret]
            var client = Client(url: lab.url, cookie: "palisade=\(root.secret)")
            for token in wrong {
                #expect(try await client.form("/me/theme", Self.theme + [("csrf", token)]).status == 403, "\(token)")
                client.csrf = token
                #expect(try await client.form("/me/theme", Self.theme).status == 403, "\(token)")
                let user = try await client.json("POST", "/api/v1/users", UserDraft(name: "eve"))
                #expect(user.status == 403)
                client.csrf = nil
            }
            #expect(try await client.form("/me/theme", Self.theme).status == 403)
            #expect(try await client.send("DELETE", "/api/v1/users/victim").status == 403)
            #expect(lab.access.users(by: .owner).items.count == 2)
            #expect(try await client.form("/me/theme", Self.theme + [("csrf", root.session.csrf)]).status == 303)
            client.csrf = root.session.csrf
            #expect(try await client.json("POST", "/api/v1/users", UserDraft(name: "eve")).status == 201)
        }
    }

    @Test(arguments: [
        ["origin": "https://evil.example"], ["origin": "null"], ["origin": "http://127.0.0.1:1"],
        ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"],
    ]) func `another site changes nothing, even with the token`(_ headers: [String: String]) async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            #expect(try await root.form("/me/theme", Self.theme, headers).status == 403)
            let fields = [("name", "root"), ("password", ConsoleLab.password)]
            let signIn = try await lab.nobody.form("/login", fields, headers)
            #expect(signIn.status == 403 && signIn.cookie("palisade") == nil)
            #expect(try await root.get("/me", headers).status == 200)
        }
    }

    @Test func `our own pages may, by every name of the server`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            for origin in [lab.url, "http://localhost:\(lab.port)"] {
                let headers = ["origin": origin, "sec-fetch-site": "same-origin"]
                #expect(try await root.form("/me/theme", Self.theme, headers).status == 303)
            }
        }
    }

    @Test func `a token of a program needs no CSRF token, and no cookie beside it counts`() async throws {
        try await ConsoleLab.serving { lab in
            let draft = TokenDraft(
                name: "ci",
                user: "victim",
                grants: [GrantReport(role: .viewer, scope: "everywhere")]
            )
            let value = try await lab.access.createToken(draft, by: .owner, from: ConsoleLab.origin).value
            let root = try await lab.session("root")
            let client = Client(url: lab.url, cookie: "palisade=\(root.secret)", token: value)
            let caller: CallerReport = try await client.get("/api/v1/me").value()
            #expect(caller.name == "token ci of victim")
            #expect(try await client.json("POST", "/api/v1/users", UserDraft(name: "eve")).status == 403)
            #expect(try await client.send("POST", "/api/v1/environments/-/explain").status == 400)
        }
    }

    @Test(arguments: [
        "Host: evil.example", "Host: 127.0.0.1", "Host: 127.0.0.1:1", "Host: evil.example:PORT",
        "Host: 127.0.0.1:PORT.evil.example", "Host: user@127.0.0.1:PORT", "Host:", "X-None: y",
    ]) func `requests to other names are refused before anything else (DNS rebinding)`(_ line: String) async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.session("root")
            for path in ["/", "/login", "/api/v1/me", "/api/v1/openapi.json", "/assets/palisade.css"] {
                let request = """
                    GET \(path) HTTP/1.1\r
                    \(line.replacing("PORT", with: "\(lab.port)"))\r
                    Cookie: palisade=\(root.secret)\r
                    Connection: close\r
                    \r

                    """
                let answer = try #require(try await RawConnection.exchange(lab.port, request))
                #expect(answer.hasPrefix("HTTP/1.1 421 ") || answer.hasPrefix("HTTP/1.1 400 "), "\(answer.prefix(200))")
            }
        }
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "http:evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/%2f%2fevil.example", "%2f%2fevil.example", "/\t/evil.example", "/\n/evil.example",
        "/\u{0}/evil", " //evil.example", "", "evil", "/%5cevil.example", "///evil.example", "/.//evil.example",
        "/..//evil.example",
    ]) func `sign-in leads to no other site`(_ next: String) async throws {
        try await ConsoleLab.serving { lab in
            let fields = [("name", "root"), ("password", ConsoleLab.password), ("next", next)]
            let answer = try await lab.nobody.form("/login", fields)
            let location = try #require(answer.headers.first(name: "location"))
            #expect(answer.status == 303)
            let isLocal = location.hasPrefix("/") && !location.hasPrefix("//") && !location.contains("\\")
            #expect(isLocal && location.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "\(location)")
            let base = try #require(URL(string: lab.url + "/login"))
            #expect(URL(string: location, relativeTo: base)?.host() == "127.0.0.1", "\(location)")
            let page = try await lab.nobody.get("/login?next=\(Client.encoded(next))")
            #expect(page.status == 200 && !page.body.contains("value=\"//"))
        }
    }
}
