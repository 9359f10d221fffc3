// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Whom selectors reach that say something about namespaces only.
@Suite struct CiliumScopeTests {
    private func peer(_ selector: String, kind: String) throws -> Selector {
        let metadata = kind == "CiliumNetworkPolicy" ? "{name: p, namespace: shop}" : "{name: p}"
        let spec = "{endpointSelector: {}, ingress: [{fromEndpoints: [\(selector)]}]}"
        let text = "apiVersion: cilium.io/v2\nkind: \(kind)\nmetadata: \(metadata)\nspec: \(spec)\n"
        let rule = PolicyDecoder().decode(MarkedText(text).document()).policies.first?.specs.first?.rules.first
        guard case .anyOf(let peers) = rule?.peers, case .endpoints(let selector) = peers.first else {
            Issue.record("no peer selector was read from \(selector)")
            return .everything
        }
        return selector
    }

    private static let negative = [
        "{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [x]}]}",
        "{matchExpressions: [{key: \"k8s:io.kubernetes.pod.namespace\", operator: DoesNotExist}]}",
    ]

    @Test(arguments: negative, ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"])
    func `a selector that only excludes namespaces reaches neither host nor world`(
        text: String,
        kind: String
    ) throws {
        let selector = try peer(text, kind: kind)
        for name in ["host", "world-ipv4", "world-ipv6"] {
            #expect(!selector.matches(LabelSet([Label(.reserved(name), "")])), "reserved:\(name)")
        }
    }

    @Test func `a selector that only excludes a namespace label reaches neither host nor world`() throws {
        let text =
            "{matchExpressions: [{key: \"k8s:io.cilium.k8s.namespace.labels.team\", operator: NotIn, values: [x]}]}"
        let selector = try peer(text, kind: "CiliumNetworkPolicy")
        #expect(!selector.matches(LabelSet([Label(.reserved("world-ipv4"), "")])))
        let pod = [Label(WellKnownLabel.namespace, "data"), Label(WellKnownLabel.cluster, "default")]
        #expect(selector.matches(LabelSet(pod)))
    }

    @Test func `another namespace of the subject is replaced in matchLabels only`() throws {
        let text = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: p, namespace: shop}
            spec:
              endpointSelector:
                matchLabels: {"k8s:io.kubernetes.pod.namespace": data}
                matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: In, values: [data]}]
              ingress: [{}]
            """
        let spec = try #require(PolicyDecoder().decode(MarkedText(text).document()).policies.first?.specs.first)
        guard case .endpoints(let subject) = spec.subject else {
            Issue.record("the subject is not endpoints")
            return
        }
        for namespace in ["shop", "data"] {
            #expect(!subject.matches(LabelSet([Label(WellKnownLabel.namespace, namespace)])))
        }
    }

    @Test func `two spellings of one key are read in one order`() throws {
        let one = try peer("{matchLabels: {app: web, \"any:app\": api}}", kind: "CiliumNetworkPolicy")
        let other = try peer("{matchLabels: {\"any:app\": api, app: web}}", kind: "CiliumNetworkPolicy")
        #expect(one == other)
    }
}
