// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import PolicyEvaluation

/// Policies that permit what was recorded as passed, and nothing else; one for each set of pods that policies can tell apart.
///
/// What was only dropped is never permitted: where it cannot be told apart from something that passed, both stay closed and
/// the reason is listed. Every workload that was recorded is isolated in both directions. The same records give the same
/// bytes, whatever their order.
public struct PolicySuggestion: Sendable {
    /// The kind of object that is written.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case networkPolicy = "NetworkPolicy"
        /// Knows DNS names, entities and ICMP.
        case ciliumNetworkPolicy = "CiliumNetworkPolicy"
    }

    public struct Options: Hashable, Sendable {
        public var kind: Kind
        /// Only policies for pods of this namespace; `nil`: of all.
        public var namespace: String?

        public init(kind: Kind = .networkPolicy, namespace: String? = nil) {
            self.kind = kind
            self.namespace = namespace
        }
    }

    /// One suggested object.
    public struct Document: Hashable, Sendable {
        public var namespace: String
        public var name: String
        /// The workloads that it is for; sorted.
        public var workloads: [String]
        /// YAML of one object, with the evidence as comments.
        public var yaml: String
    }

    /// Why a recorded connection that passed is not permitted.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case labelsUnknown = "the labels of the pods are not known"
        case peerUnknown = "nothing recorded says who the other side was"
        case protocolUnsupported = "this kind of policy cannot name the protocol"
        case peerUnsupported = "this kind of policy cannot name the other side"
        case alsoDropped = "policies cannot tell it apart from a connection that was dropped"
        case namesInvalid = "a name or label is not one that a manifest may have"
    }

    /// A recorded connection that is not permitted at one of its ends.
    public struct LeftOut: Hashable, Sendable {
        public var connection: RecordedConnection
        public var flows: UInt64
        public var reason: Reason
    }

    /// How much of what passed is permitted.
    public struct Coverage: Hashable, Sendable {
        public var connections = 0
        public var allConnections = 0
        public var flows: UInt64 = 0
        public var allFlows: UInt64 = 0
    }

    public let options: Options
    /// Sorted by namespace and name.
    public let documents: [Document]
    /// Sorted by connection.
    public let leftOut: [LeftOut]
    public let coverage: Coverage
    /// Distinct connections that were recorded as dropped and never as passed; none of them is permitted.
    public let droppedOnly: Int

    /// - Parameters:
    ///   - traffic: what was recorded; connections that passed in audit mode count as passed.
    ///   - world: gives the labels of pods where the records have none, and the other pods that selectors must not match.
    /// - Complexity: O(connections + identities² of a namespace).
    public init(_ traffic: RecordedTraffic, world: ResolvedSnapshot? = nil, _ options: Options = Options()) {
        var builder = SuggestionBuilder(traffic, world, options)
        builder.build()
        self.options = options
        documents = builder.documents
        leftOut = builder.leftOut
        coverage = builder.coverage
        droppedOnly = builder.droppedOnly
    }

    /// All objects as one text, each a document of its own.
    public var yaml: String { documents.map(\.yaml).joined(separator: "---\n") }

    /// How much of the passed traffic the policies permit, in a sentence.
    public var coverageSentence: String {
        let kinds = "\(coverage.connections) of \(coverage.allConnections) distinct connections"
        guard coverage.allFlows > 0 else {
            return "No traffic that passed was recorded, so there is nothing to permit."
        }
        let tenths = coverage.flows.multipliedFullWidth(by: 1000)
        let share = coverage.allFlows.dividingFullWidth(tenths).quotient
        let flows = TimeText.grouped(coverage.allFlows)
        return "Covers \(share / 10).\(share % 10) % of \(flows) flows that passed (\(kinds))."
    }
}
