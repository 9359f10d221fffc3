// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import HTTPTypes
import Testing

@testable import WebConsole

@Suite struct OpenAPITests {
    private typealias Object = [String: Any]

    private static func document(_ lab: ConsoleLab) async throws -> Object {
        try #require(try await lab.nobody.get("/api/v1/openapi.json").json as? Object)
    }

    private static func operation(_ route: APIRoute, in document: Object) -> Object? {
        let paths = document["paths"] as? [String: Object]
        return paths?["/" + route.path]?[route.method.rawValue.lowercased()] as? Object
    }

    @Test func `every operation is in the description, with its parameters, body, answers and permission`() async throws
    {
        try await ConsoleLab.serving { lab in
            let document = try await Self.document(lab)
            #expect(document["openapi"] as? String == "3.1.0")
            let routes = lab.application.apiRoutes
            let described = (document["paths"] as? [String: Object] ?? [:]).values.reduce(0) { $0 + $1.count }
            #expect(described == routes.count && Set(routes.map(\.operation)).count == routes.count)
            for route in routes {
                let operation = try #require(Self.operation(route, in: document), "\(route.operation)")
                #expect(operation["operationId"] as? String == route.operation)
                #expect(operation["description"] as? String == route.needs.sentence)
                let parameters = operation["parameters"] as? [Object] ?? []
                let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.count
                #expect(parameters.count == inPath + route.parameters.count, "\(route.operation)")
                for parameter in parameters where parameter["in"] as? String == "path" {
                    #expect(parameter["required"] as? Bool == true)
                }
                #expect((operation["requestBody"] == nil) == (route.body == nil), "\(route.operation)")
                let responses = operation["responses"] as? Object ?? [:]
                let statuses = Set([route.status.code] + route.refusals.map(\.code)).map(String.init)
                #expect(Set(responses.keys) == Set(statuses), "\(route.operation)")
                #expect((operation["security"] != nil) == (route.needs == .nothing))
            }
        }
    }

    @Test func `every reference in the description leads somewhere`() async throws {
        try await ConsoleLab.serving { lab in
            let document = try await Self.document(lab)
            let components = document["components"] as? Object ?? [:]
            let schemas = components["schemas"] as? Object ?? [:]
            var references: Set<String> = []
            func walk(_ value: Any) {
                if let object = value as? Object {
                    if let reference = object["$ref"] as? String { references.insert(reference) }
                    object.values.forEach(walk)
                } else if let items = value as? [Any] {
                    items.forEach(walk)
                }
            }
            walk(document)
            #expect(references.count > 20)
            for reference in references {
                let name = reference.split(separator: "/").last.map(String.init) ?? ""
                #expect(reference == "#/components/schemas/\(name)" && schemas[name] != nil, "\(reference)")
            }
            #expect(schemas.values.allSatisfy { !(($0 as? Object)?.isEmpty ?? true) })
        }
    }

    @Test func `real answers are as the description says, those of errors too`() async throws {
        try await ConsoleLab.serving { lab in
            let document = try await Self.document(lab)
            let components = document["components"] as? Object
            let checker = SchemaChecker(components: components?["schemas"] as? Object ?? [:])
            try await lab.user("ann", [GrantReport(role: .admin, scope: "everywhere")])
            for route in lab.application.apiRoutes where route.operation != "takeDown" {
                let operation = try #require(Self.operation(route, in: document))
                let call = try await RouteCall.make(
                    route,
                    lab,
                    by: "ann",
                    [GrantReport(role: .admin, scope: "everywhere")]
                )
                let ann = try await lab.browser("ann")
                for client in [ann, lab.nobody] {
                    let answer = try await client.send(route.method.rawValue, call.path, call.headers, body: call.body)
                    let responses = operation["responses"] as? [String: Object]
                    let response = try #require(responses?["\(answer.status)"], "\(route.operation) \(answer.status)")
                    let contents = response["content"] as? [String: Object] ?? [:]
                    let type = answer.headers.first(name: "content-type")
                    #expect(type.map { [$0] } ?? [] == Array(contents.keys), "\(route.operation) \(answer.status)")
                    guard let type, type.hasSuffix("json"), type != "application/jsonl" else { continue }
                    let schema = contents[type]?["schema"] as? Object ?? [:]
                    let problems = checker.problems(answer.json ?? NSNull(), schema)
                    #expect(problems.isEmpty, "\(route.operation) \(answer.status): \(problems.prefix(5))")
                }
            }
        }
    }

    @Test func `the checker finds wrong types, missing, additional and impossible values`() {
        let schema: Object = [
            "type": "object", "required": ["a"],
            "properties": [
                "a": ["type": "integer", "minimum": 0], "b": ["anyOf": [["type": "string"], ["type": "null"]]],
            ],
        ]
        let checker = SchemaChecker(components: ["Thing": schema])
        func count(_ text: String) -> Int {
            let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            return checker.problems(value ?? NSNull(), ["$ref": "#/components/schemas/Thing"]).count
        }
        #expect(count(#"{"a": 1, "b": null}"#) == 0 && count(#"{"a": 1, "b": "x"}"#) == 0)
        #expect(count(#"{"b": "x"}"#) == 1 && count(#"{"a": true}"#) == 1 && count(#"{"a": 1.5}"#) == 1)
        #expect(count(#"{"a": -1}"#) == 1 && count(#"{"a": 1, "c": 1}"#) == 1 && count(#"{"a": 1, "b": 2}"#) > 0)
    }
}
