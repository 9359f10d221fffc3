// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// A value in an object, with its path and the place for remarks about it.
///
/// The typed readers return `nil` after reporting an error, so a caller that goes on with a default value never hides one.
struct Field {
    let node: TextNode
    let path: FieldPath
    let collector: FindingCollector

    var location: SourceLocation { collector.location(node.start) }

    func report(_ remark: PolicyRemark, notes: [Finding.Note] = [], fix: Fix? = nil) {
        collector.report(remark, at: node.start, notes: notes, fix: fix)
    }

    /// The fix that puts another text in the place of this scalar; `nil` where the scalar is not written plainly.
    func replacing(with text: String, isSafe: Bool) -> Fix? {
        collector.text.replacing(node, with: text).map { Fix("Replace with \(text)", [$0], isSafe: isSafe) }
    }

    /// The fix that swaps the texts of this scalar and another.
    func swapping(with other: Field?) -> Fix? {
        guard let other, case .scalar(let mine) = node.content, case .scalar(let theirs) = other.node.content,
            let one = collector.text.replacing(node, with: theirs.text),
            let two = collector.text.replacing(other.node, with: mine.text)
        else { return nil }
        return Fix("Swap", [one, two], isSafe: true)
    }

    /// The value as an object with no other fields than `known`.
    func object(_ known: [String]) -> ObjectReader? {
        guard let object = anyObject() else { return nil }
        object.refuseUnknown(known)
        return object
    }

    /// The value as an object with any fields.
    func anyObject() -> ObjectReader? {
        guard case .mapping(let pairs) = node.content else {
            mismatch("an object")
            return nil
        }
        return ObjectReader(pairs: pairs, field: self)
    }

    /// The items of a list.
    func list() -> [Field]? {
        guard case .sequence(let items) = node.content else {
            mismatch("a list")
            return nil
        }
        return items.enumerated().map { Field(node: $1, path: .item(path, $0), collector: collector) }
    }

    /// A string; numbers and booleans are refused, as Kubernetes does.
    func string() -> String? {
        guard case .scalar(let scalar) = node.content, case .string(let text) = scalar.value else {
            mismatch("a string")
            return nil
        }
        return text
    }

    func integer() -> Int? {
        guard case .scalar(let scalar) = node.content, case .integer(let value) = scalar.value else {
            mismatch("a whole number")
            return nil
        }
        return value
    }

    func bool() -> Bool? {
        guard case .scalar(let scalar) = node.content, case .bool(let value) = scalar.value else {
            mismatch("true or false")
            return nil
        }
        return value
    }

    /// A list of strings.
    func strings() -> [(text: String, field: Field)]? {
        guard let items = list() else { return nil }
        return items.compactMap { item in item.string().map { ($0, item) } }
    }

    /// An object whose values are strings, by key, in the order of the text.
    func stringMap() -> [(key: String, keyField: Field, value: String, valueField: Field)]? {
        guard let object = anyObject() else { return nil }
        return object.entries.compactMap { name, key, value in
            value.string().map { (name, key, $0, value) }
        }
    }

    func mismatch(_ expected: String) {
        var isScalar = false
        if case .scalar(let scalar) = node.content, scalar.value != .null { isScalar = true }
        report(.wrongType("\(path)", expected: expected, found: node, quote: expected == "a string" && isScalar))
    }
}

/// The fields of an object.
struct ObjectReader {
    fileprivate let pairs: [TextPair]
    let field: Field

    /// A field that is present and not null.
    subscript(_ name: String) -> Field? {
        for pair in pairs where pair.name == name {
            guard !pair.value.isNull else { return nil }
            return Field(node: pair.value, path: .key(field.path, name), collector: field.collector)
        }
        return nil
    }

    /// All fields in the order of the text, also those that are null.
    var entries: [(name: String, key: Field, value: Field)] {
        pairs.map { pair in
            let path = FieldPath.key(field.path, pair.name)
            return (
                pair.name, Field(node: pair.key, path: path, collector: field.collector),
                Field(node: pair.value, path: path, collector: field.collector)
            )
        }
    }

    var isEmpty: Bool { pairs.isEmpty }

    /// The place of a field's key.
    func key(_ name: String) -> Field? {
        pairs.first { $0.name == name }.map {
            Field(node: $0.key, path: .key(field.path, name), collector: field.collector)
        }
    }

    /// - Parameters:
    ///   - known: the fields of the format.
    ///   - features: fields of Cilium's formats, with what messages call them.
    func refuseUnknown(_ known: [String], ofCilium features: [String: String] = [:]) {
        for pair in pairs where !known.contains(pair.name) {
            if let feature = features[pair.name] {
                field.collector.report(.needsCilium(feature), at: pair.key.start)
                continue
            }
            let near = nearest(to: pair.name, among: known)
            let fix = near.flatMap { near -> Fix? in
                guard isOnlyNearest(near, to: pair.name, among: known), key(near) == nil else { return nil }
                return field.collector.text.replacing(pair.key, with: near)
                    .map { Fix("Replace with \"\(near)\"", [$0], isSafe: true) }
            }
            let remark = PolicyRemark.unknownField(pair.name, in: "\(field.path)", near: near)
            field.collector.report(remark, at: pair.key.start, fix: fix)
        }
    }
}

extension TextPair {
    fileprivate var name: String {
        guard case .scalar(let scalar) = key.content else { return "" }
        return scalar.text
    }
}
