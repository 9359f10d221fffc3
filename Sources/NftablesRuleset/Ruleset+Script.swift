// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension Ruleset {
    /// The script that makes the kernel hold this ruleset whatever our tables hold now, in one transaction.
    ///
    /// - Complexity: O(size of the ruleset).
    public func replacingScript() -> String {
        var script = Script()
        for table in tables {
            script.line("add table \(table.reference)")
            script.line("delete table \(table.reference)")
            script.line("add table \(table.reference)")
            script.change(Table(family: table.family), into: table)
        }
        return script.text
    }

    /// The script that turns `applied`, which the kernel holds, into this ruleset, in one transaction.
    ///
    /// Order: what rules refer to is added first; then rules and elements; then what nothing refers to any more is
    /// deleted.
    /// - Complexity: O(size of both rulesets) to compare; the script's length follows the difference.
    public func script(from applied: Ruleset) -> String {
        var script = Script()
        for table in tables {
            if let old = applied.tables.first(where: { $0.family == table.family }) {
                script.change(old, into: table)
            } else {
                script.line("add table \(table.reference)")
                script.change(Table(family: table.family), into: table)
            }
        }
        return script.text
    }

    /// The script that removes exactly our tables, whether they are there or not.
    public static func removingScript() -> String {
        Table.Family.allCases
            .map { "add table \($0.rawValue) \(tableName)\ndelete table \($0.rawValue) \(tableName)\n" }.joined()
    }
}

extension Table {
    /// `inet palisade`.
    var reference: String { "\(family.rawValue) \(Ruleset.tableName)" }
}

/// A script under construction.
private struct Script {
    private(set) var text = ""

    mutating func line(_ line: String) {
        text += line
        text += "\n"
    }

    mutating func change(_ old: Table, into new: Table) {
        for name in new.counters.subtracting(old.counters).sorted() {
            line("add counter \(new.reference) \(name)")
        }
        for (name, set) in new.sets.sorted(by: { $0.key < $1.key }) where old.sets[name] == nil {
            declare(set, name, in: new)
        }
        for (name, chain) in new.chains.sorted(by: { $0.key < $1.key }) where old.chains[name] == nil {
            declare(chain, name, in: new)
        }
        for (name, set) in new.sets.sorted(by: { $0.key < $1.key }) {
            changeElements(of: name, from: old.sets[name], to: set, in: new)
        }
        for (name, chain) in new.chains.sorted(by: { $0.key < $1.key }) where old.chains[name] != chain {
            if old.chains[name] != nil { line("flush chain \(new.reference) \(name)") }
            for rule in chain.rules { line("add rule \(new.reference) \(name) \(rule)") }
        }
        deleteGone(old, new)
    }

    private mutating func declare(_ set: NamedSet, _ name: String, in table: Table) {
        let flags = set.isInterval ? " flags interval;" : ""
        let data = set.data.map { " : \($0)" } ?? ""
        let kind = set.data == nil ? "set" : "map"
        line("add \(kind) \(table.reference) \(name) { type \(set.key.joined(separator: " . "))\(data);\(flags) }")
    }

    private mutating func declare(_ chain: Chain, _ name: String, in table: Table) {
        if let hook = chain.hook {
            line(
                "add chain \(table.reference) \(name) "
                    + "{ type filter hook \(hook.name) priority \(hook.priority); policy accept; }"
            )
        } else {
            line("add chain \(table.reference) \(name)")
        }
    }

    private mutating func changeElements(of name: String, from old: NamedSet?, to new: NamedSet, in table: Table) {
        let before = old?.elements ?? [:]
        guard before != new.elements else { return }
        guard !new.isInterval else {
            // Ranges may overlap differently before and after; the kernel compares them one by one.
            if !before.isEmpty { line("flush \(new.data == nil ? "set" : "map") \(table.reference) \(name)") }
            add(Array(new.elements), to: name, in: table)
            return
        }
        let gone = before.filter { new.elements[$0.key] != $0.value }
        let come = new.elements.filter { before[$0.key] != $0.value }
        if !gone.isEmpty {
            // The kernel finds an element by its key; nft wants the value of a map's element repeated.
            let list = gone.sorted { $0.key < $1.key }.map(elementText)
            line("delete element \(table.reference) \(name) { \(list.joined(separator: ", ")) }")
        }
        add(Array(come), to: name, in: table)
    }

    private mutating func add(_ elements: [(key: String, value: String)], to name: String, in table: Table) {
        guard !elements.isEmpty else { return }
        let list = elements.sorted { $0.key < $1.key }.map(elementText)
        line("add element \(table.reference) \(name) { \(list.joined(separator: ", ")) }")
    }

    private func elementText(_ element: (key: String, value: String)) -> String {
        element.value.isEmpty ? element.key : "\(element.key) : \(element.value)"
    }

    private mutating func deleteGone(_ old: Table, _ new: Table) {
        let chains = old.chains.keys.filter { new.chains[$0] == nil }.sorted()
        for name in chains { line("flush chain \(new.reference) \(name)") }
        for name in chains { line("delete chain \(new.reference) \(name)") }
        for (name, set) in old.sets.sorted(by: { $0.key < $1.key }) where new.sets[name] == nil {
            line("delete \(set.data == nil ? "set" : "map") \(new.reference) \(name)")
        }
        for name in old.counters.subtracting(new.counters).sorted() {
            line("delete counter \(new.reference) \(name)")
        }
    }
}
