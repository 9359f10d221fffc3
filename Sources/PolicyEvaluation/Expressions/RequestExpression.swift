// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A regular expression of an HTTP rule, matched as the proxy does it: RE2's syntax, against the whole value.
///
/// Both texts are other people's. All ways through the expression are followed at once, scalar by scalar (Thompson,
/// "Regular Expression Search Algorithm", 1968), so that no expression takes for ever:
///
/// ```swift
/// RequestExpression("/(a+)+b")?.matches("/aaaaaaaaaaaaaaaaaaaaaaaa")   // false, at once
/// ```
package struct RequestExpression: Sendable {
    /// Bytes of an expression that is looked at.
    private static let longestText = 4_096

    private let program: [ExpressionProgram.Instruction]

    /// - Returns: `nil` for what is not RE2's syntax, and for what is not known here: classes of Unicode (`\p`), single bytes
    ///   (`\C`), letters outside ASCII whatever their case, more than 4,096 bytes, 10,000 steps or 200 groups inside each other.
    /// - Complexity: linear in the expression with its counted repetitions written out.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longestText else { return nil }
        var parser = ExpressionParser(text)
        guard let root = try? parser.expression() else { return nil }
        var program = ExpressionProgram()
        guard program.add(root), program.append(.match) else { return nil }
        self.program = program.instructions
    }

    /// Whether the expression matches a value from its beginning to its end.
    /// - Complexity: steps of the expression times scalars of the value.
    package func matches(_ value: String) -> Bool {
        let scalars = value.unicodeScalars.map(\.value)
        var threads = ExpressionThreads(program)
        threads.start(0, at: 0, of: scalars)
        var current: [Int] = []
        for (place, scalar) in scalars.enumerated() {
            threads.takeReady(into: &current)
            if current.isEmpty { return false }
            for index in current {
                guard case .scalars(let set) = program[index], set.contains(scalar) else { continue }
                threads.start(index + 1, at: place + 1, of: scalars)
            }
        }
        return threads.isMatched
    }
}

/// The places in a program that are reached after some scalars, each once.
private struct ExpressionThreads {
    private let program: [ExpressionProgram.Instruction]
    /// Instructions that wait for the next scalar.
    private var ready: [Int] = []
    /// The place in the value at which an instruction was last reached.
    private var reached: [Int]
    private var pending: [Int] = []
    /// Whether the end of the program is among the places reached last.
    private(set) var isMatched = false

    init(_ program: [ExpressionProgram.Instruction]) {
        self.program = program
        reached = Array(repeating: -1, count: program.count)
    }

    /// Takes the instructions that wait out, to make place for the next ones.
    mutating func takeReady(into current: inout [Int]) {
        swap(&current, &ready)
        ready.removeAll(keepingCapacity: true)
        isMatched = false
    }

    /// Follows everything that takes no scalar.
    mutating func start(_ first: Int, at place: Int, of scalars: [UInt32]) {
        pending.append(first)
        while let index = pending.popLast() {
            guard reached[index] != place else { continue }
            reached[index] = place
            switch program[index] {
            case .scalars: ready.append(index)
            case .split(let one, let other): pending += [other, one]
            case .jump(let target): pending.append(target)
            case .check(let condition): if condition.holds(at: place, of: scalars) { pending.append(index + 1) }
            case .match: isMatched = true
            }
        }
    }
}
