// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// One thing that somebody does in the form of a policy; parts are named by the ids of `PolicyForm`.
public enum FormEdit: Hashable, Sendable, Codable {
    /// Of a new policy; the name of one that exists is what it is known by.
    case setName(name: String)
    case setNamespace(namespace: String)
    /// `nil` takes it away.
    case setDescription(text: String?)
    /// `nil` takes it away.
    case setAnnotation(key: String, value: String?)

    case setState(direction: Direction, state: FormSection.State)

    case addRule(direction: Direction, action: RuleAction, rule: RuleDraft)
    case removeRule(id: String)
    case duplicateRule(id: String)
    /// By so many places down; up when negative.
    case moveRule(id: String, by: Int)
    case setAction(id: String, action: RuleAction)

    case addPeer(rule: String, peer: PeerValue)
    case setPeer(id: String, peer: PeerValue)
    case removePeer(id: String)

    /// `selector` is the id of a selector: `subject`, `inbound.1.peers.0.pods`, `inbound.1.peers.0.namespaces`.
    case addTest(selector: String, test: LabelTest)
    case setTest(id: String, test: LabelTest)
    case removeTest(id: String)

    case addPort(rule: String, port: PortValue)
    case setPort(id: String, port: PortValue)
    case removePort(id: String)

    case addHTTP(rule: String, http: HTTPValue)
    case setHTTP(id: String, http: HTTPValue)
    case removeHTTP(id: String)

    case addDNS(rule: String, dns: DNSValue)
    case setDNS(id: String, dns: DNSValue)
    case removeDNS(id: String)

    case addICMP(rule: String, icmp: ICMPValue)
    case setICMP(id: String, icmp: ICMPValue)
    case removeICMP(id: String)

    /// The part that the edit is about; `nil` for one of the policy as a whole.
    public var partID: String? {
        switch self {
        case .setName, .setNamespace, .setDescription, .setAnnotation, .setState, .addRule: nil
        case .removeRule(let id), .duplicateRule(let id), .moveRule(let id, _), .setAction(let id, _),
            .addPeer(let id, _), .setPeer(let id, _), .removePeer(let id), .addTest(let id, _), .setTest(let id, _),
            .removeTest(let id), .addPort(let id, _), .setPort(let id, _), .removePort(let id), .addHTTP(let id, _),
            .setHTTP(let id, _), .removeHTTP(let id), .addDNS(let id, _), .setDNS(let id, _), .removeDNS(let id),
            .addICMP(let id, _), .setICMP(let id, _), .removeICMP(let id):
            id
        }
    }
}

/// What came of an edit.
public enum FormOutcome: Hashable, Sendable {
    /// The whole text, changed where it had to be.
    case edited([UInt8])
    /// Nothing is changed until somebody says that this is meant.
    case question(FormQuestion)
    /// Nothing is changed; why, with the value.
    case refused([Finding])
}

/// A consequence of an edit that somebody may not have thought of.
public struct FormQuestion: Hashable, Sendable, Codable {
    public enum Consequence: String, Hashable, Sendable, Codable, CaseIterable {
        /// The last rule of a restricted direction goes.
        case deniesAll = "denies-all"
        /// A rule that was about some peers would be about everyone.
        case allowsEveryone = "allows-everyone"
        case allowsEveryPort = "allows-every-port"
        case allowsEveryRequest = "allows-every-request"
        /// A selector would select everything.
        case selectsEverything = "selects-everything"
    }

    public var consequence: Consequence
    public var direction: Direction?
    /// What the form offers instead.
    public var alternatives: [FormEdit]

    public init(_ consequence: Consequence, _ direction: Direction?, alternatives: [FormEdit] = []) {
        self.consequence = consequence
        self.direction = direction
        self.alternatives = alternatives
    }

    /// What to ask.
    ///
    /// - Parameter pods: how many pods the policy applies to; `nil` where that is not known.
    public func sentence(pods: Int? = nil) -> String {
        let word = direction == .egress ? "outbound" : "inbound"
        switch consequence {
        case .deniesAll:
            let whom = pods.map { " for \($0) \($0 == 1 ? "pod" : "pods")" } ?? ""
            return
                "Removing this rule leaves \(word) set to \"Deny all\"\(whom). Set to Not restricted instead?"
        case .allowsEveryone: return "Without this, the rule is about everyone \(word). Is that what you mean?"
        case .allowsEveryPort: return "Without this, the rule is about every port. Is that what you mean?"
        case .allowsEveryRequest: return "Without this, every request on these ports is allowed. Is that what you mean?"
        case .selectsEverything: return "Without this, the selector selects everything. Is that what you mean?"
        }
    }
}
