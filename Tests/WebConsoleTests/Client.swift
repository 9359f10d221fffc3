// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import ControlPlane
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import WebConsole

/// Sends requests as a browser or a program does; follows nothing and keeps no cookie.
struct Client: Sendable {
    var url: String
    /// `name=value`.
    var cookie: String?
    /// What is sent as `X-CSRF-Token` with whatever is not a GET.
    var csrf: String?
    var token: String?
    var http = Client.plain

    /// Lives as long as the process.
    static let plain: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    struct Answer: Sendable {
        var status: Int
        var headers: Fields
        var body: String

        var json: Any? { try? JSONSerialization.jsonObject(with: Data(body.utf8)) }
        /// The answer without what differs from request to request.
        var comparable: String { body.replacing(/[0-9a-f]{16,64}/, with: "ID") }

        func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(type, from: Data(body.utf8))
        }

        /// The value of a cookie that the answer sets.
        func cookie(_ name: String) -> String? {
            headers["set-cookie"].lazy.compactMap { line -> String? in
                guard line.hasPrefix(name + "=") else { return nil }
                return line.dropFirst(name.count + 1).split(separator: ";").first.map(String.init) ?? ""
            }.first
        }
    }

    /// The header fields of an answer.
    struct Fields: Sendable {
        var all: [(name: String, value: String)]

        func first(name: String) -> String? { self[name].first }
        func contains(name: String) -> Bool { !self[name].isEmpty }
        subscript(name: String) -> [String] { all.filter { $0.name.lowercased() == name }.map(\.value) }
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers)
    }

    func form(
        _ path: String,
        _ fields: [(String, String)],
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        let text = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        let type = ["content-type": "application/x-www-form-urlencoded"]
        return try await send("POST", path, type.merging(headers) { _, new in new }, body: Array(text.utf8))
    }

    func json(_ method: String, _ path: String, _ body: some Encodable) async throws -> Answer {
        try await send(method, path, ["content-type": "application/json"], body: Array(try JSONEncoder().encode(body)))
    }

    func send(
        _ method: String,
        _ path: String,
        _ headers: [String: String] = [:],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        if let cookie { request.headers.add(name: "cookie", value: cookie) }
        if let csrf, method != "GET" { request.headers.add(name: "x-csrf-token", value: csrf) }
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await http.execute(request, timeout: .seconds(60))
        let isStream = response.headers.first(name: "content-type")?.hasPrefix("text/event-stream") ?? false
        // A stream has no end to wait for.
        let bytes = isStream ? ByteBuffer() : try await response.body.collect(upTo: 64 << 20)
        let fields = Fields(all: response.headers.map { ($0.name, $0.value) })
        return Answer(status: Int(response.status.code), headers: fields, body: String(buffer: bytes))
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
