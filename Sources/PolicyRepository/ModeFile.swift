// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import Foundation
internal import NetworkPrimitives
public import PolicyModel

/// Modes as a JSON file that people may read.
public actor ModeFile: ModeStore {
    private struct Content: Codable {
        struct PolicyMode: Codable {
            var policy: PolicyID
            var mode: Mode
        }

        var environment: Mode
        var namespaces: [String: Mode]
        var policies: [PolicyMode]
    }

    private let file: URL

    public init(path: String) { file = URL(fileURLWithPath: path) }

    public func load() throws -> ModeSettings? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
        return ModeSettings(
            environment: content.environment,
            namespaces: content.namespaces,
            policies: Dictionary(content.policies.map { ($0.policy, $0.mode) }) { _, last in last }
        )
    }

    public func store(_ settings: ModeSettings) throws {
        let content = Content(
            environment: settings.environment,
            namespaces: settings.namespaces,
            policies: settings.policies.sorted { $0.key < $1.key }.map { .init(policy: $0.key, mode: $0.value) }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(content).write(to: file, options: .atomic)
    }
}
