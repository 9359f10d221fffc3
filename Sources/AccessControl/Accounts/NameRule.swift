// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which names accounts, groups and tokens may have.
///
/// Names are shown everywhere and written into the audit log, so that none may look like another or like a word of ours.
public enum NameRule: Hashable, Sendable, CaseIterable {
    /// Of a user: 1 to 64 characters `a-z 0-9 . _ - @ +`, a letter or digit first.
    case user
    /// Of a token: like a user's, also capital letters.
    case token
    /// Of a group: names of groups with `/` between, `platform/edge`; at most 8 of them and 256 characters.
    case groupPath
    /// What people call a user: up to 128 bytes of any text without control characters.
    case display

    /// Actors of the audit log that are not users.
    public static let reserved: Set<String> = ["anonymous", "owner", "system", "token"]
    public static let longestPath = 256
    public static let deepestPath = 8

    /// What is wrong with the name, as a sentence without the name in it; `nil`: it may be used.
    public func problem(_ name: String) -> String? {
        switch self {
        case .user:
            if Self.reserved.contains(name) { return "The name is used by Palisade itself." }
            return Self.isWord(name, capitals: false, also: "@+")
                ? nil
                : "A user name is 1 to 64 of the characters a-z, 0-9, . _ - @ +, and begins with a letter or digit."
        case .token:
            return Self.isWord(name, capitals: true, also: "@+")
                ? nil
                : "A token's name is 1 to 64 of the characters A-Z, a-z, 0-9, . _ - @ +, a letter or digit first."
        case .groupPath:
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            let fits = name.utf8.count <= Self.longestPath && parts.count <= Self.deepestPath
            return fits && parts.allSatisfy { Self.isWord(String($0), capitals: false, also: "") }
                ? nil
                : "A group's path is up to \(Self.deepestPath) names of a-z, 0-9, . _ -, a letter or digit first, / between."
        case .display:
            let fits = (1...128).contains(name.utf8.count)
            return fits && name.unicodeScalars.allSatisfy(Self.isShown)
                ? nil : "A display name is 1 to 128 bytes of text without control characters."
        }
    }

    private static func isWord(_ name: String, capitals: Bool, also: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        let others = Set("._-".utf8).union(also.utf8)
        for (index, byte) in name.utf8.enumerated() {
            let isSmall = (0x61...0x7a).contains(byte)
            let isDigit = (0x30...0x39).contains(byte)
            let isCapital = capitals && (0x41...0x5a).contains(byte)
            guard isSmall || isDigit || isCapital || (index > 0 && others.contains(byte)) else { return false }
        }
        return true
    }

    /// Neither control character nor one that turns or hides the text around it.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
