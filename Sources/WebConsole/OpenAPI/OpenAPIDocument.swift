// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import HTTPTypes
import PolicyAnalysis

/// The description of the API (OpenAPI 3.1), made from the list of routes.
struct OpenAPIDocument {
    let json: JSONValue

    /// - Throws: `SchemaReader.Unreadable` for a type whose schema is not known: a mistake of ours that tests find.
    init(routes: [APIRoute], version: String) throws {
        var reader = SchemaReader()
        let problem = try reader.schema(of: Problem.self)
        var paths: [(String, [(String, JSONValue)])] = []
        for route in routes.sorted(by: { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }) {
            let operation = try Self.operation(route, problem, &reader)
            let entry = (route.method.rawValue.lowercased(), operation)
            if let last = paths.indices.last, paths[last].0 == "/" + route.path {
                paths[last].1.append(entry)
            } else {
                paths.append(("/" + route.path, [entry]))
            }
        }
        let schemas = reader.components.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
        json = .object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                .object([
                    ("title", .string("Palisade")), ("version", .string(version)),
                    ("description", .string("Network policies, flows and who may do what with them.")),
                    ("license", .object([("name", .string("Apache-2.0")), ("identifier", .string("Apache-2.0"))])),
                ])
            ),
            ("servers", .array([.object([("url", .string("/api/v1"))])])),
            ("security", .array([.object([("token", .array([]))]), .object([("session", .array([]))])])),
            ("paths", .object(paths.map { ($0.0, .object($0.1)) })),
            ("components", .object([("schemas", .object(schemas)), ("securitySchemes", Self.security)])),
        ])
    }

    private static let security = JSONValue.object([
        ("token", .object([("type", .string("http")), ("scheme", .string("bearer"))])),
        (
            "session",
            .object([("type", .string("apiKey")), ("in", .string("cookie")), ("name", .string("palisade"))])
        ),
    ])

    private static func operation(
        _ route: APIRoute,
        _ problem: JSONSchema,
        _ reader: inout SchemaReader
    ) throws -> JSONValue {
        var fields: [(String, JSONValue)] = [
            ("operationId", .string(route.operation)), ("summary", .string(route.summary)),
            ("description", .string(route.needs.sentence)),
        ]
        if route.needs == .nothing { fields.append(("security", .array([.object([])]))) }
        let parameters = pathParameters(route) + route.parameters.map(json)
        if !parameters.isEmpty { fields.append(("parameters", .array(parameters))) }
        if let body = route.body {
            let content = content("application/json", try reader.schema(of: body).json)
            fields.append(("requestBody", .object([("required", .bool(true)), ("content", content)])))
        }
        fields.append(("responses", .object(try responses(route, problem, &reader))))
        return .object(fields)
    }

    private static func responses(
        _ route: APIRoute,
        _ problem: JSONSchema,
        _ reader: inout SchemaReader
    ) throws -> [(String, JSONValue)] {
        var success: [(String, JSONValue)] = [("description", .string(route.summary))]
        switch route.answer {
        case .json(let type): success.append(("content", content("application/json", try reader.schema(of: type).json)))
        case .text(let media, let sentence):
            success.append(
                (
                    "content",
                    content(media, .object([("type", .string("string")), ("description", .string(sentence))]))
                )
            )
        case .none: break
        }
        let refusals = route.refusals.map { status in
            (
                "\(status.code)",
                JSONValue.object([
                    ("description", .string(status.reasonPhrase)),
                    ("content", content("application/problem+json", problem.json)),
                ])
            )
        }
        return [("\(route.status.code)", .object(success))] + refusals
    }

    private static func content(_ media: String, _ schema: JSONValue) -> JSONValue {
        .object([(media, .object([("schema", schema)]))])
    }

    private static func pathParameters(_ route: APIRoute) -> [JSONValue] {
        route.path.split(separator: "/").compactMap { part in
            guard part.hasPrefix("{") else { return nil }
            return .object([
                ("name", .string(String(part.dropFirst().dropLast()))), ("in", .string("path")),
                ("required", .bool(true)), ("schema", JSONSchema.string.json),
            ])
        }
    }

    private static func json(_ parameter: APIParameter) -> JSONValue {
        let schema = parameter.isList ? JSONSchema.array(parameter.schema) : parameter.schema
        return .object(
            [
                ("name", .string(parameter.name)), ("in", .string("query")),
                ("required", .bool(parameter.isRequired)), ("description", .string(parameter.summary)),
                ("schema", schema.json),
            ] + (parameter.isList ? [("explode", .bool(true))] : [])
        )
    }
}

extension APIParameter {
    var schema: JSONSchema {
        switch kind {
        case .text: .string
        case .integer(let range): .integer(minimum: range.lowerBound, maximum: range.upperBound)
        case .choice(let words): .words(words)
        case .time: .formatted("date-time", example: "2026-11-22T14:02:11Z")
        case .flag: .words(["true", "false"])
        }
    }
}

extension APIRoute {
    /// Every status that the route refuses with.
    var refusals: [HTTPResponse.Status] {
        // Also sign-in refuses: wrong passwords with 401, other sites with 403.
        var result: [HTTPResponse.Status] = [.badRequest, .unauthorized, .forbidden]
        if path.contains("{") || method != .get { result.append(.notFound) }
        result.append(.methodNotAllowed)
        if method != .get { result += [.conflict, .contentTooLarge, .unsupportedMediaType] }
        return result + [.misdirectedRequest, .tooManyRequests, .internalServerError, .gatewayTimeout]
    }
}

extension APIRoute.Needs {
    /// What a reader of the document is told.
    var sentence: String {
        switch self {
        case .nothing: "Answers without signing in."
        case .signIn: "Answers whoever signed in."
        case .server(let permission): "Needs the permission \(permission.rawValue) on the server."
        case .environment(let permission): "Needs the permission \(permission.rawValue) on the environment."
        case .namespaces(let permission):
            "Needs the permission \(permission.rawValue) on a namespace of the environment; answers hold what the caller sees."
        }
    }
}
