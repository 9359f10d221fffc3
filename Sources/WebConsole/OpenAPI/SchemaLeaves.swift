// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// Types that are one JSON value: their schemas, and a sample of each.
enum SchemaLeaves {
    private struct Leaf: Sendable {
        var type: any (Decodable & SendableMetatype).Type
        var schema: JSONSchema
        var sample: any Sendable
    }

    /// By hand, because their text has a syntax or their cases hold values.
    private static let written: [Leaf] = [
        Leaf(type: String.self, schema: .string, sample: ""),
        Leaf(type: Bool.self, schema: .boolean, sample: false),
        Leaf(type: Double.self, schema: .number, sample: 0.0),
        Leaf(
            type: Timestamp.self,
            schema: .formatted("date-time", example: "2026-11-22T14:02:11Z"),
            sample: Timestamp(microseconds: 0)
        ),
        Leaf(type: IPAddress.self, schema: .string, sample: IPAddress(v4: 0)),
        Leaf(type: Prefix.self, schema: .string, sample: Prefix(IPAddress(v4: 0), length: 0)),
        Leaf(type: ModeChange.Scope.self, schema: modeScope, sample: ModeChange.Scope.environment),
        // Objects with one field, named after the case; its fields are the case's values.
        Leaf(type: FormEdit.self, schema: .object([]), sample: FormEdit.removeRule(id: "")),
        Leaf(type: PeerValue.self, schema: .object([]), sample: PeerValue.entity(name: "")),
        Leaf(type: NamespaceChoice.self, schema: .object([]), sample: NamespaceChoice.own),
    ]

    static func schema(of type: any Decodable.Type) -> JSONSchema? {
        if let leaf = written.first(where: { $0.type == type }) { return leaf.schema }
        if let number = type as? any (FixedWidthInteger & Decodable).Type { return integer(number) }
        return words(type).map { .words($0) }
    }

    /// `nil` where the type is none of these.
    static func sample(of type: any Decodable.Type) -> Any? {
        if let leaf = written.first(where: { $0.type == type }) { return leaf.sample }
        if let number = type as? any (FixedWidthInteger & Decodable).Type { return zero(number) }
        guard let cases = type as? any CaseIterable.Type else { return nil }
        return first(cases)
    }

    private static func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> JSONSchema {
        // What JSON numbers hold exactly is the bound of those that are wider.
        let largest = type.max > 1 << 31 ? nil : Int(type.max)
        return .integer(minimum: type.isSigned ? nil : 0, maximum: largest)
    }

    private static func zero<Number: FixedWidthInteger>(_ type: Number.Type) -> Any { Number.zero }

    private static func first<Cases: CaseIterable>(_ type: Cases.Type) -> Any? { type.allCases.first }

    private static func words(_ type: any Decodable.Type) -> [String]? {
        guard let cases = type as? any CaseIterable.Type else { return nil }
        return words(cases)
    }

    private static func words<Cases: CaseIterable>(_ type: Cases.Type) -> [String]? {
        let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return words.isEmpty ? nil : words
    }

    /// As Swift writes an enum whose cases hold values.
    private static let modeScope = JSONSchema.anyOf([
        .object([.init(name: "environment", schema: .object([]), isRequired: true)]),
        .object([.init(name: "namespace", schema: named, isRequired: true)]),
        .object([.init(name: "policy", schema: named, isRequired: true)]),
    ])

    private static let named = JSONSchema.object([.init(name: "_0", schema: .string, isRequired: true)])
}
