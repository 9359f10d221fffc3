// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Manifests of the demonstration.
extension DemoEnvironment {
    /// A small shop: gateway, web, api, cart, a database, monitoring, and two old jobs without policies.
    static let clusterWorld = """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            team: storefront
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: data
          labels:
            team: storage
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: ingress
          labels:
            team: edge
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: monitoring
          labels:
            team: platform
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: kube-system
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: legacy
        ---
        apiVersion: v1
        kind: Node
        metadata:
          name: node-1
        status:
          addresses:
          - {type: InternalIP, address: 192.0.2.11}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-6c9f4
          namespace: shop
          labels: {app: web, tier: front}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: web}
        spec:
          containers:
          - name: web
            image: registry.example.com/shop/web:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.11
          podIPs:
          - {ip: 10.4.1.11}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-77d2c
          namespace: shop
          labels: {app: web, tier: front}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: web}
        spec:
          containers:
          - name: web
            image: registry.example.com/shop/web:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.12
          podIPs:
          - {ip: 10.4.1.12}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-q2x7k
          namespace: shop
          labels: {app: web, tier: front}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: web}
        spec:
          containers:
          - name: web
            image: registry.example.com/shop/web:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.13
          podIPs:
          - {ip: 10.4.1.13}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: api-77d2c
          namespace: shop
          labels: {app: api}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: api}
        spec:
          containers:
          - name: api
            image: registry.example.com/shop/api:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.21
          podIPs:
          - {ip: 10.4.1.21}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: api-9xk2p
          namespace: shop
          labels: {app: api}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: api}
        spec:
          containers:
          - name: api
            image: registry.example.com/shop/api:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.22
          podIPs:
          - {ip: 10.4.1.22}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: cart-x2p
          namespace: shop
          labels: {app: cart}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: cart}
        spec:
          containers:
          - name: cart
            image: registry.example.com/shop/cart:1.0
            ports:
            - {name: http, containerPort: 8080}
        status:
          podIP: 10.4.1.31
          podIPs:
          - {ip: 10.4.1.31}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: db-0
          namespace: data
          labels: {app: db}
          ownerReferences:
          - {apiVersion: apps/v1, kind: StatefulSet, name: db}
        spec:
          containers:
          - name: db
            image: registry.example.com/data/db:1.0
            ports:
            - {name: postgres, containerPort: 5432}
            - {name: metrics, containerPort: 9187}
        status:
          podIP: 10.4.2.10
          podIPs:
          - {ip: 10.4.2.10}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: cache-0
          namespace: data
          labels: {app: cache}
          ownerReferences:
          - {apiVersion: apps/v1, kind: StatefulSet, name: cache}
        spec:
          containers:
          - name: cache
            image: registry.example.com/data/cache:1.0
            ports:
            - {name: redis, containerPort: 6379}
        status:
          podIP: 10.4.2.20
          podIPs:
          - {ip: 10.4.2.20}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: gateway-5d8
          namespace: ingress
          labels: {app: gateway}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: gateway}
        spec:
          containers:
          - name: gateway
            image: registry.example.com/ingress/gateway:1.0
            ports:
            - {name: https, containerPort: 8443}
        status:
          podIP: 10.4.3.10
          podIPs:
          - {ip: 10.4.3.10}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: prometheus-0
          namespace: monitoring
          labels: {app: prometheus}
          ownerReferences:
          - {apiVersion: apps/v1, kind: StatefulSet, name: prometheus}
        spec:
          containers:
          - name: prometheus
            image: registry.example.com/monitoring/prometheus:1.0
            ports:
            - {name: web, containerPort: 9090}
        status:
          podIP: 10.4.4.10
          podIPs:
          - {ip: 10.4.4.10}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: coredns-f7
          namespace: kube-system
          labels: {k8s-app: kube-dns}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: coredns}
        spec:
          containers:
          - name: coredns
            image: registry.example.com/kube-system/coredns:1.0
            ports:
            - {name: dns, containerPort: 53, protocol: UDP}
            - {name: dns-tcp, containerPort: 53}
        status:
          podIP: 10.4.0.10
          podIPs:
          - {ip: 10.4.0.10}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: report-0
          namespace: legacy
          labels: {app: report}
          ownerReferences:
          - {apiVersion: apps/v1, kind: StatefulSet, name: report}
        spec:
          containers:
          - name: report
            image: registry.example.com/legacy/report:1.0
        status:
          podIP: 10.4.5.10
          podIPs:
          - {ip: 10.4.5.10}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: cron-1
          namespace: legacy
          labels: {app: cron}
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: cron}
        spec:
          containers:
          - name: cron
            image: registry.example.com/legacy/cron:1.0
        status:
          podIP: 10.4.5.20
          podIPs:
          - {ip: 10.4.5.20}

        """
}
