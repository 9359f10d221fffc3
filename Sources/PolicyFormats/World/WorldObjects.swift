// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// The objects of a world, gathered one by one and joined at the end.
struct WorldObjects {
    /// What names a workload.
    private struct WorkloadKey: Hashable {
        var namespace: String
        var kind: String
        var name: String
    }

    private struct Workload {
        var key: WorkloadKey
        var owner: WorkloadKey?
        /// Who most likely owns `owner`, when that is not among the manifests itself.
        var likelyOwner: WorkloadKey?
        /// What its pods look like; for a Pod the pod itself.
        var endpoint: Endpoint
    }

    private static let workloadKinds: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob",
    ]

    let defaultNamespace: String
    private(set) var namespaceLabels: [String: [String: String]] = [:]
    private(set) var services: WorldServices
    private(set) var nodes = WorldNodes()
    private var workloads: [WorkloadKey: Workload] = [:]
    private var pods: [WorkloadKey: Workload] = [:]

    init(defaultNamespace: String) {
        self.defaultNamespace = defaultNamespace
        services = WorldServices(defaultNamespace: defaultNamespace)
    }

    mutating func add(_ kind: String, _ field: Field) {
        guard let object = field.anyObject() else { return }
        switch kind {
        case "Namespace":
            guard let metadata = ObjectMetadata(of: object) else { return }
            namespaceLabels[metadata.name] = metadata.labels
        case "Node": nodes.add(object)
        case "Service": services.add(service: object)
        case "Endpoints": services.add(endpoints: object)
        case "EndpointSlice": services.add(slice: object)
        case "Pod": addPod(object)
        case let kind where Self.workloadKinds.contains(kind): addWorkload(kind, object)
        default: break
        }
    }

    /// The endpoints, sorted by id.
    func endpoints() -> [Endpoint] {
        var result: [Endpoint] = []
        var withPods: Set<WorkloadKey> = []
        for pod in pods.values {
            var endpoint = pod.endpoint
            if let owner = topOwner(of: pod) {
                endpoint.workload = Endpoint.Workload(name: owner.name, kind: owner.kind)
                withPods.insert(owner)
            }
            result.append(endpoint)
        }
        for workload in workloads.values {
            // A ReplicaSet of a Deployment that is here too is the same workload.
            guard let top = topOwner(of: workload) else {
                if !withPods.contains(workload.key) { result.append(workload.endpoint) }
                continue
            }
            if workloads[top] == nil, !withPods.contains(top) {
                var endpoint = workload.endpoint
                endpoint.workload = Endpoint.Workload(name: top.name, kind: top.kind)
                result.append(endpoint)
            }
        }
        return result.sorted { $0.id < $1.id }
    }

    /// The last owner up the chain; `nil` for an object without an owner.
    ///
    /// Owners that form a ring end the walk.
    private func topOwner(of workload: Workload) -> WorkloadKey? {
        guard var top = workload.owner else { return nil }
        if workloads[top] == nil, let likely = workload.likelyOwner { top = likely }
        var steps = 0
        while steps < 8, let next = workloads[top]?.owner {
            top = next
            steps += 1
        }
        return top
    }

    private mutating func addPod(_ object: ObjectReader) {
        guard let metadata = ObjectMetadata(of: object) else { return }
        let status = object["status"]?.node
        // A pod that has ended has no network any more.
        guard !["Succeeded", "Failed"].contains(status?["phase"]?.string ?? "") else { return }
        let key = WorkloadKey(namespace: metadata.namespace ?? defaultNamespace, kind: "Pod", name: metadata.name)
        var endpoint = endpoint(key, labels: metadata.labels, spec: object["spec"])
        var texts = (status?["podIPs"]?.items ?? []).compactMap { $0["ip"]?.string }
        if let single = status?["podIP"]?.string { texts.append(single) }
        var seen: Set<IPAddress> = []
        endpoint.addresses = texts.compactMap { IPAddress($0) }.filter { seen.insert($0).inserted }
        if pods[key] != nil { refuse(duplicate: key, object) }
        let owner = owner(of: object, in: key.namespace)
        let likely = deployment(of: owner, metadata.labels)
        pods[key] = Workload(key: key, owner: owner, likelyOwner: likely, endpoint: endpoint)
    }

    private mutating func addWorkload(_ kind: String, _ object: ObjectReader) {
        guard let metadata = ObjectMetadata(of: object) else { return }
        let key = WorkloadKey(namespace: metadata.namespace ?? defaultNamespace, kind: kind, name: metadata.name)
        var spec = object["spec"]?.anyObject()
        // What remains of an earlier rollout has no pods.
        if kind == "ReplicaSet", spec?["replicas"]?.integer() == 0 { return }
        if kind == "CronJob" { spec = spec?["jobTemplate"]?.anyObject()?["spec"]?.anyObject() }
        guard let template = spec?["template"]?.anyObject() else {
            object.field.report(.missing("\(object.field.path)", "a pod template"))
            return
        }
        let labels = ObjectMetadata.labels(template["metadata"]?.anyObject()?["labels"])
        let endpoint = endpoint(key, labels: labels, spec: template["spec"])
        if workloads[key] != nil { refuse(duplicate: key, object) }
        workloads[key] = Workload(key: key, owner: owner(of: object, in: key.namespace), endpoint: endpoint)
    }

    private func owner(of object: ObjectReader, in namespace: String) -> WorkloadKey? {
        for item in object["metadata"]?.anyObject()?["ownerReferences"]?.list() ?? [] {
            guard let kind = item.node["kind"]?.string, let name = item.node["name"]?.string,
                Self.workloadKinds.contains(kind)
            else { continue }
            return WorkloadKey(namespace: namespace, kind: kind, name: name)
        }
        return nil
    }

    /// The Deployment of a ReplicaSet: the set is called after it and its pods' hash.
    private func deployment(of owner: WorkloadKey?, _ labels: [String: String]) -> WorkloadKey? {
        guard let owner, owner.kind == "ReplicaSet", let hash = labels["pod-template-hash"],
            owner.name.hasSuffix("-" + hash)
        else { return nil }
        let name = String(owner.name.dropLast(hash.count + 1))
        return WorkloadKey(namespace: owner.namespace, kind: "Deployment", name: name)
    }

    private func refuse(duplicate key: WorkloadKey, _ object: ObjectReader) {
        object.field.report(.duplicateObject(key.kind, key.name, in: key.namespace))
    }

    private func endpoint(_ key: WorkloadKey, labels: [String: String], spec: Field?) -> Endpoint {
        let spec = spec?.anyObject()
        let usesHost = spec?["hostNetwork"]?.bool() ?? false
        return Endpoint(
            id: "\(key.namespace)/\(key.kind)/\(key.name)",
            namespace: key.namespace,
            name: key.name,
            workload: Endpoint.Workload(name: key.name, kind: key.kind),
            labels: labels,
            addresses: [],
            namedPorts: namedPorts(spec),
            protection: usesHost ? .unprotected(reason: "It uses the host's network.") : .enforced,
            serviceAccount: serviceAccount(spec)
        )
    }

    /// The API server fills in `default`.
    private func serviceAccount(_ spec: ObjectReader?) -> String {
        let name = spec?["serviceAccountName"]?.string() ?? ""
        return name.isEmpty ? "default" : name
    }

    private func namedPorts(_ spec: ObjectReader?) -> [NamedPort] {
        var result: [NamedPort] = []
        for container in spec?["containers"]?.list() ?? [] {
            for item in container.anyObject()?["ports"]?.list() ?? [] {
                guard let port = item.anyObject(), let name = port["name"]?.string(),
                    let number = port["containerPort"]?.port()
                else { continue }
                let ipProtocol = port["protocol"]?.string().flatMap { IPProtocol(name: $0) } ?? .tcp
                result.append(NamedPort(name, ipProtocol, number))
            }
        }
        return result
    }
}
