// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

extension FormSession {
    mutating func addTest(_ test: LabelTest, to selector: TreeEdit.Path) throws(FormFailure) {
        try check(test)
        guard test.comparison == .equals else {
            return try append(Self.expression(test), to: selector + "matchExpressions")
        }
        guard node(selector + "matchLabels" + test.key) == nil else {
            throw .remark(.badLabel(test.key, reason: "this selector tests it already"))
        }
        try set(selector + "matchLabels" + test.key, .string(test.values[0]), after: [])
    }

    private func test(_ id: String) throws(FormFailure) -> (test: LabelTest, selector: FormSelector) {
        let form = try form()
        let rules = (form.inbound.rules + form.outbound.rules).lazy.flatMap(\.peers).flatMap(\.selectors)
        for selector in [form.subject] + Array(rules) {
            if let found = selector.tests.first(where: { $0.part.id == id }) { return (found.test, selector) }
        }
        throw .remark(.notEditable("there is no label test \"\(Escaped.plain(id))\""))
    }

    mutating func setTest(_ id: String, _ new: LabelTest) throws(FormFailure) {
        try replace(test(id).test, at: path(id), with: new)
    }

    mutating func removeTest(_ id: String) throws(FormFailure) {
        let selector = try test(id).selector
        if selector.tests.count == 1, selector.locked.isEmpty {
            let direction: Direction? = id.hasPrefix("inbound") ? .ingress : id.hasPrefix("outbound") ? .egress : nil
            try ask(FormQuestion(.selectsEverything, direction))
        }
        try removeTest(at: path(id))
    }

    /// Takes a test out, and the list or object that it leaves empty.
    private mutating func removeTest(at path: TreeEdit.Path) throws(FormFailure) {
        let owner = Array(path.dropLast())
        let count = node(owner).map { max($0.pairs.count, $0.items.count) } ?? 0
        try change(.remove(count > 1 ? path : owner))
    }

    private mutating func replace(
        _ old: LabelTest,
        at path: TreeEdit.Path,
        with new: LabelTest
    ) throws(FormFailure) {
        try check(new)
        guard case .item = path.last else {
            guard new.comparison == .equals else {
                let selector = Array(path.dropLast(2))
                // The new one first: in between, the selector must not select more.
                try append(Self.expression(new), to: selector + "matchExpressions")
                return try removeTest(at: path)
            }
            var path = path
            if new.key != old.key {
                let owner = Array(path.dropLast())
                guard node(owner + new.key) == nil else {
                    throw .remark(.badLabel(new.key, reason: "this selector tests it already"))
                }
                try change(.rename(path, new.key))
                path = owner + new.key
            }
            return try set(path, .string(new.values[0]))
        }
        if old.key != new.key { try set(path + "key", .string(new.key)) }
        if old.comparison.word != new.comparison.word { try set(path + "operator", .string(new.comparison.word)) }
        if old.values != new.values { try setStrings(path + "values", old.values, new.values) }
    }

    /// Makes a selector have exactly these tests: those that stay are left alone.
    mutating func setTests(
        _ selector: TreeEdit.Path,
        _ old: [FormSelector.Test],
        to new: [LabelTest]
    ) throws(FormFailure) {
        func same(_ one: LabelTest, _ other: LabelTest) -> Bool {
            one.key == other.key && one.comparison.word == other.comparison.word && one.values == other.values
        }
        var added = new.filter { test in !old.contains { same($0.test, test) } }
        var removed: [TreeEdit.Path] = []
        for test in old where !new.contains(where: { same($0, test.test) }) {
            let path = try path(test.part.id)
            // A test of the same key and place takes over.
            if let index = added.firstIndex(where: { candidate in
                guard candidate.key == test.test.key else { return false }
                guard case .key = path.last else { return true }
                return candidate.comparison == .equals
            }) {
                try replace(test.test, at: path, with: added.remove(at: index))
            } else {
                removed.append(path)
            }
        }
        for test in added { try addTest(test, to: selector) }
        // From the back, so that the numbers of those before stay right.
        for path in removed.reversed() { try removeTest(at: path) }
    }
}
