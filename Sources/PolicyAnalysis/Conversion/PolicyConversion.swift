// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyEvaluation
public import PolicyFormats
public import PolicyModel

/// A policy in the other format, when its meaning stays.
///
/// What is written is read again and compared with the original by meaning before it is given out; a policy that the other
/// format cannot say is not converted, and findings say what would be lost.
public struct PolicyConversion: Sendable {
    /// The format to write.
    public enum Target: String, Hashable, Sendable, CaseIterable {
        /// CiliumNetworkPolicy.
        case cilium
        /// NetworkPolicy.
        case kubernetes

        /// The kind of the objects that are written.
        public var kind: PolicyKind { self == .cilium ? .ciliumNetworkPolicy : .networkPolicy }
    }

    /// The new object as YAML; `nil` when the meaning would change.
    public var text: String?
    /// What the other format cannot say, at its place.
    public var findings: [Finding]

    /// Converts one policy.
    ///
    /// Comments right above the object and above its rules are kept, as are labels and annotations.
    /// - Parameters:
    ///   - policy: as read from `document` with `options`.
    ///   - document: where it was read from, for what the model does not hold.
    ///   - target: the format to write.
    ///   - options: how the environment reads policies: `semantics` decides what an `ipBlock` means.
    /// - Complexity: linear in the document.
    public init(_ policy: Policy, from document: SourceDocument, to target: Target, options: PolicyDecoder.Options) {
        var losses: [Finding] = []
        let kind = target.kind
        guard policy.id.kind != kind else {
            text = nil
            findings = [
                PolicyRemark.invalid("\(shown("\(policy.id)")) is a \(kind.rawValue) already.").finding(
                    at: policy.location
                )
            ]
            return
        }
        let source = ConversionSource(document, policy)
        let object: JSONValue?
        switch target {
        case .cilium: object = CiliumConversion(policy, source).object(&losses)
        case .kubernetes: object = KubernetesConversion(policy, source).object(&losses)
        }
        guard let object, losses.isEmpty else {
            text = nil
            findings = losses.sorted { ($0.location, $0.message) < ($1.location, $1.message) }
            return
        }
        let text =
            source.comments(above: policy.location, indent: "") + BlockText.yaml(object, comments: source.ruleComments)
        guard Self.meansTheSame(text, policy, options) else {
            self.text = nil
            let remark = PolicyRemark.conversionLoses("how it is written", to: kind.rawValue)
            findings = [remark.finding(at: policy.location)]
            return
        }
        self.text = text
        findings = []
    }

    private static func meansTheSame(_ text: String, _ policy: Policy, _ options: PolicyDecoder.Options) -> Bool {
        let decoded = PolicyDecoder(options).decode(SourceDocument(name: "converted", bytes: Array(text.utf8)))
        guard !decoded.hasErrors, decoded.policies.count == 1, let other = decoded.policies.first,
            other.id.name == policy.id.name, other.id.namespace == policy.id.namespace, other.mode == policy.mode
        else { return false }
        return PolicyMeaning(other) == PolicyMeaning(policy)
    }
}
