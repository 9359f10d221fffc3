// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension Scope: LosslessStringConvertible {
    /// `everywhere`, `group/platform/edge`, `environment/production`, `namespace/production/shop`, `git`.
    public var description: String {
        switch self {
        case .everywhere: "everywhere"
        case .group(let path): "group/\(path)"
        case .environment(let name): "environment/\(name)"
        case .namespace(let environment, let namespace): "namespace/\(environment)/\(namespace)"
        case .git: "git"
        }
    }

    /// Reads what `description` writes; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("everywhere", 1): self = .everywhere
        case ("git", 1): self = .git
        case ("group", 2):
            guard NameRule.groupPath.problem(parts[1]) == nil else { return nil }
            self = .group(parts[1])
        case ("environment", 2):
            guard Self.isName(parts[1]) else { return nil }
            self = .environment(parts[1])
        case ("namespace", 2):
            let names = parts[1].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard names.count == 2, names.allSatisfy(Self.isName) else { return nil }
            self = .namespace(environment: names[0], namespace: names[1])
        default: return nil
        }
    }

    /// Names of environments and namespaces: 1 to 253 of the characters `A-Z a-z 0-9 . _ -`.
    private static func isName(_ name: String) -> Bool {
        (1...253).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == 0x2d || byte == 0x2e || byte == 0x5f
            }
    }
}

extension Grant: CustomStringConvertible {
    /// `Author on environment/production`.
    public var description: String { "\(role.title) on \(scope)" }
}
