// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The way from an object's root to one of its values; text is made only when a message needs it.
struct FieldPath: CustomStringConvertible {
    fileprivate let paths: FieldPaths
    fileprivate let index: Int32

    /// `spec.ingress[0].ports`; `the document` for the root.
    var description: String {
        let text = paths.text(of: index)
        return text.isEmpty ? "the document" : text
    }
}

/// The ways to all values of one document that were looked at, each as a step from another.
///
/// A field then carries a number, and making one allocates nothing.
struct FieldPaths {
    private enum Step {
        case root
        case key(String)
        case item(Int)
    }

    private var steps: [(parent: Int32, step: Step)] = [(0, .root)]

    static let root: Int32 = 0

    /// How many there are, to forget those that come after.
    var count: Int { steps.count }

    mutating func key(_ name: String, of parent: Int32) -> Int32 { add(.key(name), parent) }

    mutating func item(_ index: Int, of parent: Int32) -> Int32 { add(.item(index), parent) }

    /// Forgets all but the first ones.
    mutating func keep(_ count: Int) { steps.removeLast(steps.count - count) }

    /// A way as a value of its own.
    subscript(_ index: Int32) -> FieldPath { FieldPath(paths: self, index: index) }

    private mutating func add(_ step: Step, _ parent: Int32) -> Int32 {
        steps.append((parent, step))
        return Int32(clamping: steps.count - 1)
    }

    fileprivate func text(of index: Int32) -> String {
        var text = ""
        var separator = ""
        var index = Int(index)
        while index > 0 {
            switch steps[index].step {
            case .root: break
            case .item(let number): (text, separator) = ("[\(number)]\(separator)\(text)", "")
            case .key(let name): (text, separator) = ("\(shown(name))\(separator)\(text)", ".")
            }
            index = Int(steps[index].parent)
        }
        return text
    }
}
