// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// Made-up clusters as manifests: what the analysis and the readers are measured on.
///
/// 20 workloads in each namespace. Nine namespaces of ten are closed inbound; the other policies let in applications of the
/// namespace and tiers of other teams, or let out to DNS, to the namespace and to address blocks outside.
struct AnalysisWorld: Sendable {
    var workloads: Int
    var policies: Int
    /// So many policies, each of another namespace and kind, name other ports.
    var changed = 0
    /// So many namespaces are not closed as a whole any more.
    var opened = 0

    var perNamespace = 20

    var namespaces: Int { max(1, workloads / perNamespace) }

    func scaled(by divisor: Int) -> AnalysisWorld {
        AnalysisWorld(
            workloads: max(1, workloads / divisor),
            policies: max(1, policies / divisor),
            perNamespace: perNamespace
        )
    }

    func resolved(after previous: ResolvedSnapshot? = nil) -> ResolvedSnapshot {
        var snapshot = WorldReader().read(documents).snapshot
        snapshot.modes.environment = .blocking
        return ResolvedSnapshot(snapshot, after: previous)
    }

    /// A document for each namespace with its objects, and one for each policy.
    var documents: [SourceDocument] { objectDocuments + policyDocuments }

    var objectDocuments: [SourceDocument] {
        (0..<namespaces).map { namespace in
            let first = namespace * perNamespace
            let own = first..<min(workloads, first + perNamespace)
            let objects = [namespaceText(namespace)] + own.map { deploymentText($0) }
            return SourceDocument(
                name: "objects/ns-\(namespace).yaml",
                bytes: Array(objects.joined(separator: "---\n").utf8)
            )
        }
    }

    var policyDocuments: [SourceDocument] {
        (0..<policies).map { number in
            SourceDocument(name: "policies/\(number).yaml", bytes: Array(policyText(number).utf8))
        }
    }

    private func namespaceText(_ namespace: Int) -> String {
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: ns-\(namespace)
          labels:
            team: team-\(namespace % 25)

        """
    }

    private func deploymentText(_ workload: Int) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: app-\(workload)
          namespace: ns-\(workload / perNamespace)
        spec:
          replicas: 2
          selector:
            matchLabels:
              app: app-\(workload)
          template:
            metadata:
              labels:
                app: app-\(workload)
                tier: \(["front", "middle", "back"][workload % 3])
            spec:
              containers:
                - name: main
                  image: registry.example/app:1
                  ports:
                    - name: http
                      containerPort: 8080

        """
    }

    private func policyText(_ number: Int) -> String {
        let (namespace, kind) = (number % namespaces, number / namespaces)
        let isChanged = kind > 0 && kind <= changed && namespace == kind % namespaces
        let shift = isChanged ? 1 : 0
        let first = namespace * perNamespace
        func app(_ offset: Int) -> String { "app-\(first + offset % perNamespace)" }
        let head = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: policy-\(number)
              namespace: ns-\(namespace)
            spec:

            """
        if kind == 0, namespace % 10 != 9, namespace >= opened {
            return head + "  podSelector: {}\n  policyTypes: [Ingress]\n"
        }
        return kind % 3 == 2
            ? head + outbound(app(kind * 7), shift)
            : head + inbound(app(kind * 7), from: app(kind * 5 + 1), namespace, shift)
    }

    private func inbound(_ subject: String, from peer: String, _ namespace: Int, _ shift: Int) -> String {
        """
          podSelector:
            matchLabels:
              app: \(subject)
          policyTypes: [Ingress]
          ingress:
            # From an application here and from the other team's front tier.
            - from:
                - podSelector:
                    matchLabels:
                      app: \(peer)
                - namespaceSelector:
                    matchLabels:
                      team: team-\((namespace + 3) % 25)
                  podSelector:
                    matchLabels:
                      tier: front
              ports:
                - protocol: TCP
                  port: \(8080 + shift)
                - protocol: TCP
                  port: 9090
                  endPort: \(9095 + shift)

        """
    }

    private func outbound(_ subject: String, _ shift: Int) -> String {
        """
          podSelector:
            matchLabels:
              app: \(subject)
          policyTypes: [Egress]
          egress:
            - to:
                - namespaceSelector: {}
              ports:
                - protocol: UDP
                  port: \(53 + shift)
                - protocol: TCP
                  port: 8080
            - to:
                - ipBlock:
                    cidr: 203.0.113.0/24
                    except:
                      - 203.0.113.128/25
              ports:
                - protocol: TCP
                  port: 443

        """
    }
}

/// Random numbers that are the same everywhere (splitmix64).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}
