// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird
import Logging

/// Whatever went wrong with a request, as it is answered.
struct Failure: Sendable {
    var status: HTTPResponse.Status
    var error: ServiceError
    var headers: HTTPFields = [:]

    /// What a route threw; facts that are nobody's business stay in the log.
    init(_ error: any Error, _ request: Request) {
        switch error {
        case let refusal as HTTPRefusal: self.init(refusal.status, refusal.error, refusal.headers)
        case is SignInNeeded: self.init(SignInNeeded.problem)
        case let error as ServiceError: self.init(error)
        case let error as FlowFilterError:
            self.init(ServiceError(.badRequest, error.problems.map(\.message).joined(separator: " ")))
        case let error as FlowStoreError: self.init(ServiceError(.failed, error.message))
        case let error as HTTPError where error.status == .notFound:
            self.init(ServiceError(.notFound, "Nothing is at \(request.method.rawValue) \(request.uri.path)."))
        case let error as any HTTPResponseError: self.init(status: error.status)
        default:
            self.init(ServiceError(.failed, "The request could not be answered.", fix: "The server's log says why."))
        }
    }

    init(_ error: ServiceError) { self.init(Self.status(of: error.code), error, [:]) }

    private init(_ status: HTTPResponse.Status, _ error: ServiceError, _ headers: HTTPFields) {
        self.status = status
        self.error = error
        self.headers = headers
        if status == .unauthorized { self.headers[.wwwAuthenticate] = "Bearer" }
    }

    /// An error of the HTTP library: a body that is too large, a path that cannot be read.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .contentTooLarge:
            self.init(status, ServiceError(.badRequest, "The body is too large."), [:])
        case let status where (400..<500).contains(status.code):
            self.init(status, ServiceError(.badRequest, "\(status.reasonPhrase)."), [:])
        default:
            self.init(ServiceError(.failed, "The request could not be answered.", fix: "The server's log says why."))
        }
    }

    static func status(of code: ServiceError.Code) -> HTTPResponse.Status {
        switch code {
        case .badRequest: .badRequest
        case .signInNeeded: .unauthorized
        case .notPermitted: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .tooManyRequests: .tooManyRequests
        case .timedOut: .gatewayTimeout
        case .failed: .internalServerError
        }
    }
}

/// Turns whatever a route throws into an answer: a `Problem` for the API, a page for a browser.
struct FailureMiddleware: RouterMiddleware {
    /// Makes the page of a failure.
    let page: @Sendable (Failure, Request, ConsoleContext) -> Response

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = Failure(error, request)
            if failure.status.code >= 500 { context.logger.error("\(request.uri.path): \(error)") }
            var response: Response
            if request.uri.path.hasPrefix("/api/") || context.transport == .socket {
                response = try JSONAnswer.response(
                    Problem(failure, requestID: context.requestID),
                    status: failure.status,
                    contentType: "application/problem+json"
                )
            } else {
                response = page(failure, request, context)
            }
            for field in failure.headers { response.headers[field.name] = field.value }
            return response
        }
    }
}
