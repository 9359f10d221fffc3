// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyModel

/// How a container's own words become an endpoint: pure functions of names and labels.
///
/// Names come from containers, so from anybody who may start one. Policy namespaces are DNS labels (RFC 1123); a name
/// that is none is made one, and gets a suffix computed from the original, so that two different names never end up as
/// the same namespace and no policy applies to more than was meant.
public enum ContainerNaming {
    static let namespaceLabel = "palisade.namespace"
    static let workloadLabel = "palisade.workload"
    static let portLabelPrefix = "palisade.port."
    static let composeProjectLabel = "com.docker.compose.project"
    static let composeServiceLabel = "com.docker.compose.service"

    /// The policy namespace: `palisade.namespace`, else the Compose project, else `default`.
    public static func namespace(_ labels: [String: String]) -> String {
        let wanted = [namespaceLabel, composeProjectLabel].lazy.compactMap { labels[$0] }.first { !$0.isEmpty }
        return wanted.map { dnsLabel($0) } ?? "default"
    }

    /// The workload: `palisade.workload`, else the Compose service, else the container's name.
    public static func workload(_ labels: [String: String], containerName: String) -> String {
        let wanted = [workloadLabel, composeServiceLabel].lazy.compactMap { labels[$0] }.first { !$0.isEmpty }
        return plainName(wanted ?? containerName)
    }

    /// The ports that labels `palisade.port.NAME=PORT[/tcp|udp|sctp]` name, by name; a label that says something else
    /// names no port, so that no rule with that name matches.
    public static func namedPorts(_ labels: [String: String]) -> [NamedPort] {
        labels.filter { $0.key.hasPrefix(portLabelPrefix) }.sorted { $0.key < $1.key }.compactMap { key, value in
            let name = String(key.dropFirst(portLabelPrefix.count))
            let parts = value.split(separator: "/", omittingEmptySubsequences: false)
            guard isPortName(name), (1...2).contains(parts.count), let port = UInt16(parts[0]), port > 0,
                let ipProtocol = parts.count == 1 ? .tcp : IPProtocol(name: String(parts[1])), ipProtocol.hasPorts
            else { return nil }
            return NamedPort(name, ipProtocol, port)
        }
    }

    /// A DNS label (RFC 1123): at most 63 of a-z, 0-9 and `-`, not at the ends.
    static func dnsLabel(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let isValid =
            (1...63).contains(bytes.count) && bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            && bytes.first != UInt8(ascii: "-") && bytes.last != UInt8(ascii: "-")
        if isValid { return text }
        let kept = text.lowercased().utf8.prefix(56).map { isLowerAlphanumeric($0) ? $0 : UInt8(ascii: "-") }
        let trimmed = kept.drop { $0 == UInt8(ascii: "-") }
        let stem = trimmed.isEmpty ? "x" : String(decoding: trimmed, as: UTF8.self)
        return "\(stem)\(stem.hasSuffix("-") ? "" : "-")\(suffix(bytes))"
    }

    /// Letters, digits, `_`, `.` and `-`, at most 200: what runtimes themselves allow in names.
    static func plainName(_ text: String) -> String {
        let bytes = Array(text.utf8)
        if (1...200).contains(bytes.count), bytes.allSatisfy(isPlain) { return text }
        let kept = bytes.prefix(190).map { isPlain($0) ? $0 : UInt8(ascii: "-") }
        return "\(String(decoding: kept, as: UTF8.self))-\(suffix(bytes))"
    }

    /// A name for a port (RFC 6335): at most 15 of a-z, 0-9 and `-`, with a letter.
    private static func isPortName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return dnsLabel(text) == text && bytes.count <= 15
            && bytes.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// Six hex digits from all bytes of a name (FNV-1a, folded).
    private static func suffix(_ bytes: [UInt8]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let digits = String((hash >> 24) ^ (hash & 0xff_ffff), radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains(byte)
    }
}
