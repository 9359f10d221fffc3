// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import NftablesRuleset

/// Runs packets through a ruleset as the kernel does, without a kernel.
///
/// It knows exactly the language that the product writes, and refuses every other text.
struct RulesetInterpreter {
    /// The first packet of a connection that the ruleset has not judged yet.
    struct Packet {
        /// `forward`, `input` or `output`.
        var hook: String
        var source: IPAddress
        var destination: IPAddress
        var service: Service
        /// What an earlier ruleset left on the connection; 0 on a new one.
        var mark: UInt32 = 0
    }

    /// What became of a packet.
    enum Outcome: Hashable {
        case accepted, dropped
        /// Accepted, and the connection's mark says that it would have been dropped.
        case acceptedWouldDrop
    }

    /// A reference to something that is not there, or a packet that runs in circles.
    struct BrokenRuleset: Error {
        var reason: String
    }

    private enum Step { case accept, drop, fallThrough }

    private struct Run {
        var packet: Packet
        var mark: UInt32 = 0
        var priority: UInt128 = 0
        var depth = 0
    }

    private var chains: [String: [KernelRule]] = [:]
    private var hooks: [String: String] = [:]
    private var sets: [String: KernelSet] = [:]
    private var counters: Set<String> = []
    /// Rules by their text; the same chains come back in every ruleset.
    private var known: [String: KernelRule] = [:]

    /// Takes a ruleset's `inet` table; every rule and element is read, whether a packet gets there or not.
    mutating func load(_ ruleset: Ruleset) throws {
        guard let table = ruleset.tables.first(where: { $0.family == .inet }) else {
            throw BrokenRuleset(reason: "no inet table")
        }
        if known.count > 20_000 { known = [:] }
        chains = [:]
        hooks = [:]
        for (name, chain) in table.chains {
            if let hook = chain.hook { hooks[hook.name] = name }
            chains[name] = try chain.rules.map { try rule($0) }
        }
        sets = try table.sets.mapValues { try KernelSet($0) }
        counters = table.counters
    }

    private mutating func rule(_ text: String) throws -> KernelRule {
        if let rule = known[text] { return rule }
        let rule = try KernelRule(text)
        known[text] = rule
        return rule
    }

    func outcome(of packet: Packet) throws -> Outcome {
        guard let base = hooks[packet.hook] else { throw BrokenRuleset(reason: "no hook \(packet.hook)") }
        var run = Run(packet: packet, mark: packet.mark)
        // The base chains' policy is accept.
        guard try step(base, &run) != .drop else { return .dropped }
        return ConnectionMark(rawValue: run.mark).flags.contains(.wouldDrop) ? .acceptedWouldDrop : .accepted
    }

    private func step(_ name: String, _ run: inout Run) throws -> Step {
        guard let rules = chains[name] else { throw BrokenRuleset(reason: "no chain \(name)") }
        run.depth += 1
        defer { run.depth -= 1 }
        // The kernel refuses more than 16 levels of jumps.
        guard run.depth <= 16 else { throw BrokenRuleset(reason: "chains too deep at \(name)") }
        for rule in rules {
            guard let verdict = try verdict(rule, &run) else { continue }
            switch verdict {
            case .accept: return .accept
            case .drop: return .drop
            case .return: return .fallThrough
            case .goto(let target): return try step(target, &run)
            case .jump(let target):
                let result = try step(target, &run)
                if result != .fallThrough { return result }
            }
        }
        return .fallThrough
    }

    /// Where a rule sends the packet; `nil` when a condition does not hold or the rule has no verdict.
    private func verdict(_ rule: KernelRule, _ run: inout Run) throws -> KernelRule.Verdict? {
        for statement in rule.statements {
            switch statement {
            case .verdict(let verdict): return verdict
            case .verdictMap(let field, let map):
                guard let text = try find([field], in: map, run) else { return nil }
                return try KernelRule.Verdict(text)
            case .setPriority(let value): run.priority = value
            case .setPriorityFromMap(let field, let map):
                guard let text = try find([field], in: map, run) else { return nil }
                run.priority = try KernelSet.value(text, "classid")
            case .setMark(let and, let or): run.mark = run.mark & and | or
            case .counter(let name):
                guard counters.contains(name) else { throw BrokenRuleset(reason: "no counter \(name)") }
            case .log: break
            default: guard try holds(statement, run) else { return nil }
            }
        }
        return nil
    }

    private func holds(_ statement: KernelRule.Statement, _ run: Run) throws -> Bool {
        switch statement {
        case .isIn(let fields, let set): return try find(fields, in: set, run) != nil
        case .isNotIn(let fields, let set):
            // A packet without the header ends the rule.
            guard fields.allSatisfy({ value($0, run) != nil }) else { return false }
            return try find(fields, in: set, run) == nil
        case .isAmong(let field, let ranges):
            guard let value = value(field, run) else { return false }
            return ranges.contains { $0.contains(value) }
        case .markIs(let mask, let value): return run.mark & mask == value
        case .connectionState(let state): return state == "new"
        case .direction(let direction): return direction == "original"
        // Packets between the host and itself are not among those that a test sends.
        case .isLocal, .isOverLimit: return false
        default: return true
        }
    }

    private func find(_ fields: [KernelRule.Field], in name: String, _ run: Run) throws -> String? {
        guard let set = sets[name] else { throw BrokenRuleset(reason: "no set \(name)") }
        guard set.types == fields.map(\.type) else { throw BrokenRuleset(reason: "set \(name) has other types") }
        let values = fields.compactMap { value($0, run) }
        return values.count == fields.count ? set.find(values) : nil
    }

    /// The value of a field; `nil` where the packet has no such header.
    private func value(_ field: KernelRule.Field, _ run: Run) -> UInt128? {
        let (packet, service) = (run.packet, run.packet.service)
        func address(_ address: IPAddress, _ family: IPAddress.Family) -> UInt128? {
            address.family == family ? address.bits : nil
        }
        switch field {
        case .priority: return run.priority
        case .l4proto: return UInt128(service.ipProtocol.rawValue)
        // In other protocols the same bytes hold something else, which an attacker may choose.
        case .destinationPort: return service.ipProtocol.hasPorts ? UInt128(service.port) : 80
        case .sourcePort: return 40_000
        case .icmpType: return service.ipProtocol == .icmp ? UInt128(service.port) : nil
        case .icmpv6Type: return service.ipProtocol == .icmpv6 ? UInt128(service.port) : nil
        case .source4: return address(packet.source, .v4)
        case .destination4: return address(packet.destination, .v4)
        case .source6: return address(packet.source, .v6)
        case .destination6: return address(packet.destination, .v6)
        }
    }
}
