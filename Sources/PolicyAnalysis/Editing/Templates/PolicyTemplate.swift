// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// What a new policy may start from.
///
/// Each is YAML with comments that say what it does, so that it teaches as well as it works.
public enum PolicyTemplate: String, Hashable, Sendable, Codable, CaseIterable {
    case blank
    case denyAll = "deny-all"
    case allowDNS = "allow-dns"
    case allowSameNamespace = "allow-same-namespace"
    case allowFromIngress = "allow-from-ingress"
    case allowMonitoring = "allow-monitoring"
    case allowToAPIServer = "allow-to-api-server"
    case allowToDNSName = "allow-to-dns-name"
    case dropOutbound = "drop-outbound"
    case allowInboundHTTP = "allow-inbound-http"

    /// What a template is filled in with.
    public struct Parameters: Hashable, Sendable, Codable {
        /// Of the policy; `nil` is the template's own.
        public var name: String?
        public var namespace: String
        /// Of the pods that it applies to; `[:]` is all of the namespace.
        public var labels: [String: String]
        /// Who lets traffic in or collects figures, where the template is about them.
        public var peerNamespace: String?
        /// The name that pods may connect to, where the template is about one.
        public var dnsName: String

        public init(
            name: String? = nil,
            namespace: String,
            labels: [String: String] = [:],
            peerNamespace: String? = nil,
            dnsName: String = "api.example.com"
        ) {
            self.name = name
            self.namespace = namespace
            self.labels = labels
            self.peerNamespace = peerNamespace
            self.dnsName = dnsName
        }
    }

    public var title: String {
        switch self {
        case .blank: "Blank"
        case .denyAll: "Deny everything in a namespace"
        case .allowDNS: "Allow DNS"
        case .allowSameNamespace: "Allow from the same namespace"
        case .allowFromIngress: "Allow from the ingress controller"
        case .allowMonitoring: "Allow monitoring"
        case .allowToAPIServer: "Allow to the API server"
        case .allowToDNSName: "Allow to one DNS name"
        case .dropOutbound: "drop-outbound"
        case .allowInboundHTTP: "allow-inbound-http"
        }
    }

    /// One sentence.
    public var summary: String {
        switch self {
        case .blank: "Restricts inbound and allows nothing yet; add rules to it."
        case .denyAll: "Nothing gets in or out unless another policy allows it."
        case .allowDNS: "Pods may ask the cluster's DNS for names; everything else outbound is dropped."
        case .allowSameNamespace: "Pods of a namespace may reach each other; others may not reach them."
        case .allowFromIngress: "Only the ingress controller's namespace may reach the pods."
        case .allowMonitoring: "Only the monitoring namespace may reach the pods."
        case .allowToAPIServer: "Pods may connect to the Kubernetes API server and to nothing else."
        case .allowToDNSName: "Pods may connect to one name outside, on TCP 443, and ask for it."
        case .dropOutbound: "Drops everything outbound of a namespace, DNS too."
        case .allowInboundHTTP: "Lets everyone in on ports 80 and 443, and nobody on any other port."
        }
    }

    public var policyKind: PolicyKind {
        self == .allowToAPIServer || self == .allowToDNSName ? .ciliumNetworkPolicy : .networkPolicy
    }

    /// Whether a policy made from it waits in the folder for disabled ones until somebody enables it.
    public var startsDisabled: Bool { self == .dropOutbound || self == .allowInboundHTTP }

    /// The policy as YAML, without findings that are errors as long as the parameters are names and labels.
    public func text(_ parameters: Parameters) -> String {
        let style = TextStyle()
        func scalar(_ text: String) -> String { style.scalar(.string(text)) }
        let isCilium = policyKind == .ciliumNetworkPolicy
        var lines = ["# \(title)", "# \(summary)"]
        lines.append("apiVersion: \(isCilium ? "cilium.io/v2" : "networking.k8s.io/v1")")
        lines += ["kind: \(policyKind.rawValue)", "metadata:"]
        lines.append("  name: \(scalar(parameters.name ?? rawValue))")
        lines += ["  namespace: \(scalar(parameters.namespace))", "spec:"]
        let selector = isCilium ? "endpointSelector" : "podSelector"
        if parameters.labels.isEmpty {
            lines += ["  # Every pod of the namespace.", "  \(selector): {}"]
        } else {
            lines += ["  \(selector):", "    matchLabels:"]
            for (key, value) in parameters.labels.sorted(by: { $0.key < $1.key }) {
                lines.append("      \(style.key(key)): \(scalar(value))")
            }
        }
        lines += rules(parameters, scalar)
        return lines.joined(separator: "\n") + "\n"
    }

    private func rules(_ parameters: Parameters, _ scalar: (String) -> String) -> [String] {
        switch self {
        case .blank:
            return [
                "  policyTypes:", "    - Ingress", "  # No rules yet: nothing inbound is allowed.", "  ingress: []",
            ]
        case .denyAll:
            return ["  # Restricted in both directions, and no rule allows anything.", "  policyTypes:"]
                + ["    - Ingress", "    - Egress"]
        case .dropOutbound:
            return ["  # Restricted outbound, and no rule allows anything: names cannot be looked up either."]
                + ["  policyTypes:", "    - Egress"]
        case .allowDNS:
            return ["  policyTypes:", "    - Egress", "  egress:"]
                + ["    # The cluster's DNS, wherever its pods run.", "    - to:"]
                + Self.namespacePeer("kube-system")
                + ["          podSelector:", "            matchLabels:", "              k8s-app: kube-dns"]
                + ["      ports:"] + Self.ports([("UDP", 53), ("TCP", 53)])
        case .allowSameNamespace:
            return [
                "  policyTypes:", "    - Ingress", "  ingress:",
                "    # Without a namespace, this means the policy's own.",
            ]
                + ["    - from:", "        - podSelector: {}"]
        case .allowFromIngress:
            return [
                "  policyTypes:", "    - Ingress", "  ingress:", "    # Where the ingress controller runs.",
                "    - from:",
            ]
                + Self.namespacePeer(scalar(parameters.peerNamespace ?? "ingress-nginx"))
        case .allowMonitoring:
            return [
                "  policyTypes:", "    - Ingress", "  ingress:", "    # Where figures are collected from.",
                "    - from:",
            ]
                + Self.namespacePeer(scalar(parameters.peerNamespace ?? "monitoring"))
        case .allowInboundHTTP:
            return [
                "  policyTypes:", "    - Ingress", "  ingress:", "    # No peers are named, so this is about everyone.",
            ]
                + ["    - ports:"] + Self.ports([("TCP", 80), ("TCP", 443)])
        case .allowToAPIServer:
            return ["  egress:", "    - toEntities:", "        - kube-apiserver"]
        case .allowToDNSName:
            return [
                "  egress:", "    - toFQDNs:", "        - matchName: \(scalar(parameters.dnsName))", "      toPorts:",
            ]
                + ["        - ports:", "            - port: \"443\"", "              protocol: TCP"]
                + ["    # Cilium learns the name's addresses from the answers that it sees.", "    - toEndpoints:"]
                + ["        - matchLabels:", "            k8s:io.kubernetes.pod.namespace: kube-system"]
                + ["            k8s-app: kube-dns", "      toPorts:", "        - ports:", "            - port: \"53\""]
                + ["              protocol: ANY", "          rules:", "            dns:"]
                + ["              - matchPattern: \"*\""]
        }
    }

    private static func namespacePeer(_ namespace: String) -> [String] {
        [
            "        - namespaceSelector:", "            matchLabels:",
            "              kubernetes.io/metadata.name: \(namespace)",
        ]
    }

    private static func ports(_ ports: [(transport: String, port: Int)]) -> [String] {
        ports.flatMap { ["        - protocol: \($0.transport)", "          port: \($0.port)"] }
    }
}
