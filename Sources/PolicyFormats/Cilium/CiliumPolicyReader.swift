// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (cilium.io/v2) with the rules of one version of Cilium.
struct CiliumPolicyReader {
    let kind: PolicyKind
    let options: PolicyDecoder.Options

    func policy(_ object: ObjectReader) -> (policy: Policy, field: Field)? {
        object.refuseUnknown(["apiVersion", "kind", "metadata", "spec", "specs", "status"])
        guard let metadata = ObjectMetadata(of: object) else { return nil }
        if !kind.isNamespaced, metadata.namespace != nil, let field = object["metadata"]?.anyObject()?["namespace"] {
            field.report(.questionable("A \(kind.rawValue) has no namespace; this one is not used."))
        }
        let namespace = kind.isNamespaced ? metadata.namespace ?? options.defaultNamespace : nil
        var fields: [Field] = []
        if let spec = object["spec"] { fields.append(spec) }
        fields += object["specs"]?.list() ?? []
        guard !fields.isEmpty else {
            object.field.report(.missing("\(object.field.path)", "a \"spec\" or \"specs\""))
            return nil
        }
        let reader = CiliumSpecReader(kind: kind, namespace: namespace, settings: options.cilium)
        let specs = fields.compactMap { reader.spec($0) }
        guard specs.count == fields.count else { return nil }
        let policy = Policy(
            id: PolicyID(kind, namespace: namespace, name: metadata.name),
            location: object.field.location,
            specs: specs.map(\.spec),
            mode: metadata.mode,
            summary: specs.lazy.compactMap(\.description).first
        )
        return (policy, object["metadata"]?.anyObject()?["name"] ?? object.field)
    }
}

/// Reads one rule object of a Cilium policy: `spec`, or an item of `specs`.
struct CiliumSpecReader {
    let kind: PolicyKind
    /// `nil` for a cluster-wide policy.
    let namespace: String?
    let settings: CiliumSettings

    private static let fields = [
        "endpointSelector", "nodeSelector", "ingress", "ingressDeny", "egress", "egressDeny", "labels",
        "enableDefaultDeny", "description", "log",
    ]

    func spec(_ field: Field) -> (spec: PolicySpec, description: String?)? {
        guard let reader = field.object(Self.fields), let subject = subject(reader) else { return nil }
        let description = reader["description"]?.string()
        checkLabels(reader["labels"])
        checkLog(reader)
        let scope = CiliumScope(namespace: namespace, subject: subject, settings: settings)
        let defaults = reader["enableDefaultDeny"]?.object(["ingress", "egress"])
        let isIngressDenied = defaults?["ingress"]?.bool() ?? true
        let isEgressDenied = defaults?["egress"]?.bool() ?? true
        var rules: [Rule] = []
        var isolates: Set<Direction> = []
        var hasItems = false
        for section in CiliumSection.all {
            guard let items = reader[section.name]?.list(), !items.isEmpty else { continue }
            hasItems = true
            // A direction without items is not isolated, whatever enableDefaultDeny says of it.
            if section.direction == .ingress ? isIngressDenied : isEgressDenied { isolates.insert(section.direction) }
            let ruleReader = CiliumRuleReader(section: section, scope: scope)
            for (index, item) in items.enumerated() { rules += ruleReader.rules(item, index: index) }
        }
        if !hasItems {
            field.report(
                .missing("\(field.path)", "at least one rule in ingress, ingressDeny, egress or egressDeny")
            )
        }
        if let defaults { warnAboutOldDefaults(defaults, rules) }
        let spec = PolicySpec(subject: subject, isolates: isolates, rules: rules, location: field.location)
        return (spec, description)
    }

    private func subject(_ reader: ObjectReader) -> PolicySpec.Subject? {
        let (endpoints, nodes) = (reader["endpointSelector"], reader["nodeSelector"])
        switch (endpoints, nodes) {
        case (nil, nil):
            let names = kind.isNamespaced ? "an \"endpointSelector\"" : "an \"endpointSelector\" or \"nodeSelector\""
            reader.field.report(.missing("\(reader.field.path)", names))
            return nil
        case (.some, .some):
            reader.field.report(
                .invalid("\(reader.field.path) has both endpointSelector and nodeSelector; use one of them.")
            )
            return nil
        case (nil, .some(let nodes)):
            if kind.isNamespaced {
                reader.key("nodeSelector")?.report(.invalid("nodeSelector needs a CiliumClusterwideNetworkPolicy."))
            }
            return nodes.selector(.cilium).map { .nodes($0) }
        case (.some(let endpoints), nil):
            guard let selector = endpoints.selector(.cilium) else { return nil }
            return .endpoints(namespace.map { scoped(selector, to: $0, from: endpoints) } ?? selector)
        }
    }

    /// A subject is always inside the policy's namespace; another namespace in `matchLabels` is replaced.
    ///
    /// Only there: in `matchExpressions` another namespace stays, and the subject is then nobody.
    private func scoped(_ selector: Selector, to namespace: String, from field: Field) -> Selector {
        // The requirements of matchLabels come first.
        let labelCount = field.anyObject()?["matchLabels"]?.anyObject()?.entries.count ?? 0
        var requirements: [Selector.Requirement] = []
        for (index, requirement) in selector.requirements.enumerated() {
            guard index < labelCount, case .isIn(WellKnownLabel.namespace, let values) = requirement else {
                requirements.append(requirement)
                continue
            }
            for value in values where value != namespace {
                field.report(
                    .questionable(
                        "The subject's namespace \"\(shown(value))\" is replaced by the policy's, \"\(namespace)\"."
                    )
                )
            }
        }
        return Selector(requirements + [.isIn(WellKnownLabel.namespace, [namespace])])
    }

    private func checkLabels(_ field: Field?) {
        for item in field?.list() ?? [] {
            guard let reader = item.object(["key", "value", "source"]) else { continue }
            if reader["key"]?.string() == nil { item.report(.missing("\(item.path)", "a \"key\"")) }
            _ = (reader["value"]?.string(), reader["source"]?.string())
        }
    }

    /// What `enableDefaultDeny` meant before Cilium read it from the rules.
    private func warnAboutOldDefaults(_ defaults: ObjectReader, _ rules: [Rule]) {
        for direction in [Direction.ingress, .egress] {
            guard let field = defaults[direction.rawValue] else { continue }
            let ofDirection = rules.filter { $0.direction == direction }
            if field.node.bool == true, ofDirection.isEmpty, settings.version < CiliumVersion(1, 19) {
                field.report(
                    .readsDifferently(
                        settings.version,
                        "it may isolate \(direction.rawValue) although there are no rules for it"
                    )
                )
            }
            let hasRequests = ofDirection.contains { !$0.conditions.isEmpty }
            if field.node.bool == false, hasRequests, settings.version < CiliumVersion(1, 20) {
                field.report(
                    .readsDifferently(
                        settings.version,
                        "requests that the L7 rules do not name are refused nevertheless"
                    )
                )
            }
        }
    }

    private func checkLog(_ reader: ObjectReader) {
        if settings.version < CiliumVersion(1, 18) {
            reader.key("log")?.report(.notBefore(CiliumVersion(1, 18), "log", has: settings.version))
        }
        guard let reader = reader["log"]?.object(["value"]), let value = reader["value"], let text = value.string()
        else {
            return
        }
        let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if text.utf8.count > 32 || !isPrintable {
            value.report(.invalid("\(value.path) may have at most 32 printable characters."))
        }
    }
}

/// One of the four lists of rules.
struct CiliumSection: Equatable {
    var name: String
    var direction: Direction
    var action: RuleAction

    static let all = [
        CiliumSection(name: "ingress", direction: .ingress, action: .allow),
        CiliumSection(name: "ingressDeny", direction: .ingress, action: .deny),
        CiliumSection(name: "egress", direction: .egress, action: .allow),
        CiliumSection(name: "egressDeny", direction: .egress, action: .deny),
    ]
}
