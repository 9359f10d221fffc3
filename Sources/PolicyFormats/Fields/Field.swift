// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// A value in an object, with its path and the place for remarks about it.
///
/// The typed readers return `nil` after reporting an error, so a caller that goes on with a default value never hides one.
struct Field {
    let node: TextNode
    let collector: FindingCollector
    private let pathIndex: Int32

    /// An object on its own.
    init(root node: TextNode, _ collector: FindingCollector) {
        self.init(node, FieldPaths.root, collector)
    }

    fileprivate init(_ node: TextNode, _ pathIndex: Int32, _ collector: FindingCollector) {
        self.node = node
        self.collector = collector
        self.pathIndex = pathIndex
    }

    var path: FieldPath { collector.paths[pathIndex] }

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
        return items.indices.map { Field(items[$0], collector.paths.item($0, of: pathIndex), collector) }
    }

    /// A string; numbers and booleans are refused, as Kubernetes does.
    func string() -> String? {
        guard case .scalar(let scalar) = node.content, scalar.isString else {
            mismatch("a string")
            return nil
        }
        return scalar.text
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

    /// An object whose values are strings, in the order of the text.
    func stringMap() -> [StringEntry]? {
        guard let object = anyObject() else { return nil }
        return object.pairs.compactMap { pair in
            guard let value = pair.value.string else {
                // Reports what it is instead.
                _ = Field(pair.value, step(to: pair.key.name), collector).string()
                return nil
            }
            return StringEntry(name: pair.key.name, value: value, pair: pair, collector: collector)
        }
    }

    func mismatch(_ expected: String) {
        var isScalar = false
        if case .scalar(let scalar) = node.content, !scalar.isNull { isScalar = true }
        report(.wrongType("\(path)", expected: expected, found: node, quote: expected == "a string" && isScalar))
    }
}

/// The fields of an object.
struct ObjectReader {
    fileprivate let pairs: [TextPair]
    let field: Field

    /// A field that is present and not null.
    subscript(_ name: String) -> Field? {
        guard let index = index(of: name), !pairs[index].value.isNull else { return nil }
        return Field(pairs[index].value, field.step(to: name), field.collector)
    }

    /// All fields in the order of the text, also those that are null.
    var entries: [(name: String, key: FieldKey, value: Field)] {
        pairs.map { pair in
            let path = field.step(to: pair.key.name)
            let value = Field(pair.value, path, field.collector)
            return (pair.key.name, FieldKey(start: pair.key.start, field: value), value)
        }
    }

    var isEmpty: Bool { pairs.isEmpty }

    /// The place of a field's key.
    func key(_ name: String) -> FieldKey? {
        index(of: name).map { index in
            let value = Field(pairs[index].value, field.step(to: name), field.collector)
            return FieldKey(start: pairs[index].key.start, field: value)
        }
    }

    /// - Parameters:
    ///   - known: the fields of the format.
    ///   - features: fields of Cilium's formats, with what messages call them.
    func refuseUnknown(_ known: [String], ofCilium features: [String: String] = [:]) {
        for index in pairs.indices where !known.contains(pairs[index].key.name) {
            let key = pairs[index].key
            if let feature = features[key.name] {
                field.collector.report(.needsCilium(feature), at: key.start)
                continue
            }
            let near = nearest(to: key.name, among: known)
            let fix = near.flatMap { near -> Fix? in
                guard isOnlyNearest(near, to: key.name, among: known), self.index(of: near) == nil else { return nil }
                return field.collector.text.replacing(key, with: near)
                    .map { Fix("Replace with \"\(near)\"", [$0], isSafe: true) }
            }
            let remark = PolicyRemark.unknownField(key.name, in: "\(field.path)", near: near)
            field.collector.report(remark, at: key.start, fix: fix)
        }
    }

    private func index(of name: String) -> Int? {
        for index in pairs.indices where pairs[index].key.name == name { return index }
        return nil
    }
}

extension Field {
    /// The way to one of the value's own fields.
    fileprivate func step(to name: String) -> Int32 { collector.paths.key(name, of: pathIndex) }
}

/// One entry of an object whose values are strings.
struct StringEntry {
    let name: String
    let value: String
    fileprivate let keyStart: TextMark
    fileprivate let valueStart: TextMark
    fileprivate let collector: FindingCollector

    fileprivate init(name: String, value: String, pair: TextPair, collector: FindingCollector) {
        (self.name, self.value, self.collector) = (name, value, collector)
        (keyStart, valueStart) = (pair.key.start, pair.value.start)
    }

    func reportKey(_ remark: PolicyRemark) { collector.report(remark, at: keyStart) }

    func reportValue(_ remark: PolicyRemark) { collector.report(remark, at: valueStart) }
}

/// The key of a field, for remarks that are about its being there.
struct FieldKey {
    let start: TextMark
    let field: Field

    func report(_ remark: PolicyRemark, notes: [Finding.Note] = []) {
        field.collector.report(remark, at: start, notes: notes)
    }
}
