// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy (policy.networking.k8s.io).
///
/// Their rules are asked in the order of the text and isolate nobody: what none of them matches goes on to the next tier.
struct TieredPolicyReader {
    let format: TieredFormat
    let unknownPeers: PolicyDecoder.UnknownPeers

    func policy(_ object: ObjectReader) -> (policy: Policy, field: Field)? {
        object.refuseUnknown(["apiVersion", "kind", "metadata", "spec", "status"])
        guard let metadata = ObjectMetadata(of: object) else { return nil }
        let nameField = object["metadata"]?.anyObject()?["name"] ?? object.field
        if metadata.namespace != nil, let field = object["metadata"]?.anyObject()?["namespace"] {
            field.report(.questionable("A \(format.kind.rawValue) has no namespace; this one is not used."))
        }
        if format.kind == .baselineAdminNetworkPolicy, metadata.name != "default" {
            nameField.report(.invalid("A BaselineAdminNetworkPolicy must be named \"default\"."))
        }
        guard let field = object["spec"] else {
            object.field.report(.missing("\(object.field.path)", "a \"spec\""))
            return nil
        }
        guard let reader = field.object(["subject", "ingress", "egress"] + format.ownFields) else { return nil }
        let tier = tier(reader)
        let priority = priority(reader)
        let subject = subject(reader)
        let rules = [Direction.ingress, .egress].flatMap { self.rules(reader, $0) }
        guard let subject else { return nil }
        let policy = Policy(
            id: PolicyID(format.kind, namespace: nil, name: metadata.name),
            location: object.field.location,
            tier: tier,
            priority: priority,
            specs: [PolicySpec(subject: .endpoints(subject), isolates: [], rules: rules, location: field.location)],
            mode: metadata.mode
        )
        return (policy, nameField)
    }

    /// The tier; after a remark the one that is asked first.
    private func tier(_ reader: ObjectReader) -> Tier {
        guard format.ownFields.contains("tier") else {
            return format.kind == .adminNetworkPolicy ? .admin : .baseline
        }
        guard let field = reader["tier"] else {
            reader.field.report(.missing("\(reader.field.path)", "a \"tier\""))
            return .admin
        }
        switch field.string() {
        case "Admin": return .admin
        case "Baseline": return .baseline
        case nil: return .admin
        case .some(let word):
            let allowed = ["Admin", "Baseline"]
            field.report(
                .notAllowed(word, for: "\(field.path)", allowed: allowed, near: nearest(to: word, among: allowed))
            )
            return .admin
        }
    }

    private func priority(_ reader: ObjectReader) -> Int {
        guard format.ownFields.contains("priority") else { return 0 }
        guard let field = reader["priority"] else {
            reader.field.report(.missing("\(reader.field.path)", "a \"priority\""))
            return 0
        }
        guard let number = field.integer() else { return 0 }
        if !(0...1000).contains(number) { field.report(.invalid("\(field.path) must be from 0 to 1000.")) }
        return number
    }

    private func subject(_ reader: ObjectReader) -> Selector? {
        guard let field = reader["subject"] else {
            reader.field.report(.missing("\(reader.field.path)", "a \"subject\""))
            return nil
        }
        guard let choice = field.object(["namespaces", "pods"]) else { return nil }
        switch (choice["namespaces"], choice["pods"]) {
        case (nil, nil):
            field.report(.missing("\(field.path)", "\"namespaces\" or \"pods\""))
            return nil
        case (.some, .some):
            field.report(.invalid("\(field.path) may have only one of \"namespaces\" and \"pods\"."))
            return nil
        case (.some(let namespaces), nil): return namespaces.tieredNamespaces()
        case (nil, .some(let pods)): return pods.tieredPods(demandsNamespaces: format.demandsNamespaces)
        }
    }

    private func rules(_ reader: ObjectReader, _ direction: Direction) -> [Rule] {
        guard let field = reader[direction.rawValue], let items = field.list() else { return [] }
        field.check(items.count, in: 0...format.maximumItems)
        let rules = TieredRuleReader(format: format, direction: direction, unknownPeers: unknownPeers)
        return items.enumerated().compactMap { rules.rule($1, index: $0) }
    }
}

extension Field {
    /// Pods of all namespaces that a selector matches; parties without a namespace are never among them.
    func tieredNamespaces() -> Selector? {
        selector(.namespace).map { $0.and(.exists(WellKnownLabel.namespace)) }
    }

    /// Pods by the labels of their namespaces and their own (`NamespacedPod`).
    func tieredPods(demandsNamespaces: Bool) -> Selector? {
        guard let reader = object(["namespaceSelector", "podSelector"]) else { return nil }
        let (namespaces, pods) = (reader["namespaceSelector"], reader["podSelector"])
        if namespaces == nil, demandsNamespaces { report(.missing("\(path)", "a \"namespaceSelector\"")) }
        guard let pods else {
            report(.missing("\(path)", "a \"podSelector\""))
            return nil
        }
        guard let ofPods = pods.selector(.pod) else { return nil }
        guard let namespaces else { return ofPods.and(.exists(WellKnownLabel.namespace)) }
        return namespaces.tieredNamespaces().map { Selector(ofPods.requirements + $0.requirements) }
    }

    /// Reports a list that is too short or too long.
    func check(_ count: Int, in bounds: ClosedRange<Int>) {
        if count < bounds.lowerBound {
            report(.missing("\(path)", "at least one item"))
        } else if count > bounds.upperBound {
            report(.invalid("\(path) has \(count) items, and the limit is \(bounds.upperBound)."))
        }
    }
}
