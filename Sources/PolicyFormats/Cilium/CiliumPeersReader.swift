// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads the peers of one item of a Cilium section.
struct CiliumPeersReader {
    let section: CiliumSection
    let scope: CiliumScope

    /// The fields that say who the peers are.
    static func members(_ direction: Direction) -> [String] { direction == .ingress ? ingressMembers : egressMembers }

    private static let ingressMembers = [
        "fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "fromGroups", "fromNodes",
    ]
    private static let egressMembers = [
        "toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toServices", "toGroups", "toNodes", "toFQDNs",
    ]

    /// The peers; `nil` when the item names none, `[]` when it names no one.
    ///
    /// An empty list of endpoints, CIDRs, entities or nodes is no one. An empty list of groups, services or DNS names is
    /// as if it were not there: Cilium does not look at their emptiness.
    func peers(_ reader: ObjectReader) -> [Peer]? {
        let names = Self.members(section.direction)
        var found: [(name: String, field: Field)] = []
        var namesNoOne = false
        for name in names {
            guard let field = reader[name], let items = field.list() else { continue }
            if !items.isEmpty {
                found.append((name, field))
            } else if !["fromGroups", "toGroups", "toServices", "toFQDNs"].contains(name) {
                namesNoOne = true
            }
        }
        if found.count > 1 { reader.field.report(.exclusive("\(reader.field.path)", found.map(\.name))) }
        guard let (name, field) = found.first, !namesNoOne else {
            for (name, field) in found { _ = peers(field, of: name) }
            return namesNoOne ? [] : nil
        }
        // Cilium never resolves services in deny rules: with ports, the rule denies them to everyone.
        if name == "toServices", section.action == .deny {
            _ = services(field)
            return nil
        }
        return peers(field, of: name)
    }

    private func peers(_ field: Field, of name: String) -> [Peer] {
        let items = field.list() ?? []
        switch name.drop(while: { !$0.isUppercase }) {
        case "Endpoints": return items.compactMap { endpoints($0) }
        case "CIDR": return items.compactMap { bareBlock($0) }
        case "CIDRSet": return items.compactMap { block($0) }
        case "Entities": return items.compactMap { entity($0) }
        case "Nodes": return items.compactMap { item in item.selector(.cilium).map { .nodes($0) } }
        case "Services": return [.services(services(field))]
        case "FQDNs": return [.dnsNames(items.compactMap { CiliumNames.pattern($0, scope.settings.version) })]
        default:
            items.forEach(checkGroup)
            return [.cloudGroups]
        }
    }

    private func endpoints(_ field: Field) -> Peer? {
        guard let selector = field.selector(.cilium) else { return nil }
        if scope.reachesBeyondEndpoints(selector) { field.report(.excludingSelector(version)) }
        return .endpoints(scope.scoped(selector))
    }

    private var version: CiliumVersion { scope.settings.version }

    /// An address block of `fromCIDR` or `toCIDR`; before 1.20 it may be a bare address, which stands for itself.
    private func bareBlock(_ field: Field) -> Peer? {
        let isAddress = field.node.string.flatMap { IPAddress($0) } != nil
        guard isAddress, version >= CiliumVersion(1, 20) else {
            return field.prefix(acceptsAddress: true).map { .cidr(CIDRPeer($0, reach: scope.settings.cidrReach)) }
        }
        field.report(
            .notARange(field.node.string ?? ""),
            notes: [Finding.Note("before Cilium 1.20 a bare address was read as a block of one")]
        )
        return nil
    }

    private func entity(_ field: Field) -> Peer? {
        guard let word = field.string() else { return nil }
        let allowed = Entity.allCases.filter { $0 != .worldIPv4 && $0 != .worldIPv6 }.map(\.rawValue)
        guard allowed.contains(word), let entity = Entity(rawValue: word) else {
            field.report(
                .notAllowed(word, for: "\(field.path)", allowed: allowed, near: nearest(to: word, among: allowed))
            )
            return nil
        }
        if entity == .clusterMesh, version < CiliumVersion(1, 20) {
            field.report(.notBefore(CiliumVersion(1, 20), "The entity cluster-mesh", has: version))
        }
        return .entity(entity)
    }

    private func block(_ field: Field) -> Peer? {
        let choices = ["cidr", "cidrGroupRef", "cidrGroupSelector"]
        guard let reader = field.object(choices + ["except"]) else { return nil }
        let set = choices.filter { reader[$0] != nil }
        guard set.count == 1, let choice = reader[set[0]] else {
            field.report(.invalid("\(field.path) needs exactly one of cidr, cidrGroupRef and cidrGroupSelector."))
            return nil
        }
        switch set[0] {
        case "cidr":
            let prefix = choice.prefix()
            let except = exceptions(reader["except"], to: prefix)
            return prefix.map { .cidr(CIDRPeer($0, except: except, reach: scope.settings.cidrReach)) }
        case "cidrGroupRef":
            let except = reader["except"]?.exceptions(to: nil, strictly: false) ?? []
            guard let name = choice.string() else { return nil }
            if !NameSyntax.isDNSSubdomain(name) {
                choice.report(.invalid("\"\(shown(name))\" is not the name of a CiliumCIDRGroup."))
            }
            return .cidrGroup(.named(name), except: except)
        default:
            if version < CiliumVersion(1, 17) {
                reader.key("cidrGroupSelector")?
                    .report(.notBefore(CiliumVersion(1, 17), "cidrGroupSelector", has: version))
            }
            let except = reader["except"]?.exceptions(to: nil, strictly: false) ?? []
            return choice.selector(.cilium).map { .cidrGroup(.selected($0), except: except) }
        }
    }

    /// Exceptions to a block; before 1.20 one may be broader than the block when its address lies inside.
    private func exceptions(_ field: Field?, to block: Prefix?) -> [Prefix] {
        guard version < CiliumVersion(1, 20), let block else {
            return field?.exceptions(to: block, strictly: false) ?? []
        }
        return (field?.list() ?? []).compactMap { item in
            guard let exception = item.prefix() else { return nil }
            guard !block.contains(exception) else { return exception }
            let address = item.node.string.flatMap { IPAddress(String($0.prefix { $0 != "/" })) }
            guard exception.contains(block), let address, block.contains(address) else {
                item.report(.exceptionOutside("\(exception)", "\(block)"))
                return nil
            }
            item.report(
                .readsDifferently(version, "exception \(exception) leaves nothing of \(block), and 1.20 refuses it")
            )
            return block
        }
    }

    private func services(_ field: Field) -> [ServiceReference] {
        (field.list() ?? []).compactMap { item in
            guard let reader = item.object(["k8sService", "k8sServiceSelector"]) else { return nil }
            let named = reader["k8sService"]?.object(["serviceName", "namespace"])
            let selected = reader["k8sServiceSelector"]?.object(["selector", "namespace"])
            // Both are checked; where both are set the selector counts.
            let name = named?["serviceName"]?.string()
            let namespaces = [selected, named].map { $0?["namespace"]?.string().flatMap { $0.isEmpty ? nil : $0 } }
            if let selected {
                guard let selector = selected["selector"] else {
                    selected.field.report(.missing("\(selected.field.path)", "a \"selector\""))
                    return nil
                }
                return selector.selector(.cilium).map { ServiceReference(.selected($0), namespace: namespaces[0]) }
            }
            guard let name else {
                item.report(.missing("\(item.path)", "a \"k8sService\" with a \"serviceName\", or a selector"))
                return nil
            }
            return ServiceReference(.named(name), namespace: namespaces[1])
        }
    }

    private func checkGroup(_ field: Field) {
        guard let reader = field.object(["aws"]), let aws = reader["aws"] else { return }
        let names = ["labels", "securityGroupsIds", "securityGroupsNames", "region"]
        guard let group = aws.object(names) else { return }
        _ = (group["labels"]?.stringMap(), group["region"]?.string())
        _ = (group["securityGroupsIds"]?.strings(), group["securityGroupsNames"]?.strings())
    }
}

/// DNS names and patterns (`matchName`, `matchPattern`) of Cilium policies.
enum CiliumNames {
    /// Reads one; reports and returns `nil` when it is not one.
    static func pattern(_ field: Field, _ version: CiliumVersion) -> DNSNamePattern? {
        guard let reader = field.object(["matchName", "matchPattern"]) else { return nil }
        let (name, pattern) = (reader["matchName"], reader["matchPattern"])
        guard name == nil || pattern == nil else {
            field.report(.exclusive("\(field.path)", ["matchName", "matchPattern"]))
            return nil
        }
        guard let written = name ?? pattern else {
            field.report(.missing("\(field.path)", "a \"matchName\" or \"matchPattern\""))
            return nil
        }
        guard let text = written.string() else { return nil }
        let isLegal = text.utf8.allSatisfy { byte in
            NameSyntax.isAlphanumeric(byte) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
                || (name == nil && byte == UInt8(ascii: "*"))
        }
        if !isLegal || text.isEmpty || text.utf8.count > 255 {
            written.report(
                .invalid(
                    """
                    "\(shown(text))" is not a DNS \(name == nil ? "pattern" : "name"): use letters, digits, "-", "_" \
                    and "."\(name == nil ? ", and \"*\"" : ""), at most 255.
                    """
                )
            )
        }
        return name == nil ? .pattern(Self.stars(text, written, version)) : .name(text)
    }

    /// A pattern as a version reads its stars: two of them are one before 1.19, but for a pattern of stars alone.
    private static func stars(_ text: String, _ field: Field, _ version: CiliumVersion) -> String {
        guard version < CiliumVersion(1, 19), text.contains("**"), text.contains(where: { $0 != "*" && $0 != "." })
        else { return text }
        var read = text
        while let double = read.firstRange(of: "**") { read.replaceSubrange(double, with: "*") }
        field.report(.readsDifferently(version, "\"\(shown(text))\" means \"\(shown(read))\" before 1.19"))
        return read
    }
}
