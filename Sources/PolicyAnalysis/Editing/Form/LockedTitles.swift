// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What the form calls parts that it cannot edit.
enum LockedTitles {
    /// Title and sentence for a key; one that the formats do not know is said to be unknown.
    static func words(_ key: String, unknownIn owner: String?) -> (title: String, description: String) {
        if let known = known[key] { return known }
        let name = Escaped.plain(key)
        guard let owner else { return (name, "This is not written in the way the form reads it.") }
        return ("Unknown field \(name)", "\(Escaped.plain(owner)) has no field \"\(name)\".")
    }

    private static let known: [String: (title: String, description: String)] = [
        "specs": ("Further rule sets", "This policy has a list of rule sets; the form shows a single one."),
        "nodeSelector": ("Nodes", "This policy applies to nodes, which the form cannot select."),
        "labels": ("Rule labels", "Labels of the rule set itself."),
        "log": ("Log text", "A text that Cilium adds to its log."),
        "endpointSelector": ("Subject", "Who this policy applies to, in the words of another kind."),
        "podSelector": ("Subject", "Who this policy applies to, in the words of another kind."),
        "fromRequires": ("Required peers", "Labels that peers of other rules need as well."),
        "toRequires": ("Required peers", "Labels that peers of other rules need as well."),
        "authentication": ("Mutual authentication", "Connections have to be authenticated on both sides."),
        "fromNodes": ("Nodes by label", "Cluster nodes whose labels match."),
        "toNodes": ("Nodes by label", "Cluster nodes whose labels match."),
        "fromGroups": ("Cloud security groups", "Members of security groups of a cloud provider."),
        "toGroups": ("Cloud security groups", "Members of security groups of a cloud provider."),
        "cidrGroupRef": ("CIDR group", "The address blocks of a CiliumCIDRGroup."),
        "cidrGroupSelector": ("CIDR groups", "The address blocks of every CiliumCIDRGroup whose labels match."),
        "k8sServiceSelector": ("Services by label", "Kubernetes Services whose labels match."),
        "terminatingTLS": ("TLS termination", "The proxy decrypts what comes in."),
        "originatingTLS": ("TLS origination", "The proxy encrypts what goes out."),
        "serverNames": ("TLS server names", "Only TLS connections to these server names."),
        "listener": ("Proxy listener", "Connections go through a listener of a proxy."),
        "kafka": ("Kafka rules", "Only these requests of the Kafka protocol."),
        "l7proto": ("Protocol parser", "Requests are judged by a parser of the proxy."),
        "l7": ("Protocol rules", "Requests are judged by a parser of the proxy."),
        "headers": ("HTTP header match", "Only requests with these headers."),
        "headerMatches": ("HTTP header match", "Only requests with these headers."),
        "host": ("HTTP host match", "Only requests to these hosts."),
        "enableDefaultDeny": ("Default deny", "Whether what no rule allows is dropped."),
        "policyTypes": ("Policy types", "The directions that this policy restricts."),
    ]
}
