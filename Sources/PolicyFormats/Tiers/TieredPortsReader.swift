// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads the ports of a rule of an ordered policy: `ports` of v1alpha1, `protocols` of v1alpha2.
struct TieredPortsReader {
    let format: TieredFormat

    /// The ports; `nil` when the rule is about all of them.
    func ports(_ reader: ObjectReader) -> [PortMatch]? {
        guard let field = reader[format.portsField] else { return nil }
        guard let items = field.list() else { return [] }
        field.check(items.count, in: 1...format.maximumItems)
        return items.compactMap { format.portsField == "ports" ? port($0) : trafficProtocol($0) }
    }

    // MARK: v1alpha1

    private func port(_ field: Field) -> PortMatch? {
        guard let (name, value) = choice(field, ["portNumber", "namedPort", "portRange"]) else { return nil }
        switch name {
        case "namedPort": return named(value)
        case "portNumber":
            guard let reader = value.object(["protocol", "port"]) else { return nil }
            let ipProtocol = Field.ipProtocol(reader["protocol"])
            guard let number = required("port", of: reader)?.port() else { return nil }
            return .numbered([ipProtocol], PortRange(number))
        default:
            guard let reader = value.object(["protocol", "start", "end"]) else { return nil }
            let ipProtocol = Field.ipProtocol(reader["protocol"])
            return range(reader).map { .numbered([ipProtocol], $0) }
        }
    }

    // MARK: v1alpha2

    private func trafficProtocol(_ field: Field) -> PortMatch? {
        guard let (name, value) = choice(field, ["tcp", "udp", "sctp", "destinationNamedPort"]) else { return nil }
        let ipProtocol: IPProtocol
        switch name {
        case "tcp": ipProtocol = .tcp
        case "udp": ipProtocol = .udp
        case "sctp": ipProtocol = .sctp
        default: return named(value)
        }
        guard let reader = value.object(["destinationPort"]),
            let portField = required("destinationPort", of: reader),
            let (kind, port) = choice(portField, ["number", "range"])
        else { return nil }
        if kind == "number" { return port.port().map { .numbered([ipProtocol], PortRange($0)) } }
        guard let bounds = port.object(["start", "end"]), let range = range(bounds) else { return nil }
        if range.lowerBound == range.upperBound {
            port.report(.invalid("\(port.path) must end after it starts; use \"number\" for one port."))
        }
        return .numbered([ipProtocol], range)
    }

    // MARK: Both

    private func range(_ reader: ObjectReader) -> PortRange? {
        let (start, end) = (required("start", of: reader), required("end", of: reader))
        guard let first = start?.port(), let last = end?.port() else { return nil }
        guard first <= last else {
            let fix = end?.swapping(with: start)
            (end ?? reader.field).report(.reversedRange(from: Int(first), to: Int(last)), fix: fix)
            return nil
        }
        return PortRange(first, last)
    }

    /// A port by its name, whatever its protocol.
    private func named(_ field: Field) -> PortMatch? {
        guard let name = field.string() else { return nil }
        guard NameSyntax.isPortName(name, allowsUpperCase: false) else {
            field.report(.unknownPort(name))
            return nil
        }
        return .named(IPProtocol.withPorts, name)
    }

    private func required(_ name: String, of reader: ObjectReader) -> Field? {
        if let field = reader[name] { return field }
        let article = name.first.map { "aeiou".contains($0) } == true ? "an" : "a"
        reader.field.report(.missing("\(reader.field.path)", "\(article) \"\(name)\""))
        return nil
    }

    /// The one field of several that is set.
    private func choice(_ field: Field, _ names: [String]) -> (name: String, field: Field)? {
        guard let reader = field.object(names) else { return nil }
        let set = names.compactMap { name in reader[name].map { (name: name, field: $0) } }
        guard set.count < 2 else {
            field.report(.exclusive("\(field.path)", set.map(\.name)))
            return nil
        }
        if set.isEmpty { field.report(.missing("\(field.path)", "one of \(names.joined(separator: ", "))")) }
        return set.first
    }
}
