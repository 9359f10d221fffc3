// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyEvaluation
import TestSupport
import Testing

/// The matcher of HTTP expressions against one that tries every way, one after the other.
@Suite struct RequestExpressionPropertyTests {
    @Test func `the linear matcher agrees with one that goes back and forth`() throws {
        let seed = SeededRandom.runSeed
        var random = SeededRandom(seed: seed ^ 31)
        var matched = 0
        var asked = 0
        for _ in 0..<5_000 {
            let part = SlowExpression.random(&random, depth: 3)
            let expression = try #require(RequestExpression(part.text), "seed \(seed): \(part.text)")
            for _ in 0..<8 {
                let value = Array("ab-\n").randomText(upTo: 6, &random)
                let expected = part.match(Array(value), 0) { $0 == value.count }
                try #require(expression.matches(value) == expected, "seed \(seed): \(part.text) on \"\(value)\"")
                asked += 1
                if expected { matched += 1 }
            }
        }
        #expect(matched * 20 > asked && matched * 2 < asked, "\(matched) of \(asked) match")
    }
}

extension [Character] {
    fileprivate func randomText(upTo count: Int, _ random: inout SeededRandom) -> String {
        String((0..<random.int(0...count)).map { _ in random.pick(self) })
    }
}

/// A regular expression as a person would match it by hand.
private indirect enum SlowExpression {
    case one(text: String, of: Set<Character>)
    case check(text: String, @Sendable (_ before: Character?, _ after: Character?) -> Bool)
    case both(SlowExpression, SlowExpression)
    case either(SlowExpression, SlowExpression)
    case many(SlowExpression, least: Int, most: Int?)

    private static let letters: [(String, Set<Character>)] = [
        ("a", ["a"]), ("b", ["b"]), ("a", ["a"]), ("b", ["b"]), (".", ["a", "b", "-"]), ("[ab]", ["a", "b"]),
        ("[^a]", ["b", "-", "\n"]), (#"\w"#, ["a", "b"]), (#"\W"#, ["-", "\n"]), ("(?s:.)", ["a", "b", "-", "\n"]),
        ("(?i:A)", ["a"]), (#"[\s-]"#, ["-", "\n"]),
    ]

    private static let checks: [(String, @Sendable (Character?, Character?) -> Bool)] = [
        ("^", { before, _ in before == nil }), ("$", { _, after in after == nil }),
        ("(?m:^)", { before, _ in before == nil || before == "\n" }),
        ("(?m:$)", { _, after in after == nil || after == "\n" }),
        (#"\b"#, { isWord($0) != isWord($1) }), (#"\B"#, { isWord($0) == isWord($1) }),
    ]

    private static func isWord(_ letter: Character?) -> Bool { letter == "a" || letter == "b" }

    static func random(_ random: inout SeededRandom, depth: Int) -> SlowExpression {
        guard depth > 0, random.chance(85) else {
            if random.chance(10) {
                let (text, holds) = random.pick(checks)
                return .check(text: text, holds)
            }
            let (text, set) = random.pick(letters)
            return .one(text: text, of: set)
        }
        let part = Self.random(&random, depth: depth - 1)
        switch random.int(0...2) {
        case 0: return .both(part, Self.random(&random, depth: depth - 1))
        case 1: return .either(part, Self.random(&random, depth: depth - 1))
        default:
            let least = random.int(0...2)
            return .many(part, least: least, most: random.chance(50) ? nil : least + random.int(0...2))
        }
    }

    var text: String {
        switch self {
        case .one(let text, _), .check(let text, _): text
        case .both(let one, let other): one.text + other.text
        case .either(let one, let other): "(\(one.text)|\(other.text))"
        case .many(let part, 0, nil): "(?:\(part.text))*"
        case .many(let part, 1, nil): "(\(part.text))+?"
        case .many(let part, 0, 1): "(\(part.text))?"
        case .many(let part, let least, let most): "(\(part.text)){\(least),\(most.map(String.init) ?? "")}"
        }
    }

    /// Whether the rest of a value can be matched so that `then` holds behind it.
    func match(_ value: [Character], _ place: Int, _ then: (Int) -> Bool) -> Bool {
        switch self {
        case .one(_, let set): return place < value.count && set.contains(value[place]) && then(place + 1)
        case .check(_, let holds):
            return holds(place > 0 ? value[place - 1] : nil, place < value.count ? value[place] : nil) && then(place)
        case .both(let one, let other): return one.match(value, place) { other.match(value, $0, then) }
        case .either(let one, let other): return one.match(value, place, then) || other.match(value, place, then)
        case .many(let part, let least, let most):
            if least == 0, then(place) { return true }
            guard most != 0 else { return false }
            let rest = SlowExpression.many(part, least: max(0, least - 1), most: most.map { $0 - 1 })
            // Going round without taking anything would never end, and finds nothing new.
            return part.match(value, place) { ($0 > place || least > 0) && rest.match(value, $0, then) }
        }
    }
}
