// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import FlowModel
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// The body of every error answer (RFC 9457): `application/problem+json`.
public struct Problem: Hashable, Sendable, Codable {
    /// `palisade:not-found`; the class of the error.
    public var type: String
    /// The status in words.
    public var title: String
    public var status: Int
    /// One sentence with the value.
    public var detail: String
    @OrNull public var fix: String?
    /// What to quote when asking about it; the log has it, too.
    public var requestID: String

    init(_ error: ServiceError, requestID: String) {
        let response = Self.status(of: error.code)
        type = "palisade:\(error.code.rawValue)"
        title = response.reasonPhrase
        status = response.code
        detail = error.message
        fix = error.fix
        self.requestID = requestID
    }

    /// The error that a client rethrows.
    public var serviceError: ServiceError {
        let code = ServiceError.Code(rawValue: String(type.dropFirst("palisade:".count)))
        return ServiceError(code ?? .failed, detail, fix: fix)
    }

    static func status(of code: ServiceError.Code) -> HTTPResponse.Status {
        switch code {
        case .badRequest: .badRequest
        case .notPermitted: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .timedOut: .gatewayTimeout
        case .failed: .internalServerError
        }
    }
}

/// Turns whatever a route throws into a `Problem`.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let service = Self.serviceError(error, request)
            if service.code == .failed { context.logger.error("\(service)") }
            let problem = Problem(service, requestID: context.id)
            return try JSONAnswer.response(
                problem,
                status: Problem.status(of: service.code),
                contentType: "application/problem+json"
            )
        }
    }

    private static func serviceError(_ error: any Error, _ request: Request) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as FlowFilterError:
            return ServiceError(.badRequest, error.problems.map(\.message).joined(separator: " "))
        case let error as FlowStoreError: return ServiceError(.failed, error.message)
        case let error as HTTPError where error.status == .notFound:
            return ServiceError(.notFound, "Nothing is at \(request.method.rawValue) \(request.uri.path).")
        case let error as any HTTPResponseError:
            let isClient = (400..<500).contains(error.status.code)
            return ServiceError(isClient ? .badRequest : .failed, "\(error.status.reasonPhrase).")
        default: return ServiceError(.failed, "\(error)")
        }
    }
}

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

    /// Reads a request's body, at most 64 KiB.
    static func value<Value: Decodable>(of type: Value.Type, from request: Request) async throws -> Value {
        var request = request
        let body = try await request.collectBody(upTo: 65_536)
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch {
            throw ServiceError(.badRequest, "The body is not the JSON that is expected here: \(error)")
        }
    }
}
