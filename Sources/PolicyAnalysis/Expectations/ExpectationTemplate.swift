// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// A policy test that says what is so now: a start for people to keep, cut and give reasons.
public enum ExpectationTemplate {
    /// The text of a `PolicyTest`, with one line for each pair of workloads and each port that passes.
    ///
    /// Every line holds in the world it was made from. Pairs of which pods differ, or whose ports only requests or unknown things
    /// decide, are left out with a comment.
    /// - Complexity: O(workloads² · rules).
    public static func text(_ world: ResolvedSnapshot) -> String {
        var lines = ["apiVersion: palisade.dev/v1", "kind: PolicyTest", "expectations:"]
        let names = names(of: world)
        let ends = names.map { name in (name, PartyName(name)?.parties(in: world) ?? []) }
        let outside = ("world", world.outsideSamples())
        for (index, source) in (ends + [outside]).enumerated() {
            for (other, destination) in (ends + [outside]).enumerated() where index != other {
                lines += pair(source, destination, world)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Workloads by name; pods where a name stands for several workloads.
    private static func names(of world: ResolvedSnapshot) -> [String] {
        var kinds: [String: Set<String>] = [:]
        let reached = world.snapshot.endpoints.filter { $0.protection == .enforced && !$0.addresses.isEmpty }
        for endpoint in reached {
            for name in [endpoint.name, endpoint.workload.name] {
                kinds["\(endpoint.namespace)/\(name)", default: []].insert(
                    "\(endpoint.workload.kind)/\(endpoint.workload.name)"
                )
            }
        }
        let names = reached.map { endpoint in
            let workload = "\(endpoint.namespace)/\(endpoint.workload.name)"
            return kinds[workload]?.count == 1 ? workload : "\(endpoint.namespace)/\(endpoint.name)"
        }
        return Set(names).sorted()
    }

    private static func pair(
        _ source: (name: String, parties: [Party]),
        _ destination: (name: String, parties: [Party]),
        _ world: ResolvedSnapshot
    ) -> [String] {
        var answers: Set<PairConnections> = []
        for one in source.parties {
            for other in destination.parties
            where (one.kind != .world && other.kind != .world) || one.address.family == other.address.family {
                answers.insert(world.connections(from: one, to: other))
            }
        }
        let title = "# \(shown(source.name)) -> \(shown(destination.name))"
        let start = "- {from: \(JSONValue.string(source.name).text), to: \(JSONValue.string(destination.name).text)"
        guard let answer = answers.first else { return [] }
        guard answers.count == 1 else {
            return ["\(title): it differs from one to another"]
        }
        if answer.isEmpty { return [start + ", expect: dropped}"] }
        if answer.allowed.isAll { return [start + ", expect: allowed}"] }
        var lines: [String] = []
        for (ipProtocol, ports) in answer.allowed.ports.sorted(by: { $0.key < $1.key }) where ipProtocol.hasPorts {
            for range in ports.ranges {
                for port in Set([range.lowerBound, range.upperBound]).sorted() {
                    lines.append(start + ", port: \(port)/\("\(ipProtocol)".lowercased()), expect: allowed}")
                }
            }
        }
        if !answer.limited.isEmpty {
            lines.append("\(title): rules about requests decide too")
        }
        if !answer.uncertain.isEmpty {
            lines.append("\(title): some of it is uncertain")
        }
        return lines
    }
}
