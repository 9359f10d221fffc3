// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Reads one peer of a form.
struct PeerFormReader {
    var form: FormReader
    let field: String
    let id: String
    let path: TreeEdit.Path

    /// `nil`: the form cannot express it, and nothing was added to its parts.
    mutating func peer(_ node: TextNode) -> FormPeer? {
        guard form.isCilium else { return networkPolicyPeer(node) }
        let value: PeerValue
        switch field.drop(while: { !$0.isUppercase }) {
        case "Endpoints":
            guard node.isObject else { return nil }
            let part = form.marks.part(id, node, key: nil, path)
            let pods = form.selector(node, key: nil, id: "\(id).pods", path)
            let split = CiliumNamespaces.split(pods.tests.map(\.test), isNamespaced: form.kind.isNamespaced)
            let value = PeerValue.pods(labels: split.pods, namespaces: split.namespaces)
            return FormPeer(part: part, field: field, value: value, pods: pods, namespaces: nil)
        case "Entities":
            guard let name = node.string else { return nil }
            value = .entity(name: name)
        case "CIDR":
            guard let block = node.string else { return nil }
            value = .block(cidr: block, except: [])
        case "CIDRSet":
            guard let block = Self.block(node) else { return nil }
            value = block
        case "FQDNs":
            guard let name = RuleFormReader.dns(node) else { return nil }
            value = name.isPattern ? .dnsPattern(pattern: name.name) : .dnsName(name: name.name)
        default:
            guard let service = Self.service(node) else { return nil }
            value = service
        }
        let part = form.marks.part(id, node, key: nil, path)
        return FormPeer(part: part, field: field, value: value, pods: nil, namespaces: nil)
    }

    private mutating func networkPolicyPeer(_ node: TextNode) -> FormPeer? {
        let names = node.pairs.filter { !$0.value.isNull }.map(\.key.name)
        guard node.isObject, !names.isEmpty, names.allSatisfy({ Self.fields.contains($0) }) else { return nil }
        if let block = node["ipBlock"], !block.isNull {
            guard names.count == 1, let value = Self.block(block) else { return nil }
            let part = form.marks.part(id, node, key: nil, path)
            return FormPeer(part: part, field: field, value: value, pods: nil, namespaces: nil)
        }
        let part = form.marks.part(id, node, key: nil, path)
        let pods = node.pair("podSelector").flatMap { pair in
            pair.value.isNull
                ? nil : form.selector(pair.value, key: pair.key, id: "\(id).pods", path + "podSelector")
        }
        let namespaces = node.pair("namespaceSelector").flatMap { pair in
            pair.value.isNull
                ? nil : form.selector(pair.value, key: pair.key, id: "\(id).namespaces", path + "namespaceSelector")
        }
        let value = PeerValue.pods(
            labels: pods?.tests.map(\.test) ?? [],
            namespaces: namespaces.map { Self.choice($0) } ?? .own
        )
        return FormPeer(part: part, field: field, value: value, pods: pods, namespaces: namespaces)
    }

    private static let fields = ["podSelector", "namespaceSelector", "ipBlock"]

    private static func choice(_ selector: FormSelector) -> NamespaceChoice {
        let tests = selector.tests.map(\.test)
        guard !tests.isEmpty else { return selector.locked.isEmpty ? .all : .matching(labels: []) }
        if tests.count == 1, tests[0].key == WellKnownLabel.namespaceName, tests[0].demandsOneValue {
            return .named(name: tests[0].values[0])
        }
        return .matching(labels: tests)
    }

    private static func block(_ node: TextNode) -> PeerValue? {
        guard let block = node["cidr"]?.string,
            node.pairs.allSatisfy({ ["cidr", "except"].contains($0.key.name) })
        else { return nil }
        let nodes = node["except"]?.items ?? []
        let except = nodes.compactMap(\.string)
        return except.count == nodes.count ? .block(cidr: block, except: except) : nil
    }

    private static func service(_ node: TextNode) -> PeerValue? {
        guard node.pairs.count == 1, let service = node["k8sService"], let name = service["serviceName"]?.string,
            service.pairs.allSatisfy({ ["serviceName", "namespace"].contains($0.key.name) && $0.value.string != nil })
        else { return nil }
        return .service(name: name, namespace: service["namespace"]?.string)
    }
}

/// How Cilium's selectors of peers say which namespaces they mean.
enum CiliumNamespaces {
    /// The label of the namespace itself, with the source that its documentation writes.
    static let key = "k8s:io.kubernetes.pod.namespace"
    static let labelPrefix = "k8s:io.cilium.k8s.namespace.labels."

    /// Tests of pods, and which namespaces the others mean; what is not simple is left among the pods' tests.
    static func split(
        _ tests: [LabelTest],
        isNamespaced: Bool
    ) -> (pods: [LabelTest], namespaces: NamespaceChoice) {
        let names = tests.filter { plain($0.key) == WellKnownLabel.namespace.name }
        let labels = tests.filter { plain($0.key).hasPrefix(WellKnownLabel.namespaceLabelPrefix) }
        let rest = tests.filter { !names.contains($0) && !labels.contains($0) }
        switch (names.count, labels.isEmpty) {
        case (0, true): return (tests, isNamespaced ? .own : .all)
        case (0, false):
            return (
                rest,
                .matching(
                    labels: labels.map {
                        let key = String(plain($0.key).dropFirst(WellKnownLabel.namespaceLabelPrefix.count))
                        return LabelTest(key, $0.comparison, $0.values)
                    }
                )
            )
        case (1, true) where names[0].demandsOneValue: return (rest, .named(name: names[0].values[0]))
        case (1, true) where names[0].comparison == .exists: return (rest, .all)
        default: return (tests, .own)
        }
    }

    /// The tests that say a choice.
    static func tests(_ choice: NamespaceChoice, isNamespaced: Bool) -> [LabelTest] {
        switch choice {
        case .own: []
        case .all: isNamespaced ? [LabelTest(key, .exists, [])] : []
        case .named(let name): [LabelTest(key, .equals, [name])]
        case .matching(let labels): labels.map { LabelTest(labelPrefix + $0.key, $0.comparison, $0.values) }
        }
    }

    private static func plain(_ key: String) -> String {
        for source in ["k8s:", "any:"] where key.hasPrefix(source) { return String(key.dropFirst(source.count)) }
        return key
    }
}
