// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// Holds JSON against a schema of the API's description (JSON Schema 2020-12, as far as the description uses it).
///
/// Stricter than the standard: an object may not have fields that its schema does not name.
struct SchemaChecker {
    /// `components.schemas` of the description.
    let components: [String: Any]

    /// What is wrong, each with its place; empty when nothing is.
    func problems(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let found = components[name] as? [String: Any] else { return ["\(place): no schema \(reference)"] }
            return problems(value, found, at: place)
        }
        if let shapes = schema["anyOf"] as? [[String: Any]] {
            let found = shapes.map { problems(value, $0, at: place) }
            return found.contains([]) ? [] : found.joined().map { "\($0) (anyOf)" }
        }
        switch schema["type"] as? String {
        case "object": return object(value, schema, place)
        case "array":
            guard let items = value as? [Any] else { return ["\(place): not an array"] }
            let schema = schema["items"] as? [String: Any] ?? [:]
            return items.enumerated().flatMap { problems($0.element, schema, at: "\(place)[\($0.offset)]") }
        case "string": return string(value, schema, place)
        case "integer", "number": return number(value, schema, place)
        case "boolean": return Self.isBoolean(value) ? [] : ["\(place): not a boolean"]
        case "null": return value is NSNull ? [] : ["\(place): not null"]
        case nil: return []
        case let type?: return ["\(place): unknown type \(type)"]
        }
    }

    private func object(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let fields = value as? [String: Any] else { return ["\(place): not an object"] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let others = schema["additionalProperties"] as? [String: Any]
        let missing = (schema["required"] as? [String] ?? []).filter { fields[$0] == nil }
        // An object without any named field is one that is described in words.
        let isOpen = properties.isEmpty && others == nil
        return missing.map { "\(place).\($0): missing" }
            + fields.flatMap { name, value -> [String] in
                if let schema = properties[name] ?? others { return problems(value, schema, at: "\(place).\(name)") }
                return isOpen ? [] : ["\(place).\(name): not in the description"]
            }
    }

    private func string(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let text = value as? String else { return ["\(place): not a string"] }
        if let words = schema["enum"] as? [String], !words.contains(text) { return ["\(place): \(text) is no word"] }
        if schema["format"] as? String == "date-time", Timestamp(text) == nil { return ["\(place): no time"] }
        return []
    }

    private func number(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let number = value as? NSNumber, !Self.isBoolean(value) else { return ["\(place): not a number"] }
        if schema["type"] as? String == "integer", number.doubleValue.rounded() != number.doubleValue {
            return ["\(place): not whole"]
        }
        let isLow = (schema["minimum"] as? NSNumber).map { number.doubleValue < $0.doubleValue } ?? false
        let isHigh = (schema["maximum"] as? NSNumber).map { number.doubleValue > $0.doubleValue } ?? false
        return isLow || isHigh ? ["\(place): \(number) is out of range"] : []
    }

    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
    }
}
