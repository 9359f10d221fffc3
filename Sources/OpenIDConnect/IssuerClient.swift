// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Speaks HTTP with the issuer: bounded in time and size, never redirected.
struct IssuerClient: Sendable {
    private static let answerBytes = 256 << 10
    private static let timeout = TimeAmount.seconds(10)

    private static let unreachable = "The issuer cannot be reached now; try again in a moment."

    let http: HTTPClient

    func get(_ url: String) async throws -> Data {
        try await bytes(HTTPClientRequest(url: url))
    }

    /// Sends a form.
    /// - Parameter authorization: the header, when the client proves itself by one.
    func post(_ url: String, _ form: [(String, String)], authorization: String?) async throws -> Data {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        let body = form.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: body))
        return try await bytes(request)
    }

    private func bytes(_ request: HTTPClientRequest) async throws -> Data {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            response = try await http.execute(request, timeout: Self.timeout)
            body = try await response.body.collect(upTo: Self.answerBytes)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw IssuerError(.unreachable, Self.unreachable, detail: "\(request.url): \(error)")
        }
        guard response.status == .ok else {
            let detail = "It answered \(response.status.code) at \(request.url)."
            guard response.status.code < 500 else {
                throw IssuerError(.unreachable, Self.unreachable, detail: detail)
            }
            throw IssuerError(.refused, "The issuer refused the sign-in.", detail: detail)
        }
        return Data(buffer: body)
    }

    /// As forms and queries need it: everything but letters, digits and `-._~`.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.append(Character(Unicode.Scalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
