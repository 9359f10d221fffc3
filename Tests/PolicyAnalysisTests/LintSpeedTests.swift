// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct LintSpeedTests {
    /// Policies and pods spread over namespaces; each pod has a policy of its own beside its namespace's default deny.
    private func manifests(namespaces: Int) -> String {
        var text = ""
        for namespace in 0..<namespaces {
            let place = "namespace: n\(namespace)"
            let next = "n\((namespace + 1) % namespaces)"
            text +=
                "{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {name: deny, \(place)}, spec: {podSelector: "
            text += "{}}}\n---\n"
            for pod in 0..<20 {
                let address = "10.\(namespace / 200).\(namespace % 200).\(pod)"
                text += "{kind: Pod, metadata: {name: p\(pod), \(place), labels: {app: a\(pod)}}, spec: {}, "
                text += "status: {podIP: \(address)}}\n---\n"
                guard pod > 0 else { continue }
                text +=
                    "{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {name: p\(pod), \(place)}, spec: {"
                text +=
                    "endpointSelector: {matchLabels: {app: a\(pod)}}, ingress: [{fromEndpoints: [{matchLabels: {app: a0}}], "
                text +=
                    "toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}, {fromCIDR: [203.0.\(pod).0/24]}], egress: "
                text +=
                    "[{toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: \(next)}}]}, {toPorts: [{ports: [{port: "
                text += "\"53\", protocol: UDP}]}]}]}}\n---\n"
            }
        }
        return text
    }

    private func seconds(namespaces: Int) -> Double {
        let read = WorldReader(.init(reach: .layer7)).read([MarkedText(manifests(namespaces: namespaces)).document()])
        let lint = PolicyLint(engine: .kubernetes, world: read.snapshot)
        let clock = ContinuousClock()
        var findings: [Finding] = []
        let time = clock.measure { findings = lint.findings(read.documents) }
        #expect(read.snapshot.policies.count == 20 * namespaces)
        #expect(!findings.contains { $0.code == "V128" })
        return time / .seconds(1)
    }

    @Test func `a thousand policies and a thousand pods take less than a second`() {
        _ = seconds(namespaces: 2)
        let small = seconds(namespaces: 10)
        let large = seconds(namespaces: 50)
        #if DEBUG
            // Unoptimised code is some twenty times slower; here only the growth is looked at.
            #expect(large < 40 * max(small, 0.01), "\(small) s for 200, \(large) s for 1,000")
        #else
            #expect(large < 1, "\(small) s for 200, \(large) s for 1,000")
            print("lint: \(small) s for 200, \(large) s for 1,000")
        #endif
    }
}
