// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation

/// One question with both its ends found: which connections it can mean, and the one answer for all of them.
struct ExplainQuestion {
    var world: ResolvedSnapshot
    var source: PartyFinder.Found
    var destination: PartyFinder.Found
    var request: ExplainRequest
    private let facts: RequestFacts

    /// - Throws: `ServiceError` `badRequest` when the HTTP request cannot be read.
    init(
        world: ResolvedSnapshot,
        source: PartyFinder.Found,
        destination: PartyFinder.Found,
        request: ExplainRequest
    ) throws {
        (self.world, self.source, self.destination, self.request) = (world, source, destination, request)
        var facts = RequestFacts(
            dns: request.dnsName,
            on: Service(request.ipProtocol, port: request.judgedPort)
        )
        if let line = request.http {
            guard let http = RequestFacts.HTTP(line: line) else {
                throw ServiceError(
                    .badRequest,
                    "\"\(line)\" is not an HTTP request.",
                    fix: "Write it like \"GET /path\"."
                )
            }
            facts.http = http
        }
        self.facts = facts
    }

    /// The connection between the first instances that share a family, and what is decided about it.
    /// - Throws: `ServiceError` `badRequest` when no addresses fit, or when instances get different answers.
    /// - Complexity: O(instances · instances) decisions; `PartyFinder.mostInstances` bounds both.
    func answer() throws -> (connection: Connection, decision: Decision) {
        guard let family = families.first(where: { connection($0) != nil }), let first = connection(family) else {
            throw ServiceError(
                .badRequest,
                "\(source.name) and \(destination.name) have no addresses of the same family\(protocolRemark).",
                fix: "Name an address of the right family instead."
            )
        }
        let decision = world.decision(for: first)
        for from in source.instances {
            for to in destination.instances {
                guard let connection = connection(family, from, to) else { continue }
                let verdict = world.decision(for: connection).verdict
                guard verdict != decision.verdict else { continue }
                throw ambiguity((from, to, verdict), decision.verdict)
            }
        }
        return (first, decision)
    }

    /// A remark when the answer for the other address family is another one.
    func otherFamily(than answered: Connection, _ verdict: Verdict) -> [Explanation.Step.Note] {
        families.compactMap { family in
            guard family != answered.source.address.family, let connection = connection(family) else { return nil }
            let other = world.decision(for: connection).verdict
            guard other != verdict else { return nil }
            let name = family == .v4 ? "IPv4" : "IPv6"
            return .init(label: "but", text: "\(other.word) over \(name); ask with the \(name) address to see why")
        }
    }

    /// ICMP goes over IPv4 and ICMPv6 over IPv6 only.
    private var families: [IPAddress.Family] {
        switch request.ipProtocol {
        case .icmp: [.v4]
        case .icmpv6: [.v6]
        default: IPAddress.Family.allCases
        }
    }

    private var protocolRemark: String {
        request.ipProtocol.isICMP ? " (\(request.ipProtocol) needs \(families.first == .v4 ? "IPv4" : "IPv6"))" : ""
    }

    private func connection(_ family: IPAddress.Family) -> Connection? {
        guard let from = source.instances.first, let to = destination.instances.first else { return nil }
        return connection(family, from, to)
    }

    private func connection(
        _ family: IPAddress.Family,
        _ from: PartyFinder.Instance,
        _ to: PartyFinder.Instance
    ) -> Connection? {
        guard let start = from.addresses.first(where: { $0.family == family }),
            let end = to.addresses.first(where: { $0.family == family })
        else { return nil }
        return Connection(
            source: Party(from.kind, address: start),
            destination: Party(to.kind, address: end),
            service: Service(request.ipProtocol, port: request.judgedPort),
            request: facts
        )
    }

    private func ambiguity(
        _ other: (from: PartyFinder.Instance, to: PartyFinder.Instance, verdict: Verdict),
        _ verdict: Verdict
    ) -> ServiceError {
        let first = "\(source.instances[0].name) -> \(destination.instances[0].name)"
        let second = "\(other.from.name) -> \(other.to.name)"
        return ServiceError(
            .badRequest,
            "Instances get different answers: \(first) \(verdict.word), \(second) \(other.verdict.word).",
            fix: "Name the instances."
        )
    }
}
