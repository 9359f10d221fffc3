// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Policy files that can be written, for the editor; `PolicySource` reads what is in force.
///
/// Paths are relative, as `PolicyPath` allows them.
public protocol PolicyFiles: Sendable {
    /// What a file holds; `nil` where there is none.
    /// - Throws: `PolicyFileError`.
    func read(_ path: String) async throws -> [UInt8]?

    /// Writes a file in full or not at all, and makes the folders that it lies in; what it held before must be `expected`.
    /// - Throws: `PolicyFileError`; `changed` when somebody else was faster.
    func write(_ bytes: [UInt8], to path: String, expecting expected: [UInt8]?) async throws

    /// Removes a file that holds `expected`.
    /// - Throws: `PolicyFileError`.
    func remove(_ path: String, expecting expected: [UInt8]) async throws

    /// Paths of files that are kept and not in force, sorted.
    func disabledPaths() async throws -> [String]
}

/// Why a policy file cannot be read or written.
public struct PolicyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        /// The path leads out of the directory, to a link, or is no policy file's.
        case refused
        /// It does not hold what it was said to hold.
        case changed
        case failed
    }

    public var code: Code
    public var path: String
    /// A part of a sentence: `is a link`.
    public var reason: String

    public init(_ code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    public var description: String { "The policy file \(path) \(reason)." }
}

/// Paths of policy files inside their directory.
public enum PolicyPath {
    /// What is in this folder of the directory is kept and not in force.
    public static let disabledFolder = "disabled"

    public static let extensions = ["yaml", "yml", "json"]

    /// Folders inside each other.
    public static let maximumDepth = 32

    /// Why a path is not one of a policy file, as a part of a sentence; `nil` when it is.
    public static func problem(_ path: String) -> String? {
        guard (1...1024).contains(path.utf8.count) else { return "must have a path of 1 to 1024 bytes" }
        guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return "may have no control characters or backslashes in its path"
        }
        let parts = parts(of: path)
        guard parts.count <= maximumDepth else { return "lies more than \(maximumDepth) folders deep" }
        for part in parts {
            guard !part.isEmpty, part != ".", part != ".." else { return "must lie inside the policy directory" }
            guard !part.hasPrefix(".") else { return "may not be hidden" }
            guard part.utf8.count <= 255 else { return "has a name of more than 255 bytes" }
        }
        guard let name = parts.last, let dot = name.lastIndex(of: "."), dot > name.startIndex,
            extensions.contains(name[name.index(after: dot)...].lowercased())
        else { return "must end in .yaml, .yml or .json" }
        return nil
    }

    /// Folders and name, as the file system takes them apart: a slash with a mark combined to it is a slash.
    public static func parts(of path: String) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
    }

    public static func isDisabled(_ path: String) -> Bool { path.utf8.starts(with: (disabledFolder + "/").utf8) }

    /// Where a file is kept that is in force under `path`.
    public static func disabled(_ path: String) -> String { isDisabled(path) ? path : "\(disabledFolder)/\(path)" }

    /// Where a file is in force that is kept under `path`.
    public static func enabled(_ path: String) -> String {
        var path = Substring(path)
        // What lies in a folder of that name inside it is not in force either.
        while isDisabled(String(path)) { path = Substring(path.utf8.dropFirst(disabledFolder.utf8.count + 1)) }
        return String(path)
    }
}
