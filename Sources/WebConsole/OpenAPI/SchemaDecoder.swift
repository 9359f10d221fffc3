// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// What a type asked for while it was decoded.
final class SchemaRecorder {
    struct Field {
        var name: String
        var type: any Decodable.Type
        var isRequired: Bool
    }

    /// In the order asked for.
    private(set) var fields: [Field] = []
    /// What a type that is a single value asked for.
    var value: SingleValue?

    struct SingleValue {
        var type: any Decodable.Type

        func schema(_ reader: inout SchemaReader) throws -> JSONSchema { try reader.schema(of: type) }
    }

    func add(_ name: String, _ type: any Decodable.Type, isRequired: Bool) {
        guard !fields.contains(where: { $0.name == name }) else { return }
        fields.append(Field(name: name, type: type, isRequired: isRequired))
    }
}

/// A decoder that has no data: it gives every field a sample and notes what was asked for.
struct SchemaDecoder: Decoder {
    /// Thrown where no sample of a type can be made; what was asked for until then is noted.
    enum Stop: Error { case recorded }

    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SchemaKeys<Key>(recorder: recorder))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw SchemaReader.Unreadable(description: "A list that is not an array cannot be read.")
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { SchemaValue(recorder: recorder) }

    /// A value of the type, as good as any.
    static func sample<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let sample = SchemaLeaves.sample(of: type) as? Value { return sample }
        if let empty = type as? any EmptySample.Type, let value = empty.empty as? Value { return value }
        // Its own fields are read when its schema is; here only a value is wanted.
        return try type.init(from: SchemaDecoder(recorder: SchemaRecorder()))
    }
}

/// Types with an empty value.
protocol EmptySample {
    static var empty: Self { get }
}

extension Array: EmptySample { static var empty: [Element] { [] } }
extension Set: EmptySample { static var empty: Set<Element> { [] } }
extension Dictionary: EmptySample { static var empty: [Key: Value] { [:] } }
extension Optional: EmptySample { static var empty: Wrapped? { nil } }
extension OrNull: EmptySample { static var empty: OrNull<Value> { OrNull(wrappedValue: nil) } }

private struct SchemaKeys<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        recorder.add(key.stringValue, type, isRequired: true)
        return try SchemaDecoder.sample(type)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        note(type, key)
    }

    // For these the container has requirements of their own, whose defaults ask as if the field had to be there.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { note(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { note(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { note(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { note(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { note(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { note(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { note(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { note(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { note(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { note(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { note(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { note(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { note(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { note(type, key) }

    private func note<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        // A field that is written as null when unknown is always there; one that is left out is not.
        recorder.add(key.stringValue, type, isRequired: type is any AlwaysWritten.Type)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw SchemaReader.Unreadable(description: "The nested object \(key.stringValue) cannot be read.")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaReader.Unreadable(description: "The nested list \(key.stringValue) cannot be read.")
    }

    func superDecoder() throws -> any Decoder { SchemaDecoder(recorder: SchemaRecorder()) }
    func superDecoder(forKey key: Key) throws -> any Decoder { SchemaDecoder(recorder: SchemaRecorder()) }
}

/// Types that stand as `null` where there is nothing.
protocol AlwaysWritten {}
extension OrNull: AlwaysWritten {}

private struct SchemaValue: SingleValueDecodingContainer {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        recorder.value = .init(type: type)
        return try SchemaDecoder.sample(type)
    }
}
