// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// The subject chains of the ruleset before, for those whose inputs are the same now.
///
/// Chains are made from the specs that select the subject, the named ports that they look at, and things that are the
/// same for all subjects: the classes, the address groups, and how host traffic is treated. When one of the latter
/// changes, everything is forgotten; otherwise the specs are compared. Holds no more than the last ruleset did.
struct SubjectCache {
    /// What all chains depend on.
    private struct Surroundings: Equatable {
        var classes: [UInt32: PeerClass.Key]
        var cidrGroups: [CIDRGroup]
        var hostTraffic: HostTraffic
        var clusterName: String
    }

    /// What one subject's chains depend on beyond that.
    private struct Inputs: Equatable {
        var direction: Direction
        var specs: [PolicySpec]
        var modes: [Mode]
        var namedPorts: [NamedPort]
    }

    private struct Entry {
        var inputs: Inputs
        var chains: SubjectChains
    }

    /// What is needed while a ruleset is made.
    private struct Work {
        var world: ResolvedSnapshot
        var rules: ResolvedRules
        var hostClasses: [UInt32]
    }

    private var surroundings: Surroundings?
    /// By name of the chain.
    private var before: [String: Entry] = [:]
    private var present: [String: Entry] = [:]
    private var work: Work?

    init() {}

    /// Called before the first chain of a ruleset.
    mutating func begin(_ world: ResolvedSnapshot, _ classes: AddressClasses) {
        let now = Surroundings(
            classes: classes.classes.mapValues(\.key),
            cidrGroups: world.snapshot.cidrGroups,
            hostTraffic: world.snapshot.hostTraffic,
            clusterName: world.snapshot.clusterName
        )
        if now != surroundings { before = [:] }
        surroundings = now
        work = Work(
            world: world,
            rules: ResolvedRules(world, classes),
            hostClasses: classes.classes.values.filter(\.isHost).map(\.number).sorted()
        )
    }

    /// Called after the last chain of a ruleset.
    mutating func end() {
        before = present
        present = [:]
        work = nil
    }

    /// The chains of one subject, made or remembered; only between `begin` and `end`.
    mutating func chains(named name: String, _ key: SubjectChains.Key, subject: Identity) -> SubjectChains {
        guard var work else { preconditionFailure("chains are made between begin and end") }
        let inputs = Inputs(
            direction: key.direction,
            specs: key.specs.map { work.world.snapshot.policies[$0.policy].specs[$0.spec] },
            modes: key.specs.map(\.mode),
            namedPorts: key.namedPorts
        )
        if let known = before[name], known.inputs == inputs {
            present[name] = known
            return known.chains
        }
        // Taken out while it is changed, so that it is not copied.
        self.work = nil
        let chains = SubjectChains(
            name: name,
            key: key,
            subject: subject,
            world: work.world,
            hostClasses: work.hostClasses,
            rules: &work.rules
        )
        self.work = work
        present[name] = Entry(inputs: inputs, chains: chains)
        return chains
    }
}
