// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// Reads the schema of a type off its own decoding: what it asks a decoder for is what its JSON looks like.
///
/// So the document cannot say anything else than the implementation does. Types that decode from a single value of their
/// own are named in `SchemaLeaves`; a type that is neither is a mistake that the tests find.
struct SchemaReader {
    /// By type name; every object of the API, each once.
    private(set) var components: [String: JSONSchema] = [:]

    /// Why a schema could not be read: the type and what it asked for.
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// The schema of a type, a reference where it is an object of its own.
    mutating func schema(of type: any Decodable.Type) throws -> JSONSchema {
        if let leaf = SchemaLeaves.schema(of: type) { return leaf }
        if let shaped = type as? any SchemaShape.Type { return try shaped.schema(&self) }
        let name = Self.name(type)
        if components[name] != nil { return .reference(name) }
        // Marks the type as known: one that holds itself is then a reference.
        components[name] = .any
        let recorder = SchemaRecorder()
        do {
            _ = try type.init(from: SchemaDecoder(recorder: recorder))
        } catch let error as Unreadable {
            throw error
        } catch SchemaDecoder.Stop.recorded {
            // A type whose value cannot be made from samples has told its fields all the same.
        } catch {
            throw Unreadable(description: "\(type): \(error)")
        }
        if let value = recorder.value {
            components[name] = nil
            return try value.schema(&self)
        }
        var properties: [JSONSchema.Property] = []
        for field in recorder.fields {
            let schema = try schema(of: field.type)
            // What may be left out may be null as well.
            let shown = field.isRequired ? schema : .nullable(schema)
            properties.append(.init(name: field.name, schema: shown, isRequired: field.isRequired))
        }
        components[name] = .object(properties)
        return .reference(name)
    }

    /// `FlowItem.Party` as `FlowItemParty`.
    private static func name(_ type: any Decodable.Type) -> String {
        let text = String(reflecting: type)
        return text.split(separator: ".").dropFirst().joined().filter { $0.isLetter || $0.isNumber }
    }
}

/// Types whose shape is not an object of fields.
protocol SchemaShape {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema
}

extension Array: SchemaShape where Element: Decodable {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema {
        .array(try reader.schema(of: Element.self))
    }
}

extension Set: SchemaShape where Element: Decodable {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema {
        .array(try reader.schema(of: Element.self))
    }
}

extension Dictionary: SchemaShape where Key == String, Value: Decodable {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema { .map(try reader.schema(of: Value.self)) }
}

extension Optional: SchemaShape where Wrapped: Decodable {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema {
        .nullable(try reader.schema(of: Wrapped.self))
    }
}

extension OrNull: SchemaShape {
    static func schema(_ reader: inout SchemaReader) throws -> JSONSchema {
        .nullable(try reader.schema(of: Value.self))
    }
}
