// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// What of recorded traffic a reader may see, and flows as that reader sees them.
///
/// A flow is seen by whoever sees one of its ends. Of an endpoint in a namespace that is not seen only kind, namespace and
/// workload are left; policies that are not seen lose their names. Everything that is asked about flows is asked about
/// what this gives, so that no answer depends on the rest.
public struct FlowView: Hashable, Sendable {
    /// `nil` sees everything; empty sees nothing.
    public let namespaces: Set<String>?

    public static let all = FlowView(namespaces: nil)

    public init(namespaces: Set<String>?) { self.namespaces = namespaces }

    public func sees(_ namespace: String?) -> Bool {
        guard let namespaces else { return true }
        return namespace.map(namespaces.contains) ?? false
    }

    /// Whether a policy's name may be told: `shop/allow-web` in its namespace, a cluster-wide one to who sees everything.
    public func sees(policy name: String) -> Bool {
        guard namespaces != nil else { return true }
        return name.firstIndex(of: "/").map { sees(String(name[..<$0])) } ?? false
    }

    /// The flow as the reader sees it; `nil` when neither end is seen.
    public func seen(_ flow: Flow) -> Flow? {
        guard namespaces != nil else { return flow }
        guard sees(flow.source.namespace) || sees(flow.destination.namespace) else { return nil }
        var flow = flow
        flow.source = seen(flow.source)
        flow.destination = seen(flow.destination)
        flow.decision = seen(flow.decision)
        return flow
    }

    /// The kind of connection as the reader sees it; `nil` when neither end is seen.
    ///
    /// Several may become one.
    public func seen(_ key: FlowKey) -> FlowKey? {
        guard namespaces != nil else { return key }
        guard sees(key.source.namespace) || sees(key.destination.namespace) else { return nil }
        return hidesNothing(of: key.decision) ? key : key.decided(by: seen(key.decision))
    }

    private func hidesNothing(of decision: Flow.Decision) -> Bool {
        decision.policy.map(sees(policy:)) ?? true && decision.isolatedBy.allSatisfy(sees(policy:))
    }

    private func seen(_ party: Flow.Party) -> Flow.Party {
        // Addresses outside are what the seen end talks to; they belong to no namespace.
        guard !sees(party.namespace), party.kind != .world else { return party }
        var masked = Flow.Party(
            kind: party.kind,
            // An unknown address is all there is to say about such a party, and it is no endpoint's.
            address: party.kind == .unknown ? party.address : IPAddress(family: party.address.family, bits: 0),
            namespace: party.namespace,
            workload: party.workload
        )
        masked.isMasked = party.kind != .unknown
        return masked
    }

    /// The decision without the names of policies that are not seen.
    public func seen(_ decision: Flow.Decision) -> Flow.Decision {
        guard namespaces != nil else { return decision }
        var result = decision
        if let policy = decision.policy, !sees(policy: policy) {
            (result.policy, result.rule, result.isPartlyHidden) = (nil, nil, true)
        }
        result.isolatedBy = decision.isolatedBy.filter(sees(policy:))
        if result.isolatedBy.count < decision.isolatedBy.count { result.isPartlyHidden = true }
        return result
    }
}
