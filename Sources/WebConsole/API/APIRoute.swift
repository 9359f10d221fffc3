// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird

/// One operation of the HTTP API: what it is called, what it needs, what it takes and gives, and what it does.
///
/// Routes are data: the router, the permission checks and the OpenAPI document are made from the same list, so that none
/// of them can know a route that the others do not.
struct APIRoute: Sendable {
    /// Who may ask.
    enum Needs: Hashable, Sendable {
        /// Anybody, without signing in.
        case nothing
        /// Whoever signed in, about themselves.
        case signIn
        case server(Permission)
        /// The permission on the whole environment of the path.
        case environment(Permission)
        /// The permission on at least one namespace of the environment; the answer holds what the caller may see.
        case namespaces(Permission)
    }

    enum Content: Sendable {
        case json(any (Codable & Sendable).Type)
        /// A media type whose body is described by a sentence.
        case text(String, String)
        case none
    }

    let method: HTTPRequest.Method
    /// Under `/api/v1/`, parameters in braces: `environments/{environment}/flows`.
    let path: String
    /// A camel case name, unique.
    let operation: String
    /// One sentence.
    let summary: String
    let needs: Needs
    var parameters: [APIParameter] = []
    var body: (any (Codable & Sendable).Type)?
    var status: HTTPResponse.Status = .ok
    let answer: Content
    /// The largest body, in bytes.
    var largestBody = 64 << 10
    let handle: @Sendable (APIRequest) async throws -> Response
}

/// A query parameter.
struct APIParameter: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case text
        case integer(ClosedRange<Int>)
        case choice([String])
        case time
        case flag
    }

    let name: String
    let kind: Kind
    let summary: String
    /// Whether it may stand several times.
    let isList: Bool
    /// Whether it must stand there.
    let isRequired: Bool

    init(_ name: String, _ kind: Kind, _ summary: String, isList: Bool = false, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isList = isList
        self.isRequired = isRequired
    }
}

/// A request to a route whose needs are met.
struct APIRequest: Sendable {
    let request: Request
    let context: ConsoleContext
    let principal: Principal
    /// The environment of the path; `nil` where the route has none.
    let environment: ConsoleEnvironment?
    /// What the caller may see of it.
    let view: NamespaceView
    /// Whether the caller may still see the same.
    let isStillPermitted: @Sendable () async -> Bool
    let largestBody: Int

    func path(_ name: String) throws -> String {
        let text = try context.parameters.require(name)
        return text.removingPercentEncoding ?? text
    }

    func query(_ name: String) -> String? { queries(name).first }

    func queries(_ name: String) -> [String] {
        QueryText.parameters(of: request.uri).filter { $0.name == name }.map(\.value)
    }

    func body<Value: Decodable>(_ type: Value.Type = Value.self) async throws -> Value {
        try await JSONAnswer.value(of: type, from: request, atMost: largestBody)
    }

    /// - Throws: `ServiceError` when the route has no environment in its path, which is a mistake of ours.
    func place() throws -> ConsoleEnvironment {
        guard let environment else { throw ServiceError(.failed, "The route names no environment.") }
        return environment
    }
}
