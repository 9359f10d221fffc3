// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Kubernetes Services by how rules name them.
struct ServiceIndex {
    private let services: [ClusterService]

    init(_ services: [ClusterService]) { self.services = services }

    /// The addresses of the Kubernetes API server; `nil` when the manifests do not say.
    var apiServer: [IPAddress]? {
        let service = services.first { $0.namespace == "default" && $0.name == "kubernetes" }
        return service.flatMap { $0.backends.isEmpty ? nil : $0.backends }
    }

    /// - Complexity: O(services).
    func matching(_ reference: ServiceReference) -> [ClusterService] {
        services.filter { service in
            guard reference.namespace.map({ $0 == service.namespace }) ?? true else { return false }
            switch reference.choice {
            case .named(let name): return name == service.name
            case .selected(let selector):
                return selector.matches(LabelSet(service.labels.map { Label(.k8s($0.key), $0.value) }))
            }
        }
    }
}
