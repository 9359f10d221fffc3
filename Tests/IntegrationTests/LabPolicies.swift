// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Policy files about the sandbox's containers.
enum LabPolicies {
    /// Isolates `app` of the namespace shop inbound, and lets only the apps named in.
    static func inbound(_ name: String, to app: String, from others: [String] = []) -> String {
        let peers = others.map { "    - podSelector: {matchLabels: {app: \($0)}}\n" }.joined()
        return """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: \(name), namespace: shop}
            spec:
              podSelector: {matchLabels: {app: \(app)}}
              policyTypes: [Ingress]
              ingress:\(others.isEmpty ? " []" : "\n  - from:\n" + peers)

            """
    }

    static let broken = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: api, namespace: shop}
        spec:
          podSelecter: {}

        """
}
