// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Reads classes of scalars: `[^a-z\d[:space:]]`, and `\d` outside of brackets.
enum ExpressionClassParser {
    /// What follows an opening bracket, with the closing one.
    static func set(_ input: inout ExpressionInput, foldsCase: Bool) throws -> ScalarSet {
        let isNegated = input.take("^")
        var set = ScalarSet([])
        var isFirst = true
        // A closing bracket right at the start stands for itself.
        while isFirst || !input.take("]") {
            isFirst = false
            set = set.union(try item(&input, foldsCase: foldsCase))
        }
        return isNegated ? set.complement : set
    }

    private static func item(_ input: inout ExpressionInput, foldsCase: Bool) throws -> ScalarSet {
        if let named = try namedClass(&input, foldsCase: foldsCase) { return named }
        if input.isAt("\\") {
            var ahead = input
            _ = ahead.takeNext()
            if let set = try perlClass(&ahead, foldsCase: foldsCase) {
                input = ahead
                return set
            }
        }
        let lower = try scalar(&input)
        var upper = lower
        // A dash at the end stands for itself.
        if input.isAt("-"), !input.isAt("-]"), input.take("-") { upper = try scalar(&input) }
        guard lower <= upper else { throw ExpressionParser.Refusal() }
        return try folded(ScalarSet([lower.value...upper.value]), foldsCase)
    }

    private static func scalar(_ input: inout ExpressionInput) throws -> Unicode.Scalar {
        guard let scalar = input.takeNext() else { throw ExpressionParser.Refusal() }
        return scalar == "\\" ? try input.escapedScalar() : scalar
    }

    /// `[:alpha:]` or `[:^alpha:]`; an opening bracket without the closing part stands for itself.
    private static func namedClass(_ input: inout ExpressionInput, foldsCase: Bool) throws -> ScalarSet? {
        var ahead = input
        guard ahead.take("[:") else { return nil }
        let isNegated = ahead.take("^")
        var name = ""
        while !ahead.isAt(":]") {
            guard let scalar = ahead.takeNext() else { return nil }
            name.unicodeScalars.append(scalar)
        }
        guard ahead.take(":]"), let known = ScalarSet.named[name] else { throw ExpressionParser.Refusal() }
        input = ahead
        let set = try folded(known, foldsCase)
        return isNegated ? set.complement : set
    }

    /// What stands behind a backslash and means a class: `d`, `s`, `w` and their opposites; `nil` for anything else.
    static func perlClass(_ input: inout ExpressionInput, foldsCase: Bool) throws -> ScalarSet? {
        let known: (set: ScalarSet, isNegated: Bool)
        switch input.next {
        case "d": known = (.digit, false)
        case "D": known = (.digit, true)
        case "s": known = (.space, false)
        case "S": known = (.space, true)
        case "w": known = (.word, false)
        case "W": known = (.word, true)
        default: return nil
        }
        _ = input.takeNext()
        let set = try folded(known.set, foldsCase)
        return known.isNegated ? set.complement : set
    }

    private static func folded(_ set: ScalarSet, _ foldsCase: Bool) throws -> ScalarSet {
        guard foldsCase else { return set }
        guard let folded = set.foldingCase else { throw ExpressionParser.Refusal() }
        return folded
    }
}
