// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Policies of the demonstration.
extension DemoEnvironment {
    /// The file `data/db-deny.yaml`.
    static let databaseClosed = """
        # The database is closed to everyone; db-allow opens what is needed.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: db-deny
          namespace: data
        spec:
          podSelector:
            matchLabels:
              app: db
          policyTypes:
          - Ingress

        """

    /// The file `data/db-allow.yaml`.
    static let databaseOpen = """
        # Only the API reaches the database, and Prometheus its metrics.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: db-allow
          namespace: data
        spec:
          podSelector:
            matchLabels:
              app: db
          policyTypes:
          - Ingress
          ingress:
          # 1: the API
          - from:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: shop
              podSelector:
                matchLabels:
                  app: api
            ports:
            - protocol: TCP
              port: 5432
          # 2: metrics
          - from:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: monitoring
              podSelector:
                matchLabels:
                  app: prometheus
            ports:
            - protocol: TCP
              port: 9187

        """

    /// The file `data/cache.yaml`.
    static let cacheOpen = """
        # Nothing uses the cache yet: the rule below never matched.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: cache
          namespace: data
        spec:
          podSelector:
            matchLabels:
              app: cache
          policyTypes: [Ingress]
          ingress:
          - from:
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: shop}
            ports:
            - port: 6379

        """

    /// The file `shop/allow-web.yaml`.
    static let webOpen = """
        # The web tier.
        #
        # Owner: storefront. Ask in their channel before you change it.
        # Requests come from the gateway only; health checks come from the
        # kubelet and need no rule here, because the host is let in.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: allow-web
          namespace: shop
          labels:
            team: storefront        # shown in the team's dashboard
          annotations:
            example.com/ticket: "SHOP-1138"
            example.com/reviewed: '2026-10-30'
        spec:
          description: "Web takes requests from the gateway."

          # All three replicas.
          endpointSelector:
            matchLabels:
              app: web

          ingress:
            # Requests of customers.
            - fromEndpoints:
                - matchLabels:
                    k8s:io.kubernetes.pod.namespace: ingress
                    app: gateway
              toPorts:
                - ports:
                    - port: "8080"     # http
                      protocol: TCP

            # Metrics. Prometheus scrapes every 30 s.
            - fromEndpoints:
                - matchLabels:
                    k8s:io.kubernetes.pod.namespace: monitoring
                    app: prometheus
              toPorts:
                - ports:
                    - port: "8080"
                      protocol: TCP

          egress:
            # The API.
            - toEndpoints:
                - matchLabels:
                    app: api
              toPorts:
                - ports:
                    - port: "8080"
                      protocol: TCP
            # The database: asked for in SHOP-1201, still to be reviewed.
            - toEndpoints:
                - matchLabels:
                    k8s:io.kubernetes.pod.namespace: data
                    app: db
              toPorts:
                - ports:
                    - port: "5432"
                      protocol: TCP
            # Names.
            - toEndpoints:
                - matchLabels:
                    k8s:io.kubernetes.pod.namespace: kube-system
                    k8s-app: kube-dns
              toPorts:
                - ports:
                    - port: "53"
                      protocol: ANY

        """

    /// The file `shop/api.yaml`.
    static let apiOpen = """
        # The API takes requests from the web tier only.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: api
          namespace: shop
        spec:
          endpointSelector:
            matchLabels: {app: api}
          ingress:
          - fromEndpoints:
            - matchLabels: {app: web}
            toPorts:
            - ports:
              - {port: "8080", protocol: TCP}

        """

    /// The file `shop/egress.yaml`.
    static let cartEgress = """
        # The cart reaches names and one payment service, nothing else outside.
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: egress
          namespace: shop
        spec:
          endpointSelector:
            matchLabels:
              app: cart
          egress:
          - toEndpoints:
            - matchLabels:
                k8s:io.kubernetes.pod.namespace: kube-system
                k8s-app: kube-dns
            toPorts:
            - ports:
              - port: "53"
                protocol: ANY
          - toCIDRSet:
            - cidr: 203.0.113.0/28
            toPorts:
            - ports:
              - port: "443"
                protocol: TCP

        """

    /// The file `monitoring/prometheus.yaml`.
    static let prometheusOpen = """
        # Nobody talks to Prometheus but the gateway, for its pages.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: prometheus
          namespace: monitoring
        spec:
          podSelector:
            matchLabels:
              app: prometheus
          policyTypes:
          - Ingress
          ingress:
          - from:
            - namespaceSelector:
                matchLabels:
                  team: edge
            ports:
            - port: 9090

        """

    /// The file `shop/wishlist.yaml`.
    static let wishlistClosed = """
        # The wishlist service was removed last spring.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: wishlist
          namespace: shop
        spec:
          podSelector:
            matchLabels:
              app: wishlist
          policyTypes:
          - Ingress

        """
}
