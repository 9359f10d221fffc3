// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import Testing

@testable import WebConsole

/// Where secrets must not turn up.
@Suite struct SecretTests {
    @Test func `no secret is in the log, in the audit log or on a page that is not its own`() async throws {
        try await ConsoleLab.serving { lab in
            let page = try await lab.nobody.form("/login", [("name", "root"), ("password", ConsoleLab.password)])
            let secret = try #require(page.cookie("palisade"))
            let csrf = try #require(await lab.access.session(secret)).csrf
            let root = Client(url: lab.url, cookie: "palisade=\(secret)", csrf: csrf)
            let victim = try await lab.session("victim")
            let made = try await root.form(
                "/settings/tokens",
                [
                    ("action", "create-token"), ("name", "ci"), ("role", "viewer"), ("scope", "everywhere"),
                    ("days", "1"),
                ]
            )
            let shown = try #require(made.body.firstMatch(of: /pal[a-z]*_[A-Za-z0-9_-]{20,}/)).output
            let token = String(shown)
            #expect(try await Client(url: lab.url, token: token).get("/api/v1/me").status == 200)
            _ = try await lab.nobody.form("/login", [("name", "root"), ("password", "wrong password 123")])
            _ = try await lab.nobody.get("/api/v1/me", ["authorization": "Bearer \(token)x"])
            _ = try await root.get("/e/production/flows?q=\(Client.encoded("nonsense:x"))")
            var texts = [("log", lab.log.text)]
            for path in [
                "/me", "/settings/users", "/settings/tokens", "/settings/about", "/audit", "/audit/export", "/nowhere",
                "/e/production/overview", "/api/v1/tokens", "/api/v1/users", "/api/v1/users/victim/sessions",
                "/api/v1/audit", "/api/v1/audit/export", "/api/v1/me",
            ] { texts.append((path, try await root.get(path).body)) }
            for (place, text) in texts {
                #expect(!text.contains(token), "\(place)")
                #expect(!text.contains(secret) && !text.contains(victim.secret), "\(place)")
                #expect(!text.contains(victim.session.csrf), "\(place)")
                #expect(!text.contains(ConsoleLab.password) && !text.contains("wrong password 123"), "\(place)")
            }
            #expect(!lab.log.text.contains(csrf))
        }
    }

    @Test func `redirects carry no secret in their address`() async throws {
        try await ConsoleLab.serving { lab in
            let answer = try await lab.nobody.form("/login", [("name", "root"), ("password", ConsoleLab.password)])
            let secret = try #require(answer.cookie("palisade"))
            #expect(answer.headers.first(name: "location")?.contains(secret) == false)
            let away = try await lab.nobody.get("/me?token=abc")
            #expect(away.headers.first(name: "location")?.hasPrefix("/login?next=") == true)
        }
    }
}
