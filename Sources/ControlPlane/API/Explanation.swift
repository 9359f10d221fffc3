// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// The question of `palisade explain`.
public struct ExplainRequest: Hashable, Sendable, Codable {
    /// `namespace/workload`, `namespace/container`, an IP address, `host` or `world`.
    public var source: String
    public var destination: String
    /// `nil` for protocols without ports.
    ///
    /// For ICMP the message type.
    public var port: UInt16?
    public var ipProtocol: IPProtocol

    public init(source: String, destination: String, port: UInt16?, ipProtocol: IPProtocol) {
        self.source = source
        self.destination = destination
        self.port = port
        self.ipProtocol = ipProtocol
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

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Explanation"
    public var request: ExplainRequest
    public var revision: UInt64
    public var verdict: Verdict
    public var decision: FlowItem.Decision
    public var steps: [Step]
    public var policies: [PolicyPart]
    /// Set when one side is the host: what becomes of the host's traffic, and which setting says so.
    @OrNull public var hostTraffic: String?
    /// A command or sentence that would change the verdict; `nil` when there is nothing to do.
    @OrNull public var advice: String?

    public init(
        request: ExplainRequest,
        revision: UInt64,
        verdict: Verdict,
        decision: FlowItem.Decision,
        steps: [Step],
        policies: [PolicyPart] = [],
        hostTraffic: String? = nil,
        advice: String? = nil
    ) {
        self.request = request
        self.revision = revision
        self.verdict = verdict
        self.decision = decision
        self.steps = steps
        self.policies = policies
        self.hostTraffic = hostTraffic
        self.advice = advice
    }
}
