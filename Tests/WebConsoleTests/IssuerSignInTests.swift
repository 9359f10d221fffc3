// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import NetworkPrimitives
import Synchronization
import Testing

@testable import WebConsole

/// Says what a test wants, and counts who asked.
private final class ScriptedIssuer: IdentityIssuer {
    let error = Mutex<IssuerError?>(nil)
    let asked = Mutex(0)

    func begin() async throws -> IssuerRedirect {
        if let error = error.withLock({ $0 }) { throw error }
        return IssuerRedirect(url: "https://id.example/authorize", cookie: "c")
    }

    func finish(_ callback: IssuerCallback) async throws -> ExternalIdentity {
        guard callback.cookie != nil else { throw IssuerError(.notBegun, "Not begun.") }
        asked.withLock { $0 += 1 }
        if let error = error.withLock({ $0 }) { throw error }
        return ExternalIdentity(
            issuer: "https://id.example",
            subject: "u-1",
            name: "bob",
            displayName: "Bob",
            grants: [Grant(.viewer, on: .everywhere)]
        )
    }
}

@Suite struct IssuerSignInTests {
    private static let begun = ["cookie": "palisade-sign-in=c"]
    private static let secretPlace = "http://10.9.8.7:8443/internal"

    private func serving(
        _ body: @escaping @Sendable (ConsoleLab, ScriptedIssuer) async throws -> Void
    ) async throws {
        let issuer = ScriptedIssuer()
        var settings = ConsoleLab.Settings()
        settings.provider = SignInProvider(title: "Example", issuer: issuer)
        try await ConsoleLab.serving(settings) { try await body($0, issuer) }
    }

    private func failures(_ lab: ConsoleLab) async throws -> [AuditItem] {
        try await lab.access.auditLog(AuditQuery(limit: 100), by: .owner).items.filter {
            $0.object == "user/(unknown)"
        }
    }

    @Test func `who the issuer vouches for is signed in`() async throws {
        try await serving { lab, _ in
            // A user name that looks like what is counted here locks nobody.
            for _ in 0..<6 {
                _ = try await lab.nobody.form("/login", [("name", "issuer 127.0.0.1"), ("password", "wrong one 123")])
            }
            let away = try await lab.nobody.get("/login/openid")
            #expect(away.status == 303 && away.headers.first(name: "location") == "https://id.example/authorize")
            let back = try await lab.nobody.get("/login/callback?state=s&code=c", Self.begun)
            let secret = try #require(back.cookie("palisade"))
            #expect(try await Client(url: lab.url, cookie: "palisade=\(secret)").get("/me").status == 200)
        }
    }

    @Test func `what the issuer refuses is recorded, and soon no longer asked`() async throws {
        try await serving { lab, issuer in
            let error = IssuerError(.refused, "The issuer refused the sign-in.", detail: Self.secretPlace)
            issuer.error.withLock { $0 = error }
            for _ in 0..<20 {
                let answer = try await lab.nobody.get("/login/callback?state=s&code=c", Self.begun)
                #expect(answer.status == 401 && !answer.body.contains("10.9.8.7"))
            }
            #expect(issuer.asked.withLock { $0 } == SignInThrottle.freeFailures)
            let items = try await failures(lab)
            // One for each question, and one for the lock.
            #expect(items.count == SignInThrottle.freeFailures + 1)
            #expect(items.contains { $0.detail?.contains(Self.secretPlace) == true })
            #expect(lab.log.text.contains("10.9.8.7"))
            // Others are not locked out: passwords work, and later the issuer is asked again.
            let fields = [("name", "root"), ("password", ConsoleLab.password)]
            #expect(try await lab.nobody.form("/login", fields).status == 303)
            issuer.error.withLock { $0 = nil }
            lab.pass(31)
            let back = try await lab.nobody.get("/login/callback?state=s&code=c", Self.begun)
            #expect(back.cookie("palisade") != nil)
        }
    }

    @Test(arguments: [IssuerError.Code.unreachable, .notBegun])
    func `what is nobody's guess locks nobody and fills no log`(_ code: IssuerError.Code) async throws {
        try await serving { lab, issuer in
            issuer.error.withLock { $0 = IssuerError(code, "It did not work.", detail: Self.secretPlace) }
            for _ in 0..<10 {
                _ = try await lab.nobody.get("/login/callback?state=s&code=c", code == .notBegun ? [:] : Self.begun)
            }
            issuer.error.withLock { $0 = nil }
            let back = try await lab.nobody.get("/login/callback?state=s&code=c", Self.begun)
            #expect(back.cookie("palisade") != nil)
            #expect(try await failures(lab).isEmpty)
        }
    }

    @Test func `settings that are wrong are told to operators alone`() async throws {
        try await serving { lab, issuer in
            issuer.error.withLock { $0 = IssuerError(.misconfigured, "What \(Self.secretPlace) says is wrong.") }
            let answer = try await lab.nobody.get("/login/openid")
            #expect(answer.status == 401 && !answer.body.contains("10.9.8.7") && answer.body.contains("administrator"))
            #expect(lab.log.text.contains(Self.secretPlace))
        }
    }
}

@Suite struct ClientAddressTests {
    private static let proxies = ["10.0.0.7", "2001:db8:1::/48"].map { text in
        IPAddress(text).map { Prefix(host: $0) } ?? Prefix(text)
    }
    .compactMap { $0 }

    @Test(arguments: [
        // Without a trusted proxy the field means nothing.
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"), ("10.0.0.8", ["203.0.113.9"], "10.0.0.8"),
        ("10.0.0.7", [], "10.0.0.7"), ("10.0.0.7", ["203.0.113.9"], "203.0.113.9"),
        // What the client itself wrote stands before what the proxy saw.
        ("10.0.0.7", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"), ("10.0.0.7", ["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["203.0.113.9, 2001:db8:1::2"], "203.0.113.9"),
        ("10.0.0.7", ["10.0.0.7, 10.0.0.7"], "10.0.0.7"), ("2001:db8:1::5", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.7", ["203.0.113.9:4711"], "203.0.113.9"), ("10.0.0.7", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.7", ["unknown"], "10.0.0.7"), ("10.0.0.7", ["203.0.113.9, "], "10.0.0.7"),
        ("10.0.0.7", ["203.0.113.9, junk, 2001:db8:1::2"], "2001:db8:1::2"), ("10.0.0.7", [",,,"], "10.0.0.7"),
    ])
    func `the client is the last that no trusted proxy is`(peer: String, fields: [String], expected: String) {
        #expect(ClientAddress.client(of: peer, fields, Self.proxies) == expected)
    }

    @Test func `behind a proxy one stranger locks nobody else out`() async throws {
        var settings = ConsoleLab.Settings()
        settings.trustedProxies = [Prefix(host: try #require(IPAddress("127.0.0.1")))]
        try await ConsoleLab.serving(settings) { lab in
            func signIn(_ name: String, _ password: String, from address: String) async throws -> Client.Answer {
                let fields = [("name", name), ("password", password)]
                return try await lab.nobody.form("/login", fields, ["x-forwarded-for": address])
            }
            for number in 0..<10 {
                _ = try await signIn("guess\(number)", "wrong password 123", from: "203.0.113.9")
            }
            #expect(try await signIn("root", ConsoleLab.password, from: "203.0.113.9").status != 303)
            #expect(try await signIn("root", ConsoleLab.password, from: "203.0.113.10").status == 303)
            let items = try await lab.access.auditLog(AuditQuery(limit: 100), by: .owner).items
            #expect(items.contains { $0.address == "203.0.113.10" && $0.outcome == .success })
        }
    }
}
