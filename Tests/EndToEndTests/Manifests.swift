// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// A small cluster as files, for commands that answer from files.
enum Manifests {
    /// Runs `body` with a directory that holds the files.
    static func with(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let directory = "/tmp/palisade-e2e-\(UInt32.random(in: 0...(.max)))"
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, text) in files {
            let path = URL(fileURLWithPath: "\(directory)/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: path)
        }
        try await body(directory)
    }

    /// web and cart in shop, a database in data.
    static let world = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {team: edge}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: data}
        \(workload("Deployment", "shop", "web", port: "{name: http, containerPort: 8080}"))
        \(workload("Deployment", "shop", "cart", port: "{name: http, containerPort: 8080}"))
        \(workload("StatefulSet", "data", "db", port: "{name: pg, containerPort: 5432}"))

        """

    private static func workload(_ kind: String, _ namespace: String, _ name: String, port: String) -> String {
        """
        ---
        apiVersion: apps/v1
        kind: \(kind)
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          template:
            metadata: {labels: {app: \(name)}}
            spec: {containers: [{name: c, image: i, ports: [\(port)]}]}
        """
    }

    /// Only web reaches the database; web reaches one DNS name, and answers one HTTP request.
    static let policies = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: data}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress:
          - from:
            - namespaceSelector: {matchLabels: {team: edge}}
              podSelector: {matchLabels: {app: web}}
            ports: [{port: 5432}]
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: web}}
          ingress:
          - fromEntities: [world]
            toPorts:
            - ports: [{port: "8080", protocol: TCP}]
              rules: {http: [{method: GET, path: "/health"}]}
          egress:
          - toFQDNs: [{matchName: api.example.com}]
            toPorts: [{ports: [{port: "443", protocol: TCP}]}]
          - toEndpoints:
            - matchLabels: {app: db, io.kubernetes.pod.namespace: data}

        """

    /// A flow as Hubble writes it.
    static func flow(_ source: String, _ destination: String, _ port: Int, _ verdict: String = "FORWARDED") -> String {
        func end(_ name: String) -> String {
            let parts = name.split(separator: "/")
            return #"{"namespace":"\#(parts[0])","pod_name":"\#(parts[1])-0","labels":["k8s:app=\#(parts[1])"],"#
                + #""workloads":[{"name":"\#(parts[1])","kind":"Deployment"}]}"#
        }
        return #"{"flow":{"time":"2026-11-21T14:00:05Z","verdict":"\#(verdict)","#
            + #""IP":{"source":"10.0.0.1","destination":"10.0.0.2","ipVersion":"IPv4"},"#
            + #""l4":{"TCP":{"source_port":41000,"destination_port":\#(port),"flags":{"SYN":true}}},"#
            + #""source":\#(end(source)),"destination":\#(end(destination)),"Type":"L3_L4","is_reply":false}}"# + "\n"
    }
}
