// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// The policy objects of one document, gathered object by object.
struct DecodedObjects {
    /// A kind with its apiVersion, as a list gives it to items that have none.
    struct TypeMeta {
        var kind: String
        var apiVersion: String
    }

    let options: PolicyDecoder.Options
    private(set) var policies: [Policy] = []
    private(set) var cidrGroups: [CIDRGroup] = []
    private(set) var otherCount = 0
    private var places: [PolicyID: SourceLocation] = [:]
    private var groupPlaces: [String: SourceLocation] = [:]

    init(options: PolicyDecoder.Options) { self.options = options }

    /// Adds an object, or the items of a list of objects.
    mutating func add(_ field: Field, inherited: TypeMeta?, other: (String, Field) -> Void) {
        if options.otherKinds == .passedOver, inherited == nil, field.node.isNoObject {
            otherCount += 1
            return
        }
        guard let object = field.anyObject(), let type = typeMeta(of: object, inherited: inherited) else { return }
        if type.kind.hasSuffix("List"), object.key("items") != nil {
            let kind = String(type.kind.dropLast("List".count))
            let meta = kind.isEmpty ? nil : TypeMeta(kind: kind, apiVersion: type.apiVersion)
            for item in object["items"]?.list() ?? [] {
                let known = field.collector.paths.count
                add(item, inherited: meta, other: other)
                field.collector.paths.keep(known)
            }
            return
        }
        switch type.kind {
        case "NetworkPolicy":
            guard check(type, ["networking.k8s.io/v1"], of: object) else { return }
            let errors = field.collector.errorCount
            add(NetworkPolicyReader(options: options).policy(object), errorsBefore: errors)
        case "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy":
            guard check(type, ["cilium.io/v2"], of: object) else { return }
            let kind = PolicyKind(rawValue: type.kind) ?? .ciliumNetworkPolicy
            let errors = field.collector.errorCount
            add(CiliumPolicyReader(kind: kind, options: options).policy(object), errorsBefore: errors)
        case "CiliumCIDRGroup":
            guard check(type, ["cilium.io/v2", "cilium.io/v2alpha1"], of: object) else { return }
            let errors = field.collector.errorCount
            if let group = CIDRGroup(reading: object, reach: options.cilium.cidrReach) {
                add(group, at: field, errorsBefore: errors)
            }
        default:
            if options.tieredPolicies == .read, let format = PolicyKind(rawValue: type.kind).flatMap(TieredFormat.init)
            {
                guard check(type, [format.apiVersion], of: object) else { return }
                let errors = field.collector.errorCount
                let reader = TieredPolicyReader(format: format, unknownPeers: options.unknownPeers)
                add(reader.policy(object), errorsBefore: errors)
                return
            }
            otherCount += 1
            other(type.kind, field)
        }
    }

    private func typeMeta(of object: ObjectReader, inherited: TypeMeta?) -> TypeMeta? {
        guard let kindField = object["kind"] else {
            if let inherited { return inherited }
            object.field.report(.missing("\(object.field.path)", "a \"kind\""))
            return nil
        }
        guard let kind = kindField.string() else { return nil }
        let version = object["apiVersion"].map { $0.string() ?? "" } ?? inherited?.apiVersion ?? ""
        return TypeMeta(kind: kind, apiVersion: version)
    }

    private func check(_ type: TypeMeta, _ versions: [String], of object: ObjectReader) -> Bool {
        guard !versions.contains(type.apiVersion) else { return true }
        guard object["apiVersion"] != nil else {
            object.field.report(.missing("\(object.field.path)", "apiVersion \"\(versions[0])\""))
            return false
        }
        let remark = PolicyRemark.wrongVersion(type.apiVersion, of: type.kind, expected: versions[0])
        (object["apiVersion"] ?? object.field).report(remark)
        return false
    }

    private mutating func add(_ read: (policy: Policy, field: Field)?, errorsBefore errors: Int) {
        guard let (policy, field) = read else { return }
        if let first = places[policy.id] {
            let note = Finding.Note("the first is here", at: first)
            field.report(.duplicate(policy.id.name, in: policy.id.namespace ?? "the cluster"), notes: [note])
        }
        guard isTaken(field, errorsBefore: errors) else { return }
        places[policy.id] = policy.location
        policies.append(policy)
    }

    private mutating func add(_ group: CIDRGroup, at field: Field, errorsBefore errors: Int) {
        if let first = groupPlaces[group.name] {
            let note = Finding.Note("the first is here", at: first)
            field.report(.invalid("A CiliumCIDRGroup named \(shown(group.name)) already exists."), notes: [note])
        }
        guard isTaken(field, errorsBefore: errors) else { return }
        groupPlaces[group.name] = group.location
        cidrGroups.append(group)
    }

    /// Whether an object counts that has just been read.
    private func isTaken(_ object: Field, errorsBefore errors: Int) -> Bool {
        options.rejected == .refuseDocument || object.collector.errorCount == errors
    }
}

extension CIDRGroup {
    /// Reads a CiliumCIDRGroup.
    init?(reading object: ObjectReader, reach: CIDRPeer.Reach) {
        object.refuseUnknown(["apiVersion", "kind", "metadata", "spec", "status"])
        guard let metadata = ObjectMetadata(of: object) else { return nil }
        guard let spec = object["spec"]?.object(["externalCIDRs"]) else {
            if object["spec"] == nil { object.field.report(.missing("\(object.field.path)", "a \"spec\"")) }
            return nil
        }
        guard let blocks = spec["externalCIDRs"] else {
            spec.field.report(.missing("spec", "\"externalCIDRs\""))
            return nil
        }
        self.init(
            name: metadata.name,
            labels: metadata.labels,
            prefixes: (blocks.list() ?? []).compactMap { $0.prefix() },
            reach: reach,
            location: object.field.location
        )
    }
}

extension TextNode {
    private static let objectKeys: Set<String> = ["kind", "apiVersion", "metadata", "spec", "specs", "items"]

    /// Whether it has nothing of an object of Kubernetes: settings and outputs of other programs stand beside manifests.
    ///
    /// A policy whose kind was forgotten, or that stands in a bare list, still is meant to be one.
    fileprivate var isNoObject: Bool {
        switch content {
        case .scalar: true
        case .mapping(let pairs): !pairs.contains { Self.objectKeys.contains($0.key.name) }
        case .sequence(let items): items.allSatisfy(\.isNoObject)
        }
    }
}
