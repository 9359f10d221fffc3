// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Builds nodes bottom-up and keeps the bounds: depth, expanded nodes, equal keys.
struct NodeBuilder {
    /// A finished node with what its expansion costs.
    struct Built {
        var node: TextNode
        /// Nodes with all aliases expanded.
        var count: Int
        /// Levels of lists and objects.
        var height: Int
    }

    private struct Frame {
        var isMapping: Bool
        var start: TextMark
        var anchor: String?
        var items: [TextNode] = []
        var pairs: [TextPair] = []
        var key: TextNode?
        var count = 1
        var height = 1
    }

    private var frames: [Frame] = []
    private var anchors: [String: Built] = [:]
    private(set) var root: TextNode?
    private(set) var problem: TextProblem?
    /// Expanded nodes so far.
    private(set) var total: Int
    private let limits: TextLimits

    /// - Parameters:
    ///   - limits: the bounds.
    ///   - used: nodes of earlier trees that count towards the same bound.
    init(limits: TextLimits, used: Int = 0) {
        self.limits = limits
        self.total = used
    }

    /// Opens a list or an object.
    mutating func open(isMapping: Bool, anchor: String?, at start: TextMark) {
        guard problem == nil else { return }
        guard frames.count < limits.depth else {
            problem = TextProblem("lists and objects are nested more than \(limits.depth) levels deep", at: start)
            return
        }
        frames.append(Frame(isMapping: isMapping, start: start, anchor: anchor))
    }

    /// Closes the innermost list or object.
    mutating func close(at end: TextMark) {
        guard problem == nil, let frame = frames.popLast() else { return }
        let content: TextNode.Content = frame.isMapping ? .mapping(frame.pairs) : .sequence(frame.items)
        let node = TextNode(content, start: frame.start, end: end)
        total += 1
        add(Built(node: node, count: frame.count, height: frame.height), anchor: frame.anchor)
    }

    /// Adds a scalar.
    mutating func scalar(_ scalar: TextScalar, anchor: String?, start: TextMark, end: TextMark) {
        guard problem == nil else { return }
        total += 1
        add(Built(node: TextNode(.scalar(scalar), start: start, end: end), count: 1, height: 0), anchor: anchor)
    }

    /// Adds what an alias stands for.
    mutating func alias(_ name: String, at mark: TextMark) {
        guard problem == nil else { return }
        guard let built = anchors[name] else {
            problem = TextProblem("the alias \"\(shown(name))\" has no anchor before it", at: mark)
            return
        }
        guard frames.count + built.height <= limits.depth else {
            problem = TextProblem("lists and objects are nested more than \(limits.depth) levels deep", at: mark)
            return
        }
        total += built.count
        guard total <= limits.nodes else {
            problem = TextProblem("the aliases expand to more than \(limits.nodes) values", at: mark)
            return
        }
        add(built, anchor: nil)
    }

    private mutating func add(_ built: Built, anchor: String?) {
        guard total <= limits.nodes else {
            problem = TextProblem("the document has more than \(limits.nodes) values", at: built.node.start)
            return
        }
        if let anchor {
            anchors[anchor] = built
            guard anchors.count <= limits.anchors else {
                problem = TextProblem("the document has more than \(limits.anchors) anchors", at: built.node.start)
                return
            }
        }
        guard !frames.isEmpty else {
            root = built.node
            return
        }
        let last = frames.count - 1
        frames[last].count += built.count
        frames[last].height = max(frames[last].height, built.height + 1)
        guard frames[last].isMapping else {
            frames[last].items.append(built.node)
            return
        }
        if let key = frames[last].key {
            frames[last].key = nil
            frames[last].pairs.append(TextPair(key: key, value: built.node))
        } else {
            check(key: built.node, in: frames[last])
            frames[last].key = built.node
        }
    }

    /// Small objects are searched; a big one would make that quadratic, so its keys are gathered when it grows.
    private mutating func check(key: TextNode, in frame: Frame) {
        guard case .scalar(let scalar) = key.content else {
            problem = TextProblem("a key must be a string, not \(key.typeDescription)", at: key.start)
            return
        }
        guard case .string = scalar.value else {
            problem = TextProblem(
                "a key must be a string, not \(key.typeDescription); put it in quotes",
                at: key.start
            )
            return
        }
        if scalar.style == .plain, scalar.text == "<<" {
            problem = TextProblem("merge keys (<<) are not supported; write the fields out", at: key.start)
            return
        }
        guard let first = firstIndex(of: scalar.text, in: frame) else { return }
        let related = frame.pairs[first].key.start
        problem = TextProblem("the key \"\(shown(scalar.text))\" occurs twice", at: key.start, related: related)
    }

    private var seen: [Int: [String: Int]] = [:]

    private mutating func firstIndex(of key: String, in frame: Frame) -> Int? {
        if frame.pairs.count < 16 {
            return frame.pairs.firstIndex { Self.text(of: $0.key) == key }
        }
        let level = frames.count
        var known = seen.removeValue(forKey: level) ?? [:]
        if frame.pairs.count == 16 {
            known = [:]
            for (index, pair) in frame.pairs.enumerated() { known[Self.text(of: pair.key)] = index }
        }
        let first = known.updateValue(frame.pairs.count, forKey: key)
        seen[level] = known
        return first
    }

    private static func text(of key: TextNode) -> String {
        guard case .scalar(let scalar) = key.content else { return "" }
        return scalar.text
    }
}
