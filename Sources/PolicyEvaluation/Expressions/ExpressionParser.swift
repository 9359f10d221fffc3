// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Reads regular expressions in RE2's syntax (github.com/google/re2, "Syntax").
///
/// Whether a repetition is greedy does not matter where whole values are matched, and what a group matched nobody asks.
struct ExpressionParser {
    /// RE2 refuses the expression, or nobody here knows what it means.
    struct Refusal: Error {}

    /// What `(?i)`, `(?m)` and `(?s)` switch.
    private struct Flags {
        var foldsCase = false
        var hasLines = false
        var dotIsAnything = false
    }

    /// RE2's own bound on a count.
    private static let mostRepetitions = 1_000
    private static let deepestGroup = 200

    private var input: ExpressionInput
    private var flags = Flags()
    private var depth = 0

    init(_ text: String) { input = ExpressionInput(text) }

    /// The whole expression.
    mutating func expression() throws -> ExpressionNode {
        let node = try choice()
        guard input.next == nil else { throw Refusal() }
        return node
    }

    private mutating func choice() throws -> ExpressionNode {
        var alternatives = [try sequence()]
        while input.take("|") { alternatives.append(try sequence()) }
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence() throws -> ExpressionNode {
        var parts: [ExpressionNode] = []
        while let next = input.next, next != "|", next != ")" {
            if input.take("\\Q") {
                parts += try quotation()
                continue
            }
            guard let part = try atom() else { continue }
            parts.append(try repeated(part))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// What stands between `\Q` and `\E`; only its last scalar can be repeated.
    private mutating func quotation() throws -> [ExpressionNode] {
        var parts: [ExpressionNode] = []
        while !input.take("\\E"), let scalar = input.takeNext() { parts.append(try letter(scalar)) }
        if let last = parts.popLast() { parts.append(try repeated(last)) }
        return parts
    }

    /// One part that can be repeated; `nil` for a switch of flags, which cannot.
    private mutating func atom() throws -> ExpressionNode? {
        guard !input.isAtRepetition, let scalar = input.takeNext() else { throw Refusal() }
        switch scalar {
        case "(": return try group()
        case "[": return .scalars(try ExpressionClassParser.set(&input, foldsCase: flags.foldsCase))
        case ".": return .scalars(flags.dotIsAnything ? .any : ScalarSet.lineFeed.complement)
        case "^": return .check(flags.hasLines ? .lineStart : .textStart)
        case "$": return .check(flags.hasLines ? .lineEnd : .textEnd)
        case "\\": return try escape()
        default: return try letter(scalar)
        }
    }

    private func letter(_ scalar: Unicode.Scalar) throws -> ExpressionNode {
        guard flags.foldsCase else { return .scalars(ScalarSet(scalar)) }
        guard let set = ScalarSet(scalar).foldingCase else { throw Refusal() }
        return .scalars(set)
    }

    private mutating func escape() throws -> ExpressionNode {
        switch input.next {
        case "A": return check(.textStart)
        case "z": return check(.textEnd)
        case "b": return check(.wordBoundary)
        case "B": return check(.insideWordOrOutside)
        default:
            if let set = try ExpressionClassParser.perlClass(&input, foldsCase: flags.foldsCase) {
                return .scalars(set)
            }
            return try letter(try input.escapedScalar())
        }
    }

    private mutating func check(_ condition: PlaceCondition) -> ExpressionNode {
        _ = input.takeNext()
        return .check(condition)
    }

    private mutating func group() throws -> ExpressionNode? {
        let outer = flags
        if input.take("?") {
            if input.take("P<") || input.take("<") {
                try input.groupName()
            } else if try switchFlags() {
                return nil
            }
        }
        depth += 1
        guard depth <= Self.deepestGroup else { throw Refusal() }
        let node = try choice()
        guard input.take(")") else { throw Refusal() }
        depth -= 1
        flags = outer
        return node
    }

    /// Reads `i-s:` or `i-s)`.
    /// - Returns: whether the group ends here, so that the flags hold for what follows.
    private mutating func switchFlags() throws -> Bool {
        var isOn = true
        var isEmpty = true
        while let scalar = input.takeNext() {
            switch scalar {
            case "i": flags.foldsCase = isOn
            case "m": flags.hasLines = isOn
            case "s": flags.dotIsAnything = isOn
            case "U": break
            case "-" where isOn:
                (isOn, isEmpty) = (false, true)
                continue
            case ":", ")":
                guard !isEmpty || (isOn && scalar == ":") else { throw Refusal() }
                return scalar == ")"
            default: throw Refusal()
            }
            isEmpty = false
        }
        throw Refusal()
    }

    private mutating func repeated(_ part: ExpressionNode) throws -> ExpressionNode {
        let bounds: (least: Int, most: Int?)
        if input.take("*") {
            bounds = (0, nil)
        } else if input.take("+") {
            bounds = (1, nil)
        } else if input.take("?") {
            bounds = (0, 1)
        } else if let counts = input.takeCounts() {
            bounds = counts
        } else {
            return part
        }
        guard max(bounds.least, bounds.most ?? 0) <= Self.mostRepetitions, bounds.least <= bounds.most ?? .max else {
            throw Refusal()
        }
        // A question mark makes it lazy; a second repetition is refused.
        _ = input.take("?")
        guard !input.isAtRepetition else { throw Refusal() }
        return .repetition(part, least: bounds.least, most: bounds.most)
    }
}
