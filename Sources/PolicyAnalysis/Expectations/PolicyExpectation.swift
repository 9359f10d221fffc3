// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyEvaluation
public import PolicyModel

/// One line of a policy test: who must be able to reach whom, or must not.
public struct PolicyExpectation: Hashable, Sendable {
    /// One end.
    public enum End: Hashable, Sendable {
        case name(PartyName)
        /// Every pod of a namespace, or of all, that has the labels.
        case pods(namespace: String?, labels: [String: String])
    }

    /// What must be so of every pair of a source and a destination.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// It passes, at least for some requests where rules about requests decide and none is given.
        case allowed
        case dropped
        /// It depends on something that the world does not say.
        case uncertain
    }

    public var from: End
    public var to: End
    /// `nil`: every protocol and port at once; allowed then means all of them, dropped means none.
    public var service: Service?
    public var request: RequestFacts
    public var expected: Outcome
    /// Why it must be so; shown when it is not.
    public var reason: String?
    public var location: SourceLocation

    public init(
        from: End,
        to: End,
        service: Service? = nil,
        request: RequestFacts = RequestFacts(),
        expected: Outcome,
        reason: String? = nil,
        location: SourceLocation
    ) {
        self.from = from
        self.to = to
        self.service = service
        self.request = request
        self.expected = expected
        self.reason = reason
        self.location = location
    }
}

extension PolicyExpectation.End {
    /// Everyone that is meant.
    /// - Complexity: O(endpoints).
    public func parties(in world: ResolvedSnapshot) -> [Party] {
        switch self {
        case .name(let name): return name.parties(in: world)
        case .pods(let namespace, let labels):
            let indices = world.snapshot.endpoints.indices.filter { index in
                let endpoint = world.snapshot.endpoints[index]
                return (namespace.map { $0 == endpoint.namespace } ?? true)
                    && labels.allSatisfy { endpoint.labels[$0.key] == $0.value }
            }
            return indices.flatMap { world.parties(ofEndpoint: $0) }
        }
    }

    /// `shop/web`, `pods with app=web in namespace shop`; as written, not escaped.
    public var text: String {
        switch self {
        case .name(.endpoint(let namespace, let name)): return "\(namespace)/\(name)"
        case .name(.address(let address)): return "\(address)"
        case .name(.entity(let entity)): return entity.rawValue
        case .pods(let namespace, let labels):
            let with = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
            let scope = namespace.map { " in namespace \($0)" } ?? " in any namespace"
            return (with.isEmpty ? "pods" : "pods with \(with)") + scope
        }
    }
}

extension PolicyExpectation {
    /// `shop/web -> data/db 5432/TCP`; as written, not escaped.
    public var text: String {
        var result = "\(from.text) -> \(to.text)"
        if let service { result += " \(service)" }
        if let http = request.http {
            result += " HTTP \(http.method) \(http.path)" + (http.host.map { " \($0)" } ?? "")
        }
        if let name = request.dnsQuery { result += " DNS \(name)" }
        return result
    }
}
