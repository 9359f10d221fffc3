// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis

/// A JSON Schema (2020-12, as OpenAPI 3.1 uses it) of what our types are written as.
indirect enum JSONSchema: Hashable, Sendable {
    case string
    /// One of these words.
    case words([String])
    /// `date-time` and the like.
    case formatted(String, example: String)
    case integer(minimum: Int?, maximum: Int?)
    case number
    case boolean
    case array(JSONSchema)
    /// Values by any name.
    case map(JSONSchema)
    case object([Property])
    case nullable(JSONSchema)
    case reference(String)
    /// One of several shapes.
    case anyOf([JSONSchema])
    /// Anything.
    case any

    struct Property: Hashable, Sendable {
        var name: String
        var schema: JSONSchema
        var isRequired: Bool
    }

    var json: JSONValue {
        switch self {
        case .string: .object([("type", .string("string"))])
        case .words(let words):
            .object([("type", .string("string")), ("enum", .array(words.map { .string($0) }))])
        case .formatted(let format, let example):
            .object([
                ("type", .string("string")), ("format", .string(format)), ("examples", .array([.string(example)])),
            ])
        case .integer(let minimum, let maximum):
            .object(
                [("type", .string("integer"))] + (minimum.map { [("minimum", .number($0))] } ?? [])
                    + (maximum.map { [("maximum", .number($0))] } ?? [])
            )
        case .number: .object([("type", .string("number"))])
        case .boolean: .object([("type", .string("boolean"))])
        case .array(let item): .object([("type", .string("array")), ("items", item.json)])
        case .map(let value): .object([("type", .string("object")), ("additionalProperties", value.json)])
        case .object(let properties): Self.json(properties)
        case .nullable(let schema):
            .object([("anyOf", .array([schema.json, .object([("type", .string("null"))])]))])
        case .reference(let name): .object([("$ref", .string("#/components/schemas/\(name)"))])
        case .anyOf(let schemas): .object([("anyOf", .array(schemas.map(\.json)))])
        case .any: .object([])
        }
    }

    private static func json(_ properties: [Property]) -> JSONValue {
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object(
            [
                ("type", .string("object")),
                ("properties", .object(properties.map { ($0.name, $0.schema.json) })),
            ] + (required.isEmpty ? [] : [("required", .array(required))])
        )
    }
}
