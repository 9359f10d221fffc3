// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// What one document holds, and all remarks about it.
public struct DecodedDocument: Sendable {
    /// The document's name.
    public var name: String
    /// In the order of the text.
    ///
    /// Empty when the document has an error, unless objects that are wrong are left out (`RejectedObjects`).
    public var policies: [Policy]
    /// In the order of the text; empty like `policies`.
    public var cidrGroups: [CIDRGroup]
    /// In the order of the text, at most `TextLimits.findings`.
    public var findings: [Finding]
    /// Findings past the limit, which were only counted.
    public var omittedFindings: Int
    /// Whether any finding is an error.
    public var hasErrors: Bool
    /// Whether the text itself cannot be read, so that nobody knows what is in it.
    public var isUnreadable: Bool
    /// Objects of other kinds that were passed over.
    public var passedOver: Int
}

extension DecodedDocument {
    /// A document that could not be read at all.
    public init(name: String, refusedBy finding: Finding) {
        self.init(
            name: name,
            policies: [],
            cidrGroups: [],
            findings: [finding],
            omittedFindings: 0,
            hasErrors: true,
            isUnreadable: true,
            passedOver: 0
        )
    }
}

/// Reads policies from YAML or JSON text.
///
/// Pure and deterministic: the same bytes give the same result. For NetworkPolicy the rules and defaults of the Kubernetes
/// API server apply (networking.k8s.io/v1), for the Cilium kinds those of the Cilium that `Options.cilium` names.
///
/// ```swift
/// let decoded = PolicyDecoder().decode(SourceDocument(name: "web.yaml", bytes: bytes))
/// decoded.findings.forEach { print($0) }   // web.yaml:14:9: error: [V104] …
/// ```
/// - Complexity: linear in bytes and expanded values, both bounded by the limits.
public struct PolicyDecoder: Sendable {
    /// What to do with objects that are no policies.
    public enum OtherKinds: Sendable {
        /// Each is an error: the document is meant to hold policies only.
        case refused
        /// They are counted and passed over: the document may hold any manifests.
        case passedOver
    }

    /// What to do with AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy.
    public enum TieredPolicies: Sendable {
        /// Each is an error: the environment cannot enforce them.
        case refused
        case read
    }

    /// What to do with a peer of an ordered policy that no known field says.
    public enum UnknownPeers: Sendable {
        /// It is an error: the text is wrong.
        case refused
        /// Its rule closes, and a warning says so: the object comes from a cluster whose API is newer. A rule that allows
        /// matches nothing, one that denies or passes denies everything.
        case closed
    }

    /// What to do with a policy object that is wrong.
    public enum RejectedObjects: Sendable {
        /// Nothing of its document is taken: a file is taken as a whole or not at all.
        case refuseDocument
        /// It is left out, as an engine leaves it out that reads objects one by one; its findings stay.
        case leftOut
    }

    public struct Options: Sendable {
        /// The namespace of objects that name none.
        public var defaultNamespace: String
        public var otherKinds: OtherKinds
        public var limits: TextLimits
        public var tieredPolicies: TieredPolicies
        public var unknownPeers: UnknownPeers
        public var rejected: RejectedObjects
        /// How NetworkPolicy is read.
        public var semantics: PolicySemantics
        /// How Cilium's kinds are read, and with `PolicySemantics.cilium` also NetworkPolicy.
        public var cilium: CiliumSettings

        public init(
            defaultNamespace: String = "default",
            otherKinds: OtherKinds = .refused,
            limits: TextLimits = TextLimits(),
            tieredPolicies: TieredPolicies = .refused,
            unknownPeers: UnknownPeers = .refused,
            rejected: RejectedObjects = .refuseDocument,
            semantics: PolicySemantics = .kubernetes,
            cilium: CiliumSettings = CiliumSettings()
        ) {
            self.defaultNamespace = defaultNamespace
            self.otherKinds = otherKinds
            self.limits = limits
            self.tieredPolicies = tieredPolicies
            self.unknownPeers = unknownPeers
            self.rejected = rejected
            self.semantics = semantics
            self.cilium = cilium
        }
    }

    /// Policies of other makers and APIs: without them every answer about the world would be wrong, so they are never
    /// passed over.
    private static let foreignPolicyKinds: Set<String> = [
        "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "GlobalNetworkPolicy",
    ]

    public var options: Options

    public init(_ options: Options = Options()) { self.options = options }

    public func decode(_ document: SourceDocument) -> DecodedDocument {
        decode(document) { _, _ in }
    }

    /// Decodes, and hands objects of other kinds to `other` with their kind.
    func decode(_ document: SourceDocument, other: (String, Field) -> Void) -> DecodedDocument {
        let collector = FindingCollector(document: document, limit: options.limits.findings)
        var result = DecodedObjects(options: options)
        let problem = TextReader.read(document.bytes, limits: options.limits) { root in
            collector.paths = FieldPaths()
            let field = Field(root: root, collector)
            result.add(field, inherited: nil) { kind, object in
                other(kind, object)
                if options.otherKinds == .refused || Self.foreignPolicyKinds.contains(kind) {
                    (object.anyObject()?["kind"] ?? object).report(.unknownKind(kind))
                }
            }
            return collector.omitted < 10 * options.limits.findings
        }
        if let problem { collector.report(problem) }
        let isTaken = !collector.hasErrors || (options.rejected == .leftOut && problem == nil)
        return DecodedDocument(
            name: document.name,
            policies: isTaken ? result.policies : [],
            cidrGroups: isTaken ? result.cidrGroups : [],
            findings: collector.findings.sorted { $0.location < $1.location },
            omittedFindings: collector.omitted,
            hasErrors: collector.hasErrors,
            isUnreadable: problem != nil,
            passedOver: result.otherCount
        )
    }
}
