// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// What Rule mode shows of one policy of a text: every part that a form can express, and locked blocks for the others.
///
/// The text stays the document. Each part says where it stands in it and has an id that edits name; ids hold as long as
/// the text does.
public struct PolicyForm: Hashable, Sendable, Codable {
    public var policyKind: PolicyKind
    /// `nil` where the text has none that is a string.
    public var name: String?
    public var namespace: String?
    /// `spec.description` of Cilium's kinds.
    public var description: String?
    public var annotations: [String: String]
    public var subject: FormSelector
    public var inbound: FormSection
    public var outbound: FormSection
    /// What concerns the policy as a whole and cannot be edited here.
    public var locked: [LockedBlock]

    public func section(_ direction: Direction) -> FormSection { direction == .ingress ? inbound : outbound }

    /// All locked blocks, in the order of the text.
    public var allLocked: [LockedBlock] {
        let sections = [inbound, outbound].flatMap { section in
            section.locked
                + section.rules.flatMap { rule in rule.locked + rule.peers.flatMap { $0.selectors.flatMap(\.locked) } }
        }
        return (locked + subject.locked + sections).sorted { $0.part.span.start < $1.part.span.start }
    }
}

/// A place in a text.
public struct TextSpan: Hashable, Sendable, Codable {
    /// First byte, from 0.
    public var start: Int
    /// Just past the last byte.
    public var end: Int
    /// 1-based.
    public var firstLine: Int
    public var lastLine: Int

    public init(start: Int, end: Int, firstLine: Int, lastLine: Int) {
        self.start = start
        self.end = end
        self.firstLine = firstLine
        self.lastLine = lastLine
    }
}

/// A part of a form: its name for edits, and where it stands.
public struct FormPart: Hashable, Sendable, Codable {
    /// `inbound.1.ports.0`, `outbound-deny.2.peers.0.labels.1`, `subject`; rules count from 1 as decisions name them, what is
    /// inside of them from 0.
    public var id: String
    /// `spec.ingress[0].ports[0]`.
    public var path: String
    public var span: TextSpan
}

/// Something that the form shows and cannot edit.
public struct LockedBlock: Hashable, Sendable, Codable {
    public var part: FormPart
    /// `HTTP header match`.
    public var title: String
    /// One sentence.
    public var description: String
}

/// A selector, test by test; all have to pass.
public struct FormSelector: Hashable, Sendable, Codable {
    public struct Test: Hashable, Sendable, Codable {
        public var part: FormPart
        public var test: LabelTest
    }

    public var part: FormPart
    /// `[]`: it selects everything.
    public var tests: [Test]
    public var locked: [LockedBlock]
}

/// One direction of a policy.
public struct FormSection: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case notRestricted = "not-restricted"
        case restricted
        case denyAll = "deny-all"
        /// There are rules, and what they do not allow is not dropped by this policy.
        case additive
    }

    public var direction: Direction
    public var state: State
    /// Allow rules in the order of the text, then deny rules.
    public var rules: [FormRule]
    public var locked: [LockedBlock]

    /// What the state means, as the form says it.
    public var consequence: String {
        let word = direction == .ingress ? "inbound" : "outbound"
        switch state {
        case .notRestricted: return "This policy does not limit \(word) traffic."
        case .restricted: return "Only the rules below are allowed \(word)."
        case .denyAll: return "No \(word) traffic is allowed by this policy."
        case .additive: return "The rules below are allowed \(word); this policy drops nothing else."
        }
    }
}

/// One rule.
public struct FormRule: Hashable, Sendable, Codable {
    /// Whom a rule without listed peers is about.
    public enum Whom: String, Hashable, Sendable, Codable, CaseIterable {
        case listed, anyone, nobody
    }

    public struct Port: Hashable, Sendable, Codable {
        public var part: FormPart
        public var value: PortValue
        /// Ports and conditions of one group belong together; from 0.
        public var group: Int
    }

    public struct HTTP: Hashable, Sendable, Codable {
        public var part: FormPart
        public var value: HTTPValue
        public var group: Int
    }

    public struct DNS: Hashable, Sendable, Codable {
        public var part: FormPart
        public var value: DNSValue
        public var group: Int
    }

    public struct ICMP: Hashable, Sendable, Codable {
        public var part: FormPart
        public var value: ICMPValue
    }

    public var part: FormPart
    /// From 1, in its list.
    public var number: Int
    public var action: RuleAction
    public var whom: Whom
    /// Any of them.
    public var peers: [FormPeer]
    /// Any of them; `[]` is every port unless `icmp` has something.
    public var ports: [Port]
    public var http: [HTTP]
    public var dns: [DNS]
    public var icmp: [ICMP]
    public var locked: [LockedBlock]
}

/// One other side of a rule, with its parts.
public struct FormPeer: Hashable, Sendable, Codable {
    public var part: FormPart
    /// The list it is in: `from`, `toEndpoints`.
    public var field: String
    public var value: PeerValue
    /// Of pods: the selector of pods, and in a NetworkPolicy that of namespaces.
    public var pods: FormSelector?
    public var namespaces: FormSelector?

    /// What tests can be edited in.
    public var selectors: [FormSelector] { [namespaces, pods].compactMap { $0 } }
}
