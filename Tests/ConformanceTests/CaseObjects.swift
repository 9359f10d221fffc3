// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel

/// Services, their Endpoints and Nodes of a case, for a world that was read without them.
enum CaseObjects {
    static func add(_ documents: [TextNode], to snapshot: inout ClusterSnapshot) {
        let objects = documents.flatMap { $0["kind"]?.string == "List" ? $0["items"]?.items ?? [] : [$0] }
        if snapshot.nodes.isEmpty {
            snapshot.nodes = objects.filter { $0["kind"]?.string == "Node" }.map(node).sorted { $0.name < $1.name }
        }
        if snapshot.services.isEmpty {
            let endpoints = objects.filter { $0["kind"]?.string == "Endpoints" }
            snapshot.services = objects.filter { $0["kind"]?.string == "Service" }
                .map { service($0, endpoints) }.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
        }
    }

    private static func node(_ object: TextNode) -> ClusterNode {
        ClusterNode(
            name: object["metadata"]?["name"]?.string ?? "",
            labels: strings(object["metadata"]?["labels"]),
            addresses: (object["status"]?["addresses"]?.items ?? [])
                .compactMap { $0["address"]?.string.flatMap { IPAddress($0) } }
        )
    }

    private static func service(_ object: TextNode, _ endpoints: [TextNode]) -> ClusterService {
        let metadata = object["metadata"]
        let own = endpoints.first {
            $0["metadata"]?["name"]?.string == metadata?["name"]?.string
                && $0["metadata"]?["namespace"]?.string == metadata?["namespace"]?.string
        }
        return ClusterService(
            namespace: metadata?["namespace"]?.string ?? "default",
            name: metadata?["name"]?.string ?? "",
            labels: strings(metadata?["labels"]),
            selector: object["spec"]?["selector"].map { strings($0) },
            backends: (own?["subsets"]?.items ?? []).flatMap { $0["addresses"]?.items ?? [] }
                .compactMap { $0["ip"]?.string.flatMap { IPAddress($0) } }
        )
    }

    private static func strings(_ node: TextNode?) -> [String: String] {
        var result: [String: String] = [:]
        for pair in node?.pairs ?? [] { result[pair.key.string ?? ""] = pair.value.string ?? "" }
        return result
    }
}
