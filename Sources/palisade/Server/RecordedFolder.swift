// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation
import PolicyAnalysis
import PolicyFormats
import PolicyModel

/// The folder of an environment that is looked at and not enforced here: manifests, policies, modes, recorded flows.
struct RecordedFolder: Sendable {
    let path: String

    var name: String { (path as NSString).lastPathComponent }
    var world: String { path + "/world" }
    var policies: String { path + "/policies" }
    var lastGood: String { path + "/last-good" }
    var modes: String { path + "/modes.json" }

    /// The folders under `environments` of a data directory, by name; those whose name starts with a dot are left out.
    static func all(in data: String) throws -> [RecordedFolder] {
        let parent = data + "/environments"
        guard FileManager.default.fileExists(atPath: parent) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
            .filter { !$0.hasPrefix(".") }
            .map { RecordedFolder(path: parent + "/" + $0) }
    }

    /// - Throws: `CommandFailure` `findings` when a manifest has errors.
    func snapshot() throws -> ClusterSnapshot {
        let sources = try ManifestFiles.documents([world])
        let read = WorldReader(.init()).read(sources)
        let errors = read.documents.flatMap(\.findings).filter { $0.severity == .error }
        guard errors.isEmpty else {
            errors.forEach { FindingText.lines($0).forEach(Console.message) }
            throw CommandFailure(.findings, "\(world) has errors, so \(name) cannot be shown.")
        }
        return read.snapshot
    }

    /// Writes manifests and policies of a demonstration.
    func write(_ demo: DemoEnvironment) throws {
        let files = FileManager.default
        for folder in [world, policies, lastGood] {
            try files.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        try Data(demo.world.utf8).write(to: URL(filePath: world + "/world.yaml"))
        for (name, text) in demo.policies {
            let file = URL(filePath: policies + "/" + name)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }
}
