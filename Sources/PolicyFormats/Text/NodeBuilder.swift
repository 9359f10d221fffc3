// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Builds nodes bottom-up and keeps the bounds: depth, expanded nodes, equal keys.
///
/// What open lists and objects have so far lies on two stacks that all of them share; each takes its part off when it closes.
struct NodeBuilder {
    /// What stands for an anchor, with what its expansion costs.
    private struct Anchored {
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
        /// Where its part of the stack begins.
        var first: Int
        /// The key that waits for its value.
        var key: TextKey?
        var count = 1
        var height = 1
    }

    private var frames: [Frame] = []
    private var items: [TextNode] = []
    private var pairs: [TextPair] = []
    private var anchors: [String: Anchored] = [:]
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

    /// Forgets the tree, and keeps the room that the stacks have, for the next document.
    mutating func restart() {
        frames.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        (anchors, seen, root, problem, total) = ([:], [:], nil, nil, 0)
    }

    /// Opens a list or an object.
    mutating func open(isMapping: Bool, anchor: String?, at start: TextMark) {
        guard problem == nil else { return }
        guard frames.count < limits.depth else {
            problem = TextProblem("lists and objects are nested more than \(limits.depth) levels deep", at: start)
            return
        }
        let first = isMapping ? pairs.count : items.count
        frames.append(Frame(isMapping: isMapping, start: start, anchor: anchor, first: first))
    }

    /// Closes the innermost list or object.
    mutating func close(at end: TextMark) {
        guard problem == nil, let frame = frames.popLast() else { return }
        let content: TextNode.Content
        if frame.isMapping {
            content = .mapping(Array(pairs[frame.first...]))
            pairs.removeLast(pairs.count - frame.first)
        } else {
            content = .sequence(Array(items[frame.first...]))
            items.removeLast(items.count - frame.first)
        }
        total += 1
        let node = TextNode(content, start: frame.start, end: end)
        add(node, count: frame.count, height: frame.height, anchor: frame.anchor)
    }

    /// Adds a scalar.
    mutating func scalar(_ scalar: TextScalar, anchor: String?, start: TextMark, end: TextMark) {
        guard problem == nil else { return }
        total += 1
        add(TextNode(.scalar(scalar), start: start, end: end), count: 1, height: 0, anchor: anchor)
    }

    /// Adds what an alias stands for.
    mutating func alias(_ name: String, at mark: TextMark) {
        guard problem == nil else { return }
        guard let known = anchors[name] else {
            problem = TextProblem("the alias \"\(shown(name))\" has no anchor before it", at: mark)
            return
        }
        guard frames.count + known.height <= limits.depth else {
            problem = TextProblem("lists and objects are nested more than \(limits.depth) levels deep", at: mark)
            return
        }
        total += known.count
        guard total <= limits.nodes else {
            problem = TextProblem("the aliases expand to more than \(limits.nodes) values", at: mark)
            return
        }
        add(known.node, count: known.count, height: known.height, anchor: nil)
    }

    private mutating func add(_ node: TextNode, count: Int, height: Int, anchor: String?) {
        guard total <= limits.nodes else {
            problem = TextProblem("the document has more than \(limits.nodes) values", at: node.start)
            return
        }
        if let anchor {
            anchors[anchor] = Anchored(node: node, count: count, height: height)
            guard anchors.count <= limits.anchors else {
                problem = TextProblem("the document has more than \(limits.anchors) anchors", at: node.start)
                return
            }
        }
        let last = frames.count - 1
        guard last >= 0 else {
            root = node
            return
        }
        frames[last].count += count
        frames[last].height = max(frames[last].height, height + 1)
        guard frames[last].isMapping else {
            items.append(node)
            return
        }
        if let key = frames[last].key {
            frames[last].key = nil
            pairs.append(TextPair(key: key, value: node))
        } else {
            frames[last].key = key(node, first: frames[last].first)
        }
    }

    /// A node as a key; sets `problem` when it is none, or occurs already in the object whose pairs begin at `first`.
    private mutating func key(_ node: TextNode, first: Int) -> TextKey? {
        guard case .scalar(let scalar) = node.content else {
            problem = TextProblem("a key must be a string, not \(node.typeDescription)", at: node.start)
            return nil
        }
        guard scalar.isString else {
            let message = "a key must be a string, not \(node.typeDescription); put it in quotes"
            problem = TextProblem(message, at: node.start)
            return nil
        }
        if scalar.style == .plain, scalar.text == "<<" {
            problem = TextProblem("merge keys (<<) are not supported; write the fields out", at: node.start)
            return nil
        }
        if let known = index(of: scalar.text, first: first) {
            let message = "the key \"\(shown(scalar.text))\" occurs twice"
            problem = TextProblem(message, at: node.start, related: pairs[known].key.start)
        }
        return TextKey(scalar.text, start: node.start, end: node.end)
    }

    private var seen: [Int: [String: Int]] = [:]

    /// Small objects are searched; a big one would make that quadratic, so its keys are gathered when it grows.
    private mutating func index(of key: String, first: Int) -> Int? {
        let count = pairs.count - first
        if count < 16 {
            for index in first..<pairs.count where pairs[index].key.name == key { return index }
            return nil
        }
        let level = frames.count
        var known = seen.removeValue(forKey: level) ?? [:]
        if count == 16 {
            known = [:]
            for index in first..<pairs.count { known[pairs[index].key.name] = index }
        }
        let found = known.updateValue(pairs.count, forKey: key)
        seen[level] = known
        return found
    }
}
