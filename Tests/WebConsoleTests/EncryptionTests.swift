// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import Foundation
import NIOSSL
import Testing

@testable import WebConsole

/// HTTPS with a certificate of one's own.
@Suite struct EncryptionTests {
    /// A key and a certificate for 127.0.0.1 that openssl makes.
    private struct OwnCertificate {
        var certificate: String
        var key: String

        init(in folder: String) throws {
            (certificate, key) = (folder + "/chain.pem", folder + "/key.pem")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2", "-subj", "/CN=palisade", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                certificate,
            ]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "openssl made no certificate")
        }
    }

    private static func withTLS(_ body: @escaping @Sendable (ConsoleLab, HTTPClient) async throws -> Void) async throws
    {
        let folder = "/tmp/palisade-tls-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let own = try OwnCertificate(in: folder)
        let chain = try NIOSSLCertificate.fromPEMFile(own.certificate)
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: own.key, format: .pem))
        )
        server.minimumTLSVersion = .tlsv12
        var trusting = TLSConfiguration.makeClientConfiguration()
        trusting.trustRoots = .certificates(chain)
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(tlsConfiguration: trusting, redirectConfiguration: .disallow)
        )
        do {
            try await ConsoleLab.serving(ConsoleLab.Settings(tls: server)) { try await body($0, client) }
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    @Test func `under HTTPS cookies are for this host and encrypted connections only, and browsers are told to stay`()
        async throws
    {
        try await Self.withTLS { lab, http in
            var client = lab.nobody
            client.http = http
            let fields = [("name", "root"), ("password", ConsoleLab.password)]
            let answer = try await client.form("/login", fields, ["origin": lab.url])
            #expect(answer.status == 303)
            let line = try #require(answer.headers.first(name: "set-cookie"))
            #expect(line.hasPrefix("__Host-palisade=") && line.contains("Secure") && line.contains("HttpOnly"))
            #expect(line.contains("Path=/") && !line.contains("Domain"))
            #expect(answer.headers.first(name: "strict-transport-security") == "max-age=31536000")
            client.cookie = "__Host-palisade=\(answer.cookie("__Host-palisade") ?? "")"
            #expect(try await client.get("/me").status == 200)
            client.cookie = "palisade=\(answer.cookie("__Host-palisade") ?? "")"
            #expect(try await client.get("/me").status == 303)
        }
    }

    @Test func `without encryption nothing is answered there, and a stranger's certificate is not trusted`()
        async throws
    {
        try await Self.withTLS { lab, _ in
            let plain = try await RawConnection.exchange(
                lab.port,
                "GET /login HTTP/1.1\r\nHost: 127.0.0.1:\(lab.port)\r\nConnection: close\r\n\r\n"
            )
            #expect(plain?.hasPrefix("HTTP/1.1") == false)
            await #expect(throws: (any Error).self) { try await lab.nobody.get("/login") }
        }
    }

    @Test func `behind a proxy that encrypts, the public name counts and cookies are secure`() async throws {
        var settings = ConsoleLab.Settings()
        settings.publicURL = try PublicURL(parsing: "https://palisade.example.com")
        try await ConsoleLab.serving(settings) { lab in
            let fields = [("name", "root"), ("password", ConsoleLab.password)]
            let proxied = ["host": "palisade.example.com", "origin": "https://palisade.example.com"]
            let answer = try await lab.nobody.form("/login", fields, proxied)
            #expect(answer.status == 303 && answer.cookie("__Host-palisade") != nil)
            #expect(answer.headers.contains(name: "strict-transport-security"))
            let other = ["host": "palisade.example.com", "origin": "https://evil.example.com"]
            #expect(try await lab.nobody.form("/login", fields, other).status == 403)
        }
    }
}
