// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

extension Field {
    /// IPv4 addresses written as IPv6 (RFC 4291, 2.5.5.2).
    private static let mappedIPv4 = Prefix(IPAddress(family: .v6, bits: 0xffff_0000_0000), length: 96)

    /// The protocol of a port as Kubernetes' own kinds write it; TCP where there is none.
    static func ipProtocol(_ field: Field?) -> IPProtocol {
        guard let field, let word = field.string() else { return .tcp }
        switch word {
        case "TCP": return .tcp
        case "UDP": return .udp
        case "SCTP": return .sctp
        default:
            let allowed = ["TCP", "UDP", "SCTP"]
            field.report(
                .notAllowed(word, for: "\(field.path)", allowed: allowed, near: nearest(to: word, among: allowed))
            )
            return .tcp
        }
    }

    /// An address block; host bits are cleared with a warning.
    ///
    /// - Parameter acceptsAddress: whether a bare address stands for the block that holds only it.
    func prefix(acceptsAddress: Bool = false) -> Prefix? {
        guard let text = string() else { return nil }
        let host = acceptsAddress ? IPAddress(text).map { (prefix: Prefix(host: $0), hasHostBits: false) } : nil
        guard let (prefix, hasHostBits) = host ?? Prefix.reading(text) else {
            report(.notARange(text))
            return nil
        }
        // Some readers take these for the IPv4 block inside, others never match them with an IPv4 address.
        guard !Self.mappedIPv4.contains(prefix) else {
            report(.notARange(text))
            return nil
        }
        if hasHostBits {
            report(.hostBits(text, readAs: "\(prefix)"), fix: replacing(with: "\(prefix)", isSafe: true))
        }
        return prefix
    }

    /// Exceptions to an address block.
    ///
    /// - Parameters:
    ///   - block: what they must lie inside; `nil` where the block is not known here.
    ///   - strictly: whether an exception must be smaller than the block.
    func exceptions(to block: Prefix?, strictly: Bool) -> [Prefix] {
        var result: [Prefix] = []
        for (index, item) in (list() ?? []).enumerated() {
            guard let exception = item.prefix() else { continue }
            if let block, !block.contains(exception) || (strictly && exception == block) {
                let edit = collector.text.removing(index, from: node)
                let fix = edit.map { Fix("Remove \(exception)", [$0], isSafe: true) }
                item.report(.exceptionOutside("\(exception)", "\(block)"), fix: fix)
            }
            result.append(exception)
        }
        return result
    }

    /// A number in a range; reports and returns `nil` outside it.
    func port() -> UInt16? {
        guard let number = integer() else { return nil }
        guard let port = UInt16(exactly: number), port > 0 else {
            report(.unknownPort("\(number)"))
            return nil
        }
        return port
    }
}
