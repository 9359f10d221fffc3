// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import Testing

@testable import WebConsole

@Suite struct SignInPageTests {
    private static func fields(_ name: String, _ password: String = ConsoleLab.password) -> [(String, String)] {
        [("name", name), ("password", password)]
    }

    @Test func `signing in gives a cookie that no script reads and no other site sends`() async throws {
        try await ConsoleLab.serving { lab in
            let answer = try await lab.nobody.form("/login", Self.fields("root") + [("next", "/me?x=1")])
            #expect(answer.status == 303 && answer.headers.first(name: "location") == "/me?x=1")
            let line = try #require(answer.headers.first(name: "set-cookie"))
            let parts = Set(line.split(separator: ";").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) })
            #expect(parts.isSuperset(of: ["HttpOnly", "SameSite=Lax", "Path=/"]), "\(line)")
            #expect(!parts.contains { $0.hasPrefix("Domain") })
            let secret = try #require(answer.cookie("palisade"))
            #expect(secret.count >= 43)
            #expect(try await Client(url: lab.url, cookie: "palisade=\(secret)").get("/me").status == 200)
        }
    }

    @Test func `the cookie from before sign-in is not the one after, and opens nothing any more`() async throws {
        try await ConsoleLab.serving { lab in
            let planted = Client(url: lab.url, cookie: "palisade=planted-by-somebody-else-0123456789abcdef")
            let first = try await planted.form("/login", Self.fields("root"))
            let secret = try #require(first.cookie("palisade"))
            #expect(!secret.hasPrefix("planted"))
            #expect(try await planted.get("/me").status == 303)
            // Signing in once more, as somebody else, ends the session of before.
            let csrf = try #require(await lab.access.session(secret)).csrf
            let browser = Client(url: lab.url, cookie: "palisade=\(secret)", csrf: csrf)
            let second = try await browser.form("/login", Self.fields("victim"))
            let other = try #require(second.cookie("palisade"))
            #expect(other != secret)
            #expect(try await browser.get("/me").status == 303)
        }
    }

    @Test func `signing out ends the session and takes the cookie away`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            let answer = try await root.form("/logout", [])
            #expect(answer.status == 303 && answer.headers.first(name: "location") == "/login")
            #expect(answer.headers.first(name: "set-cookie")?.contains("Max-Age=0") == true)
            #expect(try await root.get("/me").status == 303)
            #expect(try await root.get("/api/v1/me").status == 401)
        }
    }

    @Test func `sessions end after an hour unused and after twelve hours`() async throws {
        try await ConsoleLab.serving { lab in
            let idle = try await lab.browser("root")
            lab.pass(3_601)
            #expect(try await idle.get("/me").status == 303)
            let busy = try await lab.browser("root")
            for _ in 0..<23 {
                lab.pass(1_800)
                #expect(try await busy.get("/me").status == 200)
            }
            lab.pass(1_800)
            #expect(try await busy.get("/me").status == 303)
        }
    }

    @Test func `an unknown name and a wrong password are answered alike, by page and by API`() async throws {
        try await ConsoleLab.serving { lab in
            func answers(_ name: String) async throws -> [String] {
                let page = try await lab.nobody.form("/login", Self.fields(name, "wrong password 123"))
                let body = TokenSignIn(name: name, password: "wrong password 123", tokenName: "t", days: 1)
                let api = try await lab.nobody.json("POST", "/api/v1/sign-in", body)
                return [page, api].map { answer in
                    let headers = answer.headers.all.filter {
                        !["date", "content-length"].contains($0.name.lowercased())
                    }
                    .map { "\($0.name): \($0.value)" }.sorted()
                    return "\(answer.status) \(headers) \(answer.comparable)".replacing(name, with: "NAME")
                }
            }
            let (known, unknown) = (try await answers("victim"), try await answers("nobody"))
            #expect(known == unknown)
            #expect(known[0].hasPrefix("401 ") && known[1].hasPrefix("401 "))
        }
    }

    @Test func `guessing locks the name, existing or not, says until when, and opens again`() async throws {
        for name in ["victim", "nobody"] {
            try await ConsoleLab.serving { lab in
                for _ in 0..<5 { _ = try await lab.nobody.form("/login", Self.fields(name, "wrong password 123")) }
                let locked = try await lab.nobody.form("/login", Self.fields(name))
                #expect(locked.status == 429 && locked.cookie("palisade") == nil)
                let until = CivilTime(microseconds: LabWorld.now + 30_000_000).timeText
                #expect(locked.body.contains(until), "\(name)")
                let body = TokenSignIn(name: name, password: ConsoleLab.password, tokenName: "t", days: 1)
                let api = try await lab.nobody.json("POST", "/api/v1/sign-in", body)
                #expect(api.status == 429 && api.body.contains(until))
                lab.pass(31)
                let open = try await lab.nobody.form("/login", Self.fields(name))
                // A sixth failure locks again, for longer.
                #expect(open.status == (name == "victim" ? 303 : 429))
            }
        }
    }

    @Test func `setup needs the one-time link, once`() async throws {
        try await ConsoleLab.serving(ConsoleLab.Settings(isSetUp: false)) { lab in
            let link = try #require(lab.access.setupLink())
            #expect(try await lab.nobody.get("/").headers.first(name: "location") == "/setup")
            #expect(try await lab.nobody.get("/setup").status == 403)
            #expect(try await lab.nobody.get("/setup?token=wrong").status == 403)
            #expect(try await lab.nobody.get("/setup?token=\(link)").status == 200)
            let fields = [("name", "root"), ("password", ConsoleLab.password), ("repeated", ConsoleLab.password)]
            #expect(try await lab.nobody.form("/setup", fields + [("token", "wrong")]).status == 403)
            let done = try await lab.nobody.form("/setup", fields + [("token", link)])
            #expect(done.status == 303 && done.cookie("palisade") != nil)
            let again = try await lab.nobody.form("/setup", fields + [("token", link)])
            #expect(again.status == 403 && again.cookie("palisade") == nil)
            #expect(lab.access.users(by: .owner).items.count == 1)
        }
    }
}
