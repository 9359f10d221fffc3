// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What a manifest says, before anybody has understood it: a tree as JSON has it, the order of keys kept.
indirect enum Manifest: Hashable, Sendable {
    /// A key and its value.
    struct Pair: Hashable, Sendable {
        var key: String
        var value: Manifest
    }

    case object([Pair])
    case list([Manifest])
    case string(String)
    case int(Int)
    case bool(Bool)
    case null

    /// A field that is present and not null: to Kubernetes' API null is the same as absent.
    func field(_ name: String) -> Manifest? {
        guard case .object(let pairs) = self, let pair = pairs.first(where: { $0.key == name }) else { return nil }
        return pair.value == .null ? nil : pair.value
    }

    /// The items of a list; `[]` for everything else.
    var items: [Manifest] { if case .list(let items) = self { items } else { [] } }

    /// The pairs of an object; `[]` for everything else.
    var pairs: [Pair] { if case .object(let pairs) = self { pairs } else { [] } }

    /// The text of a string; empty for everything else.
    var text: String { if case .string(let text) = self { text } else { "" } }

    /// The value of a number; `nil` for everything else.
    var number: Int? { if case .int(let number) = self { number } else { nil } }

    /// The value of a boolean; `nil` for everything else.
    var truth: Bool? { if case .bool(let truth) = self { truth } else { nil } }
}

extension Manifest: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: Manifest...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Manifest)...) {
        self = .object(elements.map { Pair(key: $0.0, value: $0.1) })
    }
}

extension Manifest {
    /// Every manifest that lacks exactly one item or field of this one, the biggest cuts first.
    var reductions: [Manifest] {
        switch self {
        case .object(let pairs):
            let shorter = pairs.indices.map { index in
                var rest = pairs
                rest.remove(at: index)
                return Manifest.object(rest)
            }
            return shorter
                + pairs.indices.flatMap { index in
                    pairs[index].value.reductions.map { smaller in
                        var changed = pairs
                        changed[index].value = smaller
                        return .object(changed)
                    }
                }
        case .list(let items):
            let shorter = items.indices.map { index in
                var rest = items
                rest.remove(at: index)
                return Manifest.list(rest)
            }
            return shorter
                + items.indices.flatMap { index in
                    items[index].reductions.map { smaller in
                        var changed = items
                        changed[index] = smaller
                        return .list(changed)
                    }
                }
        case .string, .int, .bool, .null: return []
        }
    }

    /// The same manifest with the keys of every object in another order.
    func shufflingKeys(using random: inout some RandomNumberGenerator) -> Manifest {
        switch self {
        case .object(let pairs):
            let values = pairs.map { Pair(key: $0.key, value: $0.value.shufflingKeys(using: &random)) }
            return .object(values.shuffled(using: &random))
        case .list(let items): return .list(items.map { $0.shufflingKeys(using: &random) })
        case .string, .int, .bool, .null: return self
        }
    }
}
