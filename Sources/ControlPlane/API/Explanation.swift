// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyEvaluation
public import PolicyModel

/// The question of `palisade explain`.
public struct ExplainRequest: Hashable, Sendable, Codable {
    /// `namespace/workload`, `namespace/container`, an IP address, `host` or `world`.
    public var source: String
    public var destination: String
    /// `nil` for protocols without ports.
    ///
    /// For ICMP the message type; `nil` there is an echo request.
    public var port: UInt16?
    public var ipProtocol: IPProtocol
    /// The HTTP request, `GET /path`; only an engine that checks requests looks at it.
    public var http: String?
    /// The DNS name of the destination, or that is looked up.
    public var dnsName: String?

    public init(
        source: String,
        destination: String,
        port: UInt16?,
        ipProtocol: IPProtocol,
        http: String? = nil,
        dnsName: String? = nil
    ) {
        self.source = source
        self.destination = destination
        self.port = port
        self.ipProtocol = ipProtocol
        self.http = http
        self.dnsName = dnsName
    }
}

extension ExplainRequest {
    /// The port that is judged: for ICMP without a type that of an echo request (RFC 792, RFC 4443).
    var judgedPort: UInt16 {
        switch (port, ipProtocol) {
        case (let port?, _): port
        case (nil, .icmp): 8
        case (nil, .icmpv6): 128
        case (nil, _): 0
        }
    }
}

/// The answer of `palisade explain`: the decision in numbered steps.
public struct Explanation: Hashable, Sendable, Codable {
    /// One numbered line: `4 inbound  NOT ALLOWED  data/db-deny isolates data/db; it does not allow shop/web`.
    public struct Step: Hashable, Sendable, Codable {
        /// A line under the step, without a number: `closest  data/db-allow inbound/1 allows 5432/TCP from app=api`.
        public struct Note: Hashable, Sendable, Codable {
            public var label: String
            public var text: String

            public init(label: String, text: String) {
                self.label = label
                self.text = text
            }
        }

        /// `source`, `destination`, `outbound`, `inbound`, `mode`, `verdict`.
        public var label: String
        /// `allowed`, `NOT ALLOWED`, `blocking`, `DROPPED`, or the name.
        public var result: String
        public var text: String
        public var notes: [Note]

        public init(label: String, result: String, text: String, notes: [Note] = []) {
            self.label = label
            self.result = result
            self.text = text
            self.notes = notes
        }
    }

    /// A policy that has a say, with the rules of it that match.
    public struct PolicyPart: Hashable, Sendable, Codable {
        public struct RulePart: Hashable, Sendable, Codable {
            /// `inbound/1`.
            public var name: String
            public var action: RuleAction
            public var location: SourceLocation

            public init(name: String, action: RuleAction, location: SourceLocation) {
                self.name = name
                self.action = action
                self.location = location
            }
        }

        /// `namespace/name`.
        public var policy: String
        public var direction: Direction
        public var isolates: Bool
        public var mode: Mode
        public var location: SourceLocation
        public var matchingRules: [RulePart]

        public init(
            policy: String,
            direction: Direction,
            isolates: Bool,
            mode: Mode,
            location: SourceLocation,
            matchingRules: [RulePart]
        ) {
            self.policy = policy
            self.direction = direction
            self.isolates = isolates
            self.mode = mode
            self.location = location
            self.matchingRules = matchingRules
        }
    }

    /// What was really seen of the connection.
    public struct Observed: Hashable, Sendable, Codable {
        /// Flows with the verdict of this answer.
        public var agreeing: UInt64
        /// Flows with another one.
        public var disagreeing: UInt64
        public var since: Timestamp

        public init(agreeing: UInt64, disagreeing: UInt64, since: Timestamp) {
            self.agreeing = agreeing
            self.disagreeing = disagreeing
            self.since = since
        }

        /// `agrees with 1204 flows since 13:55`, with the time as the caller writes it.
        public func sentence(since time: String) -> String {
            let all = agreeing + disagreeing
            if all == 0 { return "no such flow has been recorded since \(time)" }
            let flows = all == 1 ? "1 flow" : "\(all) flows"
            if disagreeing == 0 { return "agrees with \(flows) since \(time)" }
            return "disagrees with \(disagreeing) of \(flows) since \(time): report this"
        }
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Explanation"
    public var request: ExplainRequest
    public var revision: UInt64
    public var verdict: Verdict
    public var decision: FlowItem.Decision
    public var steps: [Step]
    public var policies: [PolicyPart]
    /// `nil` where nothing is recorded: manifests, or a question about any address outside.
    @OrNull public var observed: Observed?
    /// Whether rules about requests decide further.
    public var l7: Bool
    /// What the verdict depends on and nobody said; empty when it is certain.
    public var dependsOn: [Uncertainty]
    /// Set when one side is the host: what becomes of the host's traffic, and which setting says so.
    @OrNull public var hostTraffic: String?
    /// A command or sentence that would change the verdict; `nil` when there is nothing to do.
    @OrNull public var advice: String?
    /// The smallest rule that would allow it, as an item of a list in YAML; `nil` where a rule cannot say it.
    @OrNull public var rule: String?

    public init(
        request: ExplainRequest,
        revision: UInt64,
        verdict: Verdict,
        decision: FlowItem.Decision,
        steps: [Step],
        policies: [PolicyPart] = [],
        observed: Observed? = nil,
        l7: Bool = false,
        dependsOn: [Uncertainty] = [],
        hostTraffic: String? = nil,
        advice: String? = nil,
        rule: String? = nil
    ) {
        self.request = request
        self.revision = revision
        self.verdict = verdict
        self.decision = decision
        self.steps = steps
        self.policies = policies
        self.observed = observed
        self.l7 = l7
        self.dependsOn = dependsOn
        self.hostTraffic = hostTraffic
        self.advice = advice
        self.rule = rule
    }
}
