// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A regular expression as its parts.
indirect enum ExpressionNode {
    case nothing
    /// One scalar out of a set.
    case scalars(ScalarSet)
    case check(PlaceCondition)
    case sequence([ExpressionNode])
    case choice([ExpressionNode])
    /// `most` is `nil` for any number.
    case repetition(ExpressionNode, least: Int, most: Int?)
}

/// What a place in a value has to be like.
enum PlaceCondition {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, insideWordOrOutside

    func holds(at place: Int, of scalars: [UInt32]) -> Bool {
        switch self {
        case .textStart: place == 0
        case .textEnd: place == scalars.count
        case .lineStart: place == 0 || scalars[place - 1] == 0x0A
        case .lineEnd: place == scalars.count || scalars[place] == 0x0A
        case .wordBoundary: Self.isBoundary(place, scalars)
        case .insideWordOrOutside: !Self.isBoundary(place, scalars)
        }
    }

    private static func isBoundary(_ place: Int, _ scalars: [UInt32]) -> Bool {
        let before = place > 0 && ScalarSet.word.contains(scalars[place - 1])
        let after = place < scalars.count && ScalarSet.word.contains(scalars[place])
        return before != after
    }
}

/// The steps that an expression is matched by; each instruction goes on to the next one where it says nothing else.
struct ExpressionProgram {
    enum Instruction: Sendable {
        /// Takes one scalar of a set.
        case scalars(ScalarSet)
        /// Goes on at two places.
        case split(Int, Int)
        case jump(Int)
        case check(PlaceCondition)
        case match
    }

    /// Instructions of one expression; counted repetitions inside each other would make millions.
    private static let limit = 10_000

    private(set) var instructions: [Instruction] = []

    /// - Returns: `false` when the program would become too long.
    mutating func append(_ instruction: Instruction) -> Bool {
        guard instructions.count < Self.limit else { return false }
        instructions.append(instruction)
        return true
    }

    /// Every node adds at least one instruction, so that the limit bounds the work too.
    mutating func add(_ node: ExpressionNode) -> Bool {
        switch node {
        case .nothing: append(.jump(instructions.count + 1))
        case .scalars(let set): append(.scalars(set))
        case .check(let condition): append(.check(condition))
        case .sequence(let parts): parts.isEmpty ? add(.nothing) : parts.allSatisfy { add($0) }
        case .choice(let alternatives): add(alternatives[...])
        case .repetition(let part, let least, let most): add(part, least: least, most: most)
        }
    }

    private mutating func add(_ alternatives: ArraySlice<ExpressionNode>) -> Bool {
        guard let first = alternatives.first else { return add(.nothing) }
        guard alternatives.count > 1 else { return add(first) }
        let split = instructions.count
        guard append(.jump(0)), add(first) else { return false }
        let jump = instructions.count
        guard append(.jump(0)) else { return false }
        instructions[split] = .split(split + 1, instructions.count)
        guard add(alternatives.dropFirst()) else { return false }
        instructions[jump] = .jump(instructions.count)
        return true
    }

    private mutating func add(_ part: ExpressionNode, least: Int, most: Int?) -> Bool {
        guard most != 0 else { return add(.nothing) }
        for _ in 0..<least {
            guard add(part) else { return false }
        }
        guard let most else {
            let split = instructions.count
            guard append(.jump(0)), add(part), append(.jump(split)) else { return false }
            instructions[split] = .split(split + 1, instructions.count)
            return true
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(instructions.count)
            guard append(.jump(0)), add(part) else { return false }
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
        return true
    }
}
