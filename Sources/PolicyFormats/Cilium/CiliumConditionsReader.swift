// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads what a `toPorts` item asks for beyond ports: L7 rules, TLS, server names, listeners.
///
/// Kafka and other L7 protocols are gone from Cilium 1.20; before it they are conditions that nothing here can check.
struct CiliumConditionsReader {
    let section: CiliumSection
    let scope: CiliumScope

    func conditions(_ reader: ObjectReader, entries: [CiliumPortsReader.Entry]) -> [Condition] {
        var conditions = reader["rules"].map { rules($0, entries: entries) } ?? []
        let hasL7 = !conditions.isEmpty
        let hasTLS = tls(reader, "terminatingTLS")
        let originates = tls(reader, "originatingTLS")
        if hasTLS || originates { conditions.append(.tls) }
        if let field = reader["serverNames"], let names = serverNames(field) {
            if hasL7, !hasTLS { field.report(.invalid("serverNames together with L7 rules needs terminatingTLS.")) }
            conditions.append(.serverNames(names))
        }
        if let field = reader["listener"], let name = listener(field) {
            if section.direction == .ingress {
                field.report(.invalid("A listener can only be used for outbound rules."))
            }
            if hasL7 { field.report(.invalid("A listener cannot be used together with L7 rules.")) }
            conditions.append(.listener(name))
        }
        return conditions
    }

    private func rules(_ field: Field, entries: [CiliumPortsReader.Entry]) -> [Condition] {
        guard let reader = field.object(["http", "dns", "kafka", "l7proto", "l7"]) else { return [] }
        refuseRemoved(reader)
        var conditions: [Condition] = []
        if let items = reader["http"]?.list(), !items.isEmpty {
            conditions.append(.http(items.compactMap { CiliumHTTPReader.match($0) }))
        }
        if let dnsField = reader["dns"], let items = dnsField.list(), !items.isEmpty {
            checkDNS(dnsField, entries: entries)
            conditions.append(.dns(items.compactMap { CiliumNames.pattern($0, scope.settings.version) }))
        }
        if let items = reader["kafka"]?.list(), !items.isEmpty { conditions.append(.kafka) }
        if let name = reader["l7proto"]?.string() {
            conditions.append(.l7(name))
        } else if let l7 = reader["l7"], let items = l7.list(), !items.isEmpty {
            l7.report(.missing("\(field.path)", "an \"l7proto\" for its \"l7\""))
        }
        if conditions.count > 1 { field.report(.invalid("\(field.path) may have only one kind of L7 rules.")) }
        guard let condition = conditions.first else { return [] }
        checkPorts(field, entries: entries, condition)
        return conditions
    }

    private func refuseRemoved(_ reader: ObjectReader) {
        let (removal, version) = (CiliumVersion(1, 20), scope.settings.version)
        guard version >= removal else { return }
        for name in ["kafka", "l7proto", "l7"] {
            reader.key(name)?.report(.gone("rules.\(name)", since: removal, has: version))
        }
    }

    private func checkDNS(_ field: Field, entries: [CiliumPortsReader.Entry]) {
        if section.direction == .ingress { field.report(.dnsNamesInbound) }
        if entries.isEmpty { field.report(.missing("\(field.path)", "\"ports\" beside it")) }
    }

    private func checkPorts(_ field: Field, entries: [CiliumPortsReader.Entry], _ condition: Condition) {
        var isDNS = false
        if case .dns = condition { isDNS = true }
        if scope.isHostPolicy, !isDNS {
            field.report(.invalid("L7 rules cannot be used in a policy for nodes."))
        }
        for entry in entries {
            if entry.isEveryPort { entry.field.report(.invalid("L7 rules need a port other than 0.")) }
            if isDNS {
                if entry.isRange { entry.field.report(.invalid("DNS rules cannot have a port range.")) }
                if let ipProtocol = entry.ipProtocol, ipProtocol != .tcp, ipProtocol != .udp {
                    entry.field.report(.invalid("DNS rules need the protocol TCP, UDP or ANY, not \(ipProtocol)."))
                }
            } else if entry.ipProtocol != .tcp {
                let found = entry.ipProtocol.map { "\($0)" } ?? "ANY"
                entry.field.report(.invalid("L7 rules need the protocol TCP, not \(found)."))
            }
        }
    }

    private func tls(_ reader: ObjectReader, _ name: String) -> Bool {
        guard let field = reader[name] else { return false }
        guard let context = field.object(["secret", "trustedCA", "certificate", "privateKey"]) else { return true }
        if let secret = context["secret"] {
            CiliumHTTPReader.checkSecret(secret)
        } else {
            field.report(.missing("\(field.path)", "a \"secret\""))
        }
        for name in ["trustedCA", "certificate", "privateKey"] { _ = context[name]?.string() }
        return true
    }

    private func serverNames(_ field: Field) -> [String]? {
        guard let names = field.strings() else { return nil }
        guard !names.isEmpty else {
            field.report(.invalid("\(field.path) needs at least one name, or must be left out."))
            return nil
        }
        var seen = Set<String>()
        for (name, item) in names {
            if name.isEmpty || name.utf8.count > 255 {
                item.report(.invalid("A server name must have 1 to 255 characters."))
            }
            if !seen.insert(name).inserted { item.report(.invalid("Server name \"\(shown(name))\" occurs twice.")) }
        }
        return names.map(\.text)
    }

    private func listener(_ field: Field) -> String? {
        guard let reader = field.object(["envoyConfig", "name", "priority"]) else { return nil }
        if let config = reader["envoyConfig"] {
            if let reader = config.object(["kind", "name"]) {
                _ = reader["kind"]?.string()
                if reader["name"]?.string() == nil { config.report(.missing("\(config.path)", "a \"name\"")) }
            }
        } else {
            field.report(.missing("\(field.path)", "an \"envoyConfig\""))
        }
        if let priority = reader["priority"], let number = priority.integer(), !(1...100).contains(number) {
            priority.report(.invalid("\(priority.path) must be from 1 to 100."))
        }
        guard let name = reader["name"] else {
            field.report(.missing("\(field.path)", "a \"name\""))
            return nil
        }
        return name.string()
    }
}

/// Reads HTTP request patterns of Cilium policies.
enum CiliumHTTPReader {
    static func match(_ field: Field) -> HTTPMatch? {
        guard let reader = field.object(["path", "method", "host", "headers", "headerMatches"]) else { return nil }
        var match = HTTPMatch()
        match.method = expression(reader["method"])
        match.path = expression(reader["path"])
        match.host = expression(reader["host"])
        match.headers = reader["headers"]?.strings()?.map(\.text) ?? []
        for item in reader["headerMatches"]?.list() ?? [] {
            if let header = header(item) { match.headers.append(header) }
        }
        return match
    }

    private static func expression(_ field: Field?) -> String? {
        guard let field, let text = field.string(), !text.isEmpty else { return nil }
        if let reason = ExpressionSyntax.problem(text) {
            field.report(.invalid("\"\(shown(text))\" is not a regular expression: \(reason)."))
        }
        return text
    }

    private static func header(_ field: Field) -> String? {
        guard let reader = field.object(["name", "value", "secret", "mismatch"]) else { return nil }
        if let secret = reader["secret"] { checkSecret(secret) }
        if let mismatch = reader["mismatch"], let word = mismatch.string(), !word.isEmpty,
            !["LOG", "ADD", "DELETE", "REPLACE"].contains(word)
        {
            let allowed = ["LOG", "ADD", "DELETE", "REPLACE"]
            mismatch.report(.notAllowed(word, for: "\(mismatch.path)", allowed: allowed))
        }
        guard let name = reader["name"]?.string(), !name.isEmpty else {
            field.report(.missing("\(field.path)", "a \"name\""))
            return nil
        }
        return reader["value"]?.string().map { "\(name): \($0)" } ?? name
    }

    /// Checks a reference to a secret.
    static func checkSecret(_ field: Field) {
        guard let reader = field.object(["namespace", "name"]) else { return }
        _ = reader["namespace"]?.string()
        guard let name = reader["name"] else {
            field.report(.missing("\(field.path)", "a \"name\""))
            return
        }
        if let text = name.string(), text.isEmpty { name.report(.missing("\(field.path)", "a \"name\"")) }
    }
}
