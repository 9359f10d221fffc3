// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird

/// Values as JSON answers: keys sorted, times as text, one line.
enum JSONAnswer {
    static func response(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        contentType: String = "application/json"
    ) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try bytes(of: value)))
        )
    }

    static func bytes(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// Reads a request's body.
    /// - Throws: `ServiceError` `badRequest` that names the field, `HTTPRefusal` 413 and 415.
    static func value<Value: Decodable>(
        of type: Value.Type,
        from request: Request,
        atMost limit: Int
    ) async throws -> Value {
        let content = request.headers[.contentType] ?? "application/json"
        let media = content.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard media == "application/json" else {
            throw HTTPRefusal(
                .unsupportedMediaType,
                ServiceError(.badRequest, "The body is not application/json.")
            )
        }
        var request = request
        let body = try await request.collectBody(upTo: limit)
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw ServiceError(.badRequest, sentence(error))
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.isEmpty
                ? "the body"
                : "\"\(path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "."))\""
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "The field \(name(context.codingPath + [key])) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "The value of \(name(context.codingPath)) has another type than is expected here."
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "The body is not JSON." : "The value of \(name(context.codingPath)) is not one of the expected ones."
        @unknown default: return "The body is not the JSON that is expected here."
        }
    }
}
