// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// The example policies of the sandbox, as the files that people find and edit.
public enum SandboxPolicies {
    /// File names and what is in them.
    public static let files: [(name: String, text: String)] = [
        ("gateway.yaml", gateway), ("web.yaml", web), ("web-egress.yaml", webEgress), ("api.yaml", api),
        ("worker.yaml", worker), ("db.yaml", db), ("storage-no-world.yaml", storageNoWorld),
    ]

    /// Writes the files into a directory, which is made when it is not there.
    ///
    /// A directory that exists is left as it is, whatever is in it: what people have changed or deleted stays so.
    ///
    /// - Returns: whether the files were written.
    @discardableResult
    public static func write(into directory: String) throws -> Bool {
        guard !FileManager.default.fileExists(atPath: directory) else { return false }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for file in files {
            try Data(file.text.utf8).write(to: URL(fileURLWithPath: directory).appendingPathComponent(file.name))
        }
        return true
    }

    private static let gateway = """
        # The only door from outside: HTTPS from anywhere, names (UDP 53) for the shop.
        # Enforced, because of the mode annotation; without it the environment's mode counts, which is audit.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: gateway
          namespace: shop
          annotations:
            palisade.dev/mode: blocking
        spec:
          podSelector:
            matchLabels:
              app: gateway
          policyTypes: [Ingress]
          ingress:
          - ports:
            - port: https        # a port that the container names
              protocol: TCP
          - from:
            - podSelector: {}    # everybody in the namespace shop
            ports:
            - port: 53
              protocol: UDP

        """

    private static let web = """
        # The web servers talk to the gateway and to nobody else.
        # The worker's attempts on 9090 and the internet's on 8080 are dropped.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: web
          namespace: shop
          annotations:
            palisade.dev/mode: blocking
        spec:
          podSelector:
            matchLabels:
              app: web
          policyTypes: [Ingress]
          ingress:
          - from:
            - podSelector:
                matchLabels:
                  app: gateway
            ports:
            - port: 8080
              protocol: TCP
        ---
        # A NetworkPolicy cannot speak of ICMP; a CiliumNetworkPolicy can. The two add up.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: web-ping
          namespace: shop
          annotations:
            palisade.dev/mode: blocking
        spec:
          endpointSelector:
            matchLabels:
              app: web
          ingress:
          - fromEndpoints:
            - matchLabels:
                app: gateway
            icmps:
            - fields:
              - family: IPv4
                type: 8
              - family: IPv6
                type: 128

        """

    private static let webEgress = """
        # What the web servers may call. In audit: calls to the database and to the internet go through,
        # and show up as "would drop". When the list is right, change the mode to blocking.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: web-egress
          namespace: shop
          annotations:
            palisade.dev/mode: audit
        spec:
          podSelector:
            matchLabels:
              app: web
          policyTypes: [Egress]
          egress:
          - to:
            - podSelector:
                matchLabels:
                  app: api
            ports:
            - port: 9000
              protocol: TCP
          - to:
            - podSelector:
                matchLabels:
                  app: gateway
            ports:
            - port: 53
              protocol: UDP

        """

    private static let api = """
        # Both directions of the API in one object, with a peer in another namespace and one outside.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: api
          namespace: shop
          annotations:
            palisade.dev/mode: blocking
        spec:
          endpointSelector:
            matchLabels:
              app: api
          ingress:
          - fromEndpoints:
            - matchLabels:
                app: web
            - matchLabels:
                app: worker
            toPorts:
            - ports:
              - port: "9000"
                protocol: TCP
          egress:
          - toEndpoints:
            - matchLabels:
                app: db
                k8s:io.kubernetes.pod.namespace: data
            toPorts:
            - ports:
              - port: "5432"
                protocol: TCP
              - port: "8125"
                protocol: UDP
          - toEndpoints:
            - matchLabels:
                app: gateway
            toPorts:
            - ports:
              - port: "53"
                protocol: UDP
          - toEndpoints:
            - matchLabels:
                app: worker
            toPorts:
            - ports:
              - port: "5000"
                endPort: 5010
                protocol: UDP
          - toCIDR:              # the partner
            - 198.51.100.0/24
            - 2001:db8:198::/64
            toPorts:
            - ports:
              - port: "443"
                protocol: TCP

        """

    private static let worker = """
        # The worker asks the API. Its calls to the partner would be dropped; its calls to the database
        # are dropped already, by the database's own policy.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: worker
          namespace: shop
          annotations:
            palisade.dev/mode: audit
        spec:
          podSelector:
            matchLabels:
              app: worker
          policyTypes: [Egress]
          egress:
          - to:
            - podSelector:
                matchLabels:
                  app: api
            ports:
            - port: 9000
              protocol: TCP

        """

    private static let db = """
        # Only the API reaches the database. Everybody else is dropped, pings too.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: db
          namespace: data
          annotations:
            palisade.dev/mode: blocking
        spec:
          endpointSelector:
            matchLabels:
              app: db
          ingress:
          - fromEndpoints:
            - matchLabels:
                app: api
                k8s:io.kubernetes.pod.namespace: shop
            toPorts:
            - ports:
              - port: "5432"
                protocol: TCP
              - port: "8125"
                protocol: UDP

        """

    private static let storageNoWorld = """
        # A rule for every namespace: what stores data does not talk to the world. It denies and isolates
        # nothing else. No mode of its own: the environment's mode counts, so in audit it shows "would drop".
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata:
          name: storage-no-world
        spec:
          endpointSelector:
            matchLabels:
              tier: storage
          enableDefaultDeny:
            egress: false
          egressDeny:
          - toEntities:
            - world

        """
}
