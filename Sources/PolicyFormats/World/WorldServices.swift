// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// The Services of a world, gathered from Service, Endpoints and EndpointSlice objects in any order.
struct WorldServices {
    private struct Key: Hashable {
        var namespace: String
        var name: String
    }

    /// The Service whose backends are the API server; its Endpoints count even when the manifests leave it out, as exports
    /// of a cluster often do.
    private static let apiServer = Key(namespace: "default", name: "kubernetes")
    /// The label by which an EndpointSlice names its Service.
    private static let serviceNameLabel = "kubernetes.io/service-name"

    let defaultNamespace: String
    private var services: [Key: ClusterService] = [:]
    private var backends: [Key: Set<IPAddress>] = [:]

    init(defaultNamespace: String) { self.defaultNamespace = defaultNamespace }

    /// Sorted by namespace and name, backends by address.
    var all: [ClusterService] {
        var found = services
        if found[Self.apiServer] == nil, backends[Self.apiServer] != nil {
            let key = Self.apiServer
            found[key] = ClusterService(namespace: key.namespace, name: key.name, selector: nil)
        }
        return found.map { key, service in
            var service = service
            service.backends = backends[key]?.sorted() ?? []
            return service
        }
        .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    /// Adds a Service; an ExternalName has no backends, whatever its selector says.
    mutating func add(service object: ObjectReader) {
        guard let (key, metadata) = key(of: object) else { return }
        let spec = object["spec"]?.anyObject()
        var selector: [String: String] = [:]
        for entry in spec?["selector"]?.stringMap() ?? [] { selector[entry.name] = entry.value }
        let isExternal = spec?["type"]?.string() == "ExternalName"
        if services[key] != nil {
            object.field.report(.duplicateObject("Service", metadata.name, in: key.namespace))
        }
        services[key] = ClusterService(
            namespace: key.namespace,
            name: key.name,
            labels: metadata.labels,
            selector: isExternal || selector.isEmpty ? nil : selector
        )
    }

    /// Adds the ready addresses of an Endpoints object.
    mutating func add(endpoints object: ObjectReader) {
        guard let (key, _) = key(of: object) else { return }
        for subset in object["subsets"]?.list() ?? [] {
            for item in subset.anyObject()?["addresses"]?.list() ?? [] {
                insert(item.node["ip"]?.string, for: key)
            }
        }
    }

    /// Adds the addresses of an EndpointSlice that serve, those of an unknown state included (`EndpointConditions`).
    mutating func add(slice object: ObjectReader) {
        guard let (own, metadata) = key(of: object) else { return }
        guard let name = metadata.labels[Self.serviceNameLabel] else { return }
        let key = Key(namespace: own.namespace, name: name)
        for item in object["endpoints"]?.list() ?? [] {
            guard let endpoint = item.anyObject() else { continue }
            let conditions = endpoint["conditions"]?.anyObject()
            let isReady = conditions?["ready"]?.bool() ?? true
            let isServing = conditions?["serving"]?.bool() ?? isReady
            guard isReady || isServing else { continue }
            for address in endpoint["addresses"]?.list() ?? [] { insert(address.string(), for: key) }
        }
    }

    private mutating func insert(_ text: String?, for key: Key) {
        // Slices of addressType FQDN have names here, which are no backends to policy.
        guard let text, let address = IPAddress(text) else { return }
        backends[key, default: []].insert(address)
    }

    private func key(of object: ObjectReader) -> (Key, ObjectMetadata)? {
        ObjectMetadata(of: object).map {
            (Key(namespace: $0.namespace ?? defaultNamespace, name: $0.name), $0)
        }
    }
}
