// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A file of policies as it is now.
public struct PolicyFile: Hashable, Sendable {
    /// What was found under the path.
    public enum Content: Hashable, Sendable {
        case bytes([UInt8])
        /// It is there and cannot be used; a sentence without the path says why.
        case unreadable(String)
    }

    /// Relative to the source; unique in it.
    public var path: String
    public var content: Content

    public init(path: String, content: Content) {
        self.path = path
        self.content = content
    }
}

/// Where policies come from: a directory, later a Git repository.
public protocol PolicySource: Sendable {
    /// What messages call it.
    var name: String { get }

    /// Every policy file, sorted by path.
    /// - Throws: when the source as a whole cannot be read; what was read last stays in force.
    func files() async throws -> [PolicyFile]

    /// Calls `changed` after files may have changed, until cancelled.
    ///
    /// Spurious calls are allowed, and changes close together may be reported once.
    /// - Throws: when watching is not possible.
    func watch(changed: @Sendable () async -> Void) async throws
}

/// The last contents of policy files that could be used, kept across restarts.
public protocol LastGoodFiles: Sendable {
    /// Contents by path.
    func load() async throws -> [String: [UInt8]]

    /// The content of one file; `nil` where there is none.
    func content(of path: String) async throws -> [UInt8]?

    /// Keeps the content of a file, or forgets the file when `bytes` is `nil`.
    func store(_ bytes: [UInt8]?, for path: String) async throws
}
