// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats

/// What a YAML or JSON text says, without how it is written: two texts with equal values mean the same.
indirect enum TextValue: Hashable, Sendable {
    /// A key and its value.
    struct Pair: Hashable, Sendable {
        var key: String
        var value: TextValue
    }

    /// In the order of the text.
    case object([Pair])
    case list([TextValue])
    case scalar(TextScalar.Value)

    /// A step from a value to one inside it.
    enum Step: Hashable, Sendable {
        case key(String)
        case item(Int)
    }

    init(_ node: TextNode) {
        switch node.content {
        case .scalar(let scalar): self = .scalar(scalar.value)
        case .sequence(let items): self = .list(items.map(TextValue.init))
        case .mapping(let pairs):
            self = .object(pairs.map { Pair(key: $0.key.name, value: TextValue($0.value)) })
        }
    }

    static func string(_ text: String) -> TextValue { .scalar(.string(text)) }
    static func int(_ number: Int) -> TextValue { .scalar(.integer(number)) }

    /// An object of the pairs whose values are there.
    static func fields(_ pairs: [(String, TextValue?)]) -> TextValue {
        .object(pairs.compactMap { key, value in value.map { Pair(key: key, value: $0) } })
    }

    /// Whether it is a list or object with something in it.
    var isFilled: Bool {
        switch self {
        case .object(let pairs): !pairs.isEmpty
        case .list(let items): !items.isEmpty
        case .scalar: false
        }
    }

    var isNull: Bool { self == .scalar(.null) }

    var items: [TextValue] { if case .list(let items) = self { items } else { [] } }

    var pairs: [Pair] { if case .object(let pairs) = self { pairs } else { [] } }
}

extension TextValue {
    /// The value after an edit; `nil` when the edit does not fit it.
    func applying(_ edit: TreeEdit) -> TextValue? {
        switch edit {
        case .set(let path, let value, let neighbours):
            guard case .key(let key) = path.last else { return replacing(path[...]) { _ in value } }
            return replacing(path.dropLast()) { $0.setting(key, to: value, after: neighbours) }
        case .insert(let list, let index, let value):
            return replacing(list[...]) { $0.changingItems { $0.insert(value, at: min(index, $0.count)) } }
        case .remove(let path):
            guard let last = path.last else { return nil }
            return replacing(path.dropLast()) { $0.removing(last) }
        case .move(let list, let from, let to):
            return replacing(list[...]) { value in
                value.changingItems { items in
                    guard items.indices.contains(from), items.indices.contains(to) else { return }
                    items.insert(items.remove(at: from), at: to)
                }
            }
        case .duplicate(let list, let index):
            return replacing(list[...]) { value in
                value.changingItems { items in
                    guard items.indices.contains(index) else { return }
                    items.insert(items[index], at: index + 1)
                }
            }
        case .rename(let path, let name):
            guard case .key(let key) = path.last else { return nil }
            return replacing(path.dropLast()) { value in
                guard case .object(var pairs) = value, let index = pairs.firstIndex(where: { $0.key == key }) else {
                    return nil
                }
                pairs[index].key = name
                return .object(pairs)
            }
        case .transfer(let object, let from, let index, let to):
            return replacing(object[...]) { $0.transferring(index, from: from, to: to) }
        }
    }

    private func replacing(_ path: ArraySlice<Step>, _ change: (TextValue) -> TextValue?) -> TextValue? {
        guard let first = path.first else { return change(self) }
        switch (self, first) {
        case (.object(var pairs), .key(let key)):
            guard let index = pairs.firstIndex(where: { $0.key == key }),
                let value = pairs[index].value.replacing(path.dropFirst(), change)
            else { return nil }
            pairs[index].value = value
            return .object(pairs)
        case (.list(var items), .item(let index)):
            guard items.indices.contains(index), let value = items[index].replacing(path.dropFirst(), change) else {
                return nil
            }
            items[index] = value
            return .list(items)
        default: return nil
        }
    }

    private func changingItems(_ change: (inout [TextValue]) -> Void) -> TextValue? {
        var items: [TextValue]
        switch self {
        case .list(let own): items = own
        case .scalar(.null): items = []
        default: return nil
        }
        change(&items)
        return .list(items)
    }

    private func setting(_ key: String, to value: TextValue, after neighbours: [String]) -> TextValue? {
        guard case .object(var pairs) = isNull ? .object([]) : self else { return nil }
        if let index = pairs.firstIndex(where: { $0.key == key }) {
            pairs[index].value = value
            return .object(pairs)
        }
        let place = pairs.lastIndex { neighbours.contains($0.key) }.map { $0 + 1 } ?? pairs.count
        pairs.insert(Pair(key: key, value: value), at: place)
        return .object(pairs)
    }

    private func removing(_ step: Step) -> TextValue? {
        switch (self, step) {
        case (.object(var pairs), .key(let key)):
            guard let index = pairs.firstIndex(where: { $0.key == key }) else { return nil }
            pairs.remove(at: index)
            return .object(pairs)
        case (.list(var items), .item(let index)):
            guard items.indices.contains(index) else { return nil }
            items.remove(at: index)
            return .list(items)
        default: return nil
        }
    }

    /// An item of one list put at the end of another in the same object; a list that is empty then goes.
    private func transferring(_ index: Int, from: String, to: String) -> TextValue? {
        guard case .object(var pairs) = self, let source = pairs.firstIndex(where: { $0.key == from }),
            case .list(var items) = pairs[source].value, items.indices.contains(index)
        else { return nil }
        let item = items.remove(at: index)
        pairs[source].value = .list(items)
        if let target = pairs.firstIndex(where: { $0.key == to }) {
            guard case .list(let own) = pairs[target].value else { return nil }
            pairs[target].value = .list(own + [item])
        } else {
            pairs.insert(Pair(key: to, value: .list([item])), at: source + 1)
        }
        if items.isEmpty { pairs.remove(at: source) }
        return .object(pairs)
    }
}

/// One change of what a text says.
enum TreeEdit: Hashable, Sendable {
    typealias Path = [TextValue.Step]

    /// A value in the place of another; a key that is not there yet comes behind the last of `after`, or last.
    case set(Path, TextValue, after: [String] = [])
    /// A new item before item `index` of a list, or at its end.
    case insert(list: Path, index: Int, TextValue)
    /// A key with its value, or an item.
    case remove(Path)
    /// An item to another place of its list.
    case move(list: Path, from: Int, to: Int)
    /// An item once more behind itself.
    case duplicate(list: Path, index: Int)
    /// Another name for a key.
    case rename(Path, String)
    /// An item of one list of an object to the end of another one of it, which is made where there is none.
    case transfer(object: Path, from: String, index: Int, to: String)
}

extension [TextValue.Step] {
    /// `spec.ingress[0].ports`.
    var description: String {
        var text = ""
        for step in self {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .item(let index): text += "[\(index)]"
            }
        }
        return text
    }

    static func + (path: Self, key: String) -> Self { path + [.key(key)] }
    static func + (path: Self, index: Int) -> Self { path + [.item(index)] }
}
