// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

package import NetworkPrimitives
package import PolicyModel

/// A remark about a policy, without its place: code, severity and the one sentence that people read.
///
/// All sentences of findings about policies are here, so that every part of the product says the same.
package struct PolicyRemark: Hashable, Sendable {
    package var code: String
    package var severity: Finding.Severity
    package var message: String

    private init(_ code: String, _ severity: Finding.Severity, _ message: String) {
        self.code = code
        self.severity = severity
        self.message = message
    }

    // MARK: The text and its fields

    package static func unreadable(_ problem: TextProblem) -> Self {
        Self("V101", .error, "Line \(problem.mark.line), column \(problem.mark.column): \(problem.message).")
    }

    package static func unknownField(_ name: String, in path: String, near: String?) -> Self {
        let hint = near.map { " Did you mean \"\($0)\"?" } ?? ""
        return Self("V102", .error, "Unknown field \"\(shown(name))\" in \(path).\(hint)")
    }

    package static func unknownKind(_ kind: String) -> Self {
        let kinds = "NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy"
        return Self("V103", .error, "\"\(shown(kind))\" is not a policy kind Palisade manages. Use \(kinds).")
    }

    package static func wrongVersion(_ version: String, of kind: String, expected: String) -> Self {
        Self(
            "V103",
            .error,
            "\"\(shown(version))\" is not an apiVersion of \(kind) that Palisade reads. Use \(expected)."
        )
    }

    package static func wrongType(_ path: String, expected: String, found: TextNode, quote: Bool) -> Self {
        let found = found.typeDescription
        let hint = quote ? " Put it in quotes." : ""
        return Self("V115", .error, "\(path) must be \(expected), not \(found).\(hint)")
    }

    package static func missing(_ path: String, _ what: String) -> Self {
        Self("V116", .error, "\(path) needs \(what).")
    }

    package static func exclusive(_ path: String, _ names: [String]) -> Self {
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        return Self("V117", .error, "\(path) has \(list), and only one of them may be set. Use separate list items.")
    }

    package static func notAllowed(_ value: String, for path: String, allowed: [String], near: String? = nil) -> Self {
        let hint = near.map { " Did you mean \"\($0)\"?" } ?? ""
        let list = allowed.joined(separator: ", ")
        return Self("V118", .error, "\"\(shown(value))\" is not a value of \(path). Use one of: \(list).\(hint)")
    }

    /// A rule of the format that has no sentence of its own.
    package static func invalid(_ sentence: String) -> Self { Self("V119", .error, sentence) }

    package static func questionable(_ sentence: String) -> Self { Self("V119", .warning, sentence) }

    // MARK: Ports, addresses, labels

    package static func unknownPort(_ text: String) -> Self {
        Self("V104", .error, "Port \"\(shown(text))\" is not a number from 1 to 65535 or a known port name.")
    }

    package static func reversedRange(from start: Int, to end: Int) -> Self {
        Self("V105", .error, "Port range ends (\(end)) before it starts (\(start)).")
    }

    package static func notARange(_ text: String) -> Self {
        Self("V106", .error, "\"\(shown(text))\" is not an IP range. Write it like 10.0.0.0/8 or 2001:db8::/32.")
    }

    package static func exceptionOutside(_ exception: String, _ block: String) -> Self {
        Self("V107", .error, "Exception \(shown(exception)) is not inside \(shown(block)).")
    }

    package static func hostBits(_ text: String, readAs network: String) -> Self {
        Self("V108", .warning, "\(shown(text)) has host bits set. It is read as \(network).")
    }

    package static func badLabel(_ text: String, reason: String) -> Self {
        Self("V109", .error, "Label key/value \"\(shown(text))\" is not valid: \(reason).")
    }

    // MARK: Meaning

    package static func duplicate(_ name: String, in namespace: String) -> Self {
        Self("V110", .error, "A policy named \(shown(name)) already exists in \(shown(namespace)).")
    }

    /// Another object than a policy that occurs twice.
    package static func duplicateObject(_ kind: String, _ name: String, in namespace: String?) -> Self {
        let place = namespace.map { " in namespace \"\(shown($0))\"" } ?? ""
        return .invalid("\(kind) \"\(shown(name))\" already exists\(place).")
    }

    package static let dnsNamesInbound = Self("V111", .error, "DNS names can only be used for outbound rules.")

    package static func needsCilium(_ feature: String) -> Self {
        Self("V112", .error, "\(shown(feature)) needs a CiliumNetworkPolicy.")
    }

    package static func unenforceable(_ feature: String, reason: String) -> Self {
        Self("V113", .error, "This environment cannot enforce \(shown(feature)): \(reason).")
    }

    package static let conditionInDeny = Self(
        "V114",
        .error,
        "Deny rules cannot use HTTP or DNS-name conditions."
    )

    package static func noPodsMatch(_ selector: String, near: String?) -> Self {
        let hint = near.map { " Closest existing value: \(shown($0))." } ?? ""
        return Self("V120", .warning, "No pods match \(shown(selector)).\(hint)")
    }

    package static func noNamespaceMatches(_ selector: String) -> Self {
        Self("V121", .warning, "No namespace has label \(shown(selector)).")
    }

    package static func portNotOpen(_ port: String) -> Self {
        Self("V122", .warning, "Port \(shown(port)) is not open on any pod this rule selects.")
    }

    package static func noPodsInNamespace(_ scope: String) -> Self {
        Self("V126", .warning, "This policy selects no pods: there are none \(shown(scope)).")
    }

    package static func onlyOwnNamespace(_ namespace: String) -> Self {
        Self("V151", .warning, "No namespace given: this matches pods in \(shown(namespace)) only.")
    }

    package static func hostNetworkPods(_ list: String) -> Self {
        Self("V210", .warning, "Host-network pods (\(shown(list))) are not affected by this policy.")
    }

    package static func coveredBy(_ rule: String) -> Self {
        Self("V123", .warning, "This rule is already covered by rule \(rule).")
    }

    package static func neverMatched(_ window: String) -> Self {
        Self("V124", .info, "Never matched in \(shown(window)).")
    }

    package static func neverReached(_ rule: String) -> Self {
        Self("V127", .warning, "This rule is never reached: rule \(rule) comes before it and decides all it matches.")
    }

    package static let redundantPolicy = Self(
        "V128",
        .warning,
        "Removing this policy changes nothing for any pod there is now."
    )

    package static let losesHost = Self(
        "V132",
        .warning,
        "Kubelet health checks come from the host. Inbound becomes restricted and host/health is not allowed."
    )

    package static func coversPods(_ block: String) -> Self {
        Self(
            "V140",
            .warning,
            """
            \(block) covers pod addresses. Cilium does not apply IP ranges to pods it manages; select them by label.
            """
        )
    }

    package static func coversNodes(_ block: String) -> Self {
        Self("V141", .warning, "\(block) covers node addresses; use the entities host or remote-node.")
    }

    package static func conversionLoses(_ what: String, to kind: String) -> Self {
        Self("V180", .error, "As a \(kind) the policy would lose \(what).")
    }

    /// - Parameters:
    ///   - count: other policies that allow the same.
    ///   - isInbound: the direction of the rule.
    ///   - peer: the words for whom the rule allows.
    package static func alsoAllowed(by count: Int, isInbound: Bool, peer: String) -> Self {
        let policies = count == 1 ? "1 other policy also allows" : "\(count) other policies also allow"
        let what = isInbound ? "inbound to" : "outbound from"
        return Self("V160", .info, "\(policies) \(what) these pods; removing this rule will not block \(peer).")
    }

    package static func overriddenByDeny(in policy: String) -> Self {
        Self("V161", .warning, "A deny rule in \(shown(policy)) overrides this allow.")
    }

    /// Something that the form cannot do to the text.
    package static func notEditable(_ reason: String) -> Self {
        Self("V181", .error, "The form cannot change this: \(reason). Edit it in YAML.")
    }

    package static let losesDNS = Self(
        "V130",
        .warning,
        "These pods lose DNS: outbound becomes restricted and no policy allows port 53 to the cluster DNS."
    )

    package static let noDNSProxy = Self(
        "V131",
        .warning,
        """
        DNS-name rules only work if Cilium can see the DNS answers, and no policy for these pods sends DNS through the \
        proxy.
        """
    )

    package static func unknownGroup(_ name: String) -> Self {
        Self("V125", .warning, "No CIDR group is named \"\(shown(name))\", so the rule matches none of its addresses.")
    }

    package static func onlyIPv4(_ text: String) -> Self {
        Self("V142", .warning, "\(text) does not cover IPv6. This environment has IPv6 pods.")
    }

    /// Something that the environment's Cilium does not have yet.
    package static func notBefore(_ since: CiliumVersion, _ feature: String, has: CiliumVersion) -> Self {
        Self("V171", .error, "\(shown(feature)) needs Cilium \(since) or later, and this environment has \(has).")
    }

    /// Something that the environment's Cilium has no more.
    package static func gone(_ feature: String, since: CiliumVersion, has: CiliumVersion, instead: String = "") -> Self
    {
        let instead = instead.isEmpty ? "" : " \(instead)"
        return Self(
            "V171",
            .error,
            "\(shown(feature)) was removed in Cilium \(since), and this environment has \(has).\(instead)"
        )
    }

    /// Something that the environment's Cilium reads otherwise than later ones.
    package static func readsDifferently(_ version: CiliumVersion, _ sentence: String) -> Self {
        Self("V172", .warning, "Cilium \(version) reads this differently: \(sentence).")
    }

    /// A selector that only excludes, where selectors do not mean the local cluster.
    package static func excludingSelector(_ version: CiliumVersion) -> Self {
        .readsDifferently(version, "the selector only excludes, so it matches the host and addresses outside too")
    }

    /// A part of a NetworkPolicy that means one thing to Kubernetes and another to Cilium.
    package static func enginesDiffer(_ what: String, _ severity: Finding.Severity) -> Self {
        Self("V170", severity, "Kubernetes and Cilium read \(what) differently.")
    }

    /// A peer of an ordered policy of which no field is known.
    package static func unknownPeer(_ name: String?, closes action: RuleAction) -> Self {
        let what = name.map { "Peer \"\(shown($0))\" is of a kind that Palisade does not know" } ?? "This peer is empty"
        return Self(
            "V173",
            .warning,
            "\(what), so the rule \(action == .allow ? "matches nothing" : "denies everything")."
        )
    }

    package static let separateSelectors = Self(
        "V150",
        .warning,
        """
        Namespace and pod selector are separate list items, so this means "or". To require both, put them in one item.
        """
    )

    package static let emptyRuleAllowsAll = Self(
        "V201",
        .warning,
        "In NetworkPolicy an empty rule allows everything."
    )

    package static let emptyRuleAllowsNothing = Self(
        "V202",
        .info,
        "In CiliumNetworkPolicy an empty rule allows nothing and turns on default deny."
    )
}

extension PolicyRemark {
    /// What either engine does with a section that `policyTypes` does not name.
    package static func notesOnSections(_ direction: Direction) -> [Finding.Note] {
        let (name, type, bound) =
            direction == .ingress ? ("ingress", "Ingress", "inbound") : ("egress", "Egress", "outbound")
        return [
            Finding.Note("Kubernetes ignores \"\(name)\", because policyTypes does not name \(type)."),
            Finding.Note("Cilium restricts \(bound) to the rules of \"\(name)\", whatever policyTypes says."),
        ]
    }

    /// What either engine matches with a namespace selector of negations, where selectors mean no cluster.
    package static let notesOnExcludingSelector = [
        Finding.Note("Kubernetes matches pods only."),
        Finding.Note(
            "Cilium matches the host and addresses outside too, because they have none of the excluded labels."
        ),
    ]

    /// What either engine matches with an `ipBlock`; `known` is somebody's address for whom it makes a difference.
    package static func notesOnBlock(_ reach: CIDRPeer.Reach, _ known: IPAddress?) -> [Finding.Note] {
        let whom =
            switch reach {
            case .world: "addresses outside the cluster, and no pod or node"
            case .worldAndNodes: "addresses outside the cluster and nodes, and no pod"
            case .worldAndEndpoints: "addresses outside the cluster and pods, and no node"
            case .anyParty: "whoever has the address"
            }
        let example = known.map { "; \($0) is such an address" } ?? ""
        return [
            Finding.Note("Kubernetes matches whoever has the address, pods and nodes too\(example)."),
            Finding.Note("Cilium matches \(whom)."),
        ]
    }
}

extension PolicyRemark {
    /// The remark at a place.
    package func finding(at location: SourceLocation, notes: [Finding.Note] = []) -> Finding {
        Finding(code, severity, message, at: location, notes: notes)
    }
}
