// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// The servers that somebody signed in to: `$XDG_CONFIG_HOME/palisade/config.json`, readable by its owner only.
struct ClientConfiguration: Codable {
    /// A server with a name.
    struct Context: Codable, Hashable {
        var name: String
        var server: String
        /// File that holds the token and nothing else.
        var tokenFile: String?
        var certificateAuthority: String?
        var user: String?
    }

    var contexts: [Context] = []
    /// The name of the context that commands use.
    var current: String?

    var currentContext: Context? { contexts.first { $0.name == current } }

    static var directory: String {
        let environment = ProcessInfo.processInfo.environment
        if let config = environment["XDG_CONFIG_HOME"], !config.isEmpty { return config + "/palisade" }
        return (environment["HOME"] ?? "/") + "/.config/palisade"
    }

    static var path: String { directory + "/config.json" }

    /// Empty when nobody signed in yet.
    static func load() throws -> ClientConfiguration {
        guard FileManager.default.fileExists(atPath: path) else { return ClientConfiguration() }
        do {
            return try JSONDecoder().decode(ClientConfiguration.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandFailure(.failure, "\(path) cannot be read. Mend it, or remove it and sign in again.")
        }
    }

    func save() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try Self.write(encoder.encode(self) + Data("\n".utf8), to: Self.path)
    }

    /// Adds or replaces a context, keeps its token in a file of its own, and makes it the current one.
    mutating func use(_ context: Context, token: String) throws {
        var context = context
        let file = Self.directory + "/tokens/" + context.name
        try Self.write(Data((token + "\n").utf8), to: file)
        context.tokenFile = file
        contexts.removeAll { $0.name == context.name }
        contexts.append(context)
        current = context.name
        try save()
    }

    /// Forgets a context and its token.
    mutating func remove(_ name: String) throws {
        guard let context = contexts.first(where: { $0.name == name }) else {
            throw CommandFailure(
                .notFound,
                "There is no context \(Escaping.terminal(name)). See: palisade context list"
            )
        }
        contexts.removeAll { $0.name == name }
        if current == name { current = contexts.first?.name }
        try save()
        if let file = context.tokenFile, FileManager.default.fileExists(atPath: file) {
            try FileManager.default.removeItem(atPath: file)
        }
    }

    /// Written in full or not at all, and never readable by others.
    private static func write(_ data: Data, to path: String) throws {
        let url = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let temporary = path + ".new"
            guard
                FileManager.default.createFile(
                    atPath: temporary,
                    contents: data,
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CocoaError(.fileWriteUnknown) }
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw CommandFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
