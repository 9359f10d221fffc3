// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Foundation
import NIOCore
import Testing

@testable import ControlPlane
@testable import WebConsole

/// How much and how slowly a client may send.
@Suite struct RequestLimitTests {
    private static let signIn = "/api/v1/sign-in"

    @Test func `bodies beyond their limit are refused, those of strangers sooner`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            func padded(_ bytes: Int) -> [UInt8] { Array(repeating: 0x20, count: bytes) }
            let json = ["content-type": "application/json"]
            #expect(try await lab.nobody.send("POST", Self.signIn, json, body: padded(64 << 10)).status == 400)
            #expect(try await lab.nobody.send("POST", Self.signIn, json, body: padded((64 << 10) + 1)).status == 413)
            #expect(try await root.send("POST", "/api/v1/users", json, body: padded((64 << 10) + 1)).status == 413)
            let check = "/api/v1/environments/production/policy-file/check"
            #expect(try await root.send("POST", check, json, body: padded(1 << 20)).status == 400)
            #expect(try await root.send("POST", check, json, body: padded((4 << 20) + 1)).status == 413)
            let long = String(repeating: "x", count: 65 << 10)
            #expect(try await lab.nobody.form("/login", [("name", long)]).status == 413)
            #expect(try await root.form("/me/theme", [("theme", "dark"), ("x", long)]).status == 303)
            let huge = String(repeating: "x", count: 4 << 20)
            #expect(try await root.form("/me/theme", [("theme", "dark"), ("x", huge)]).status == 413)
            let many = (0...FormBody.largestFieldCount).map { ("f\($0)", "") }
            #expect(try await root.form("/me/theme", many).status == 400)
        }
    }

    @Test func `bodies that are not what they should be are refused with the reason`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            let path = "/api/v1/users"
            let cases: [(String?, String, Int, String)] = [
                ("application/json", "", 400, "not JSON"), ("application/json", "{", 400, "not JSON"),
                ("application/json", "[]", 400, "another type"),
                ("application/json", "{}", 400, "\\\"name\\\" is missing"),
                ("application/json", #"{"name": 1, "grants": []}"#, 400, "another type"),
                ("application/json", #"{"name": "Ä", "grants": []}"#, 400, "user name"),
                ("text/plain", #"{"name": "a", "grants": []}"#, 415, "application/json"),
                ("application/jsonx", #"{"name": "a", "grants": []}"#, 415, "application/json"),
                ("application/json; charset=utf-8", #"{"name": "a", "grants": []}"#, 201, ""),
            ]
            for (type, body, status, reason) in cases {
                let headers = type.map { ["content-type": $0] } ?? [:]
                let answer = try await root.send("POST", path, headers, body: Array(body.utf8))
                #expect(
                    answer.status == status && (reason.isEmpty || answer.body.contains(reason)),
                    "\(body): \(answer.body)"
                )
            }
            #expect(try await root.send("POST", path).status == 400)
        }
    }

    @Test(arguments: [
        "X-Long: " + String(repeating: "x", count: 20_000),
        (0..<200).map { "X-\($0): y" }.joined(separator: "\r\n"),
        (0..<90).map { "X-\($0): " + String(repeating: "y", count: 500) }.joined(separator: "\r\n"),
    ]) func `heads with too many or too long fields are refused`(_ fields: String) async throws {
        try await ConsoleLab.serving { lab in
            let request = "GET /login HTTP/1.1\r\nHost: 127.0.0.1:\(lab.port)\r\n\(fields)\r\nConnection: close\r\n\r\n"
            let answer = try #require(try await RawConnection.exchange(lab.port, request))
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(100))")
        }
    }

    @Test func `a client that sends its head or its body slowly, or nothing, loses its connection`() async throws {
        var settings = ConsoleLab.Settings()
        settings.patience = .init(head: .milliseconds(600), body: .milliseconds(600), write: .seconds(5))
        try await ConsoleLab.serving(settings) { lab in
            let silent = try RawConnection(port: lab.port)
            let head = try RawConnection(port: lab.port)
            head.send("GET /login HTTP/1.1\r\nHost: 127.0.0.1:\(lab.port)\r\n")
            let body = try RawConnection(port: lab.port)
            body.send("POST /login HTTP/1.1\r\nHost: 127.0.0.1:\(lab.port)\r\nContent-Length: 1000\r\n")
            body.send("Content-Type: application/x-www-form-urlencoded\r\n\r\n")
            let start = ContinuousClock.now
            // Each byte comes in time, the whole does not.
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(100))
                head.send("X")
                body.send("x")
            }
            #expect(await silent.readToEnd() == "")
            #expect(await head.readToEnd()?.contains(" 200 ") == false)
            #expect(await body.readToEnd()?.contains(" 200 ") == false)
            #expect(ContinuousClock.now - start < .seconds(15))
            // Whoever is in time is served, also on a connection that rests between two requests.
            let patient = try RawConnection(port: lab.port)
            for _ in 0..<2 {
                patient.send("GET /assets/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:\(lab.port)\r\n\r\n")
                try await Task.sleep(for: .milliseconds(400))
            }
            #expect(await patient.readToEnd()?.components(separatedBy: "HTTP/1.1 200 ").count == 3)
        }
    }

    @Test func `a stream of live flows outlasts the limit for heads and bodies`() async throws {
        var settings = ConsoleLab.Settings()
        settings.patience = .init(head: .milliseconds(300), body: .milliseconds(300), write: .seconds(5))
        try await ConsoleLab.serving(settings) { lab in
            let root = try await lab.session("root")
            let reader = try LiveReader(lab, cookie: root.secret)
            try await Task.sleep(for: .milliseconds(900))
            await lab.production.broadcast.send([LabWorld.flows[0]], lost: 0)
            #expect(try await reader.next().name == "flows")
        }
    }

    @Test func `answers of every kind carry the security headers`() async throws {
        try await ConsoleLab.serving { lab in
            let root = try await lab.browser("root")
            var answers = [
                try await lab.nobody.get("/login"), try await lab.nobody.get("/"), try await lab.nobody.get("/me"),
                try await lab.nobody.get("/assets/palisade.css"), try await lab.nobody.get("/api/v1/openapi.json"),
                try await lab.nobody.get("/api/v1/me"), try await lab.nobody.form("/login", []),
                try await lab.nobody.get("/login", ["host": "evil.example"]),
            ]
            for path in [
                "/e/production/flows", "/nowhere", "/api/v1/me", "/api/v1/nowhere", "/e/production/flows/live",
                "/api/v1/environments/production/flows/live", "/api/v1/audit/export", "/e/production/flows/export",
                "/api/v1/environments/production/flows?limit=0",
            ] { answers.append(try await root.get(path)) }
            answers.append(try await root.send("DELETE", "/api/v1/me"))
            for answer in answers {
                let place = "\(answer.status) \(answer.body.prefix(80))"
                let policy = answer.headers.first(name: "content-security-policy") ?? ""
                #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"), "\(place)")
                #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
                #expect(answer.headers.first(name: "x-content-type-options") == "nosniff", "\(place)")
                #expect(answer.headers.first(name: "x-frame-options") == "DENY")
                #expect(answer.headers.first(name: "referrer-policy") == "same-origin")
                #expect(answer.headers.first(name: "cross-origin-opener-policy") == "same-origin")
                #expect(answer.headers.contains(name: "cache-control"))
                #expect(answer.headers.first(name: "strict-transport-security") == nil)
            }
            #expect(try await root.get("/me").headers.first(name: "cache-control") == "no-store")
        }
    }
}
