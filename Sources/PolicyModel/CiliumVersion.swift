// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A release line of Cilium, such as 1.19; patch releases do not change how policies are read.
public struct CiliumVersion: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    /// The lines whose policies can be read exactly.
    public static let supported = CiliumVersion(1, 16)...CiliumVersion(1, 20)
    /// What is assumed where nothing says otherwise.
    public static let latest = supported.upperBound

    public init(_ major: Int, _ minor: Int) {
        (self.major, self.minor) = (major, minor)
    }

    /// Reads `1.19`, `v1.19.4` or `1.20.0-rc.1`; `nil` when the text is no version.
    public init?(_ text: String) {
        let parts = text.drop { $0 == "v" }.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.prefix(2) != "vv", (2...3).contains(parts.count) else { return nil }
        guard let major = Self.number(parts[0]) else { return nil }
        // What follows the third number (`-rc.1`, `+build`) is not compared.
        let patch = parts.count == 3 ? parts[2].prefix { $0.isNumber } : "0"
        guard let minor = Self.number(parts[1]), Self.number(patch) != nil else { return nil }
        self.init(major, minor)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// `1.19`.
    public var description: String { "\(major).\(minor)" }

    public static func < (left: CiliumVersion, right: CiliumVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
