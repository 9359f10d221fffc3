// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyModel
import PolicyRepository
import TestSupport
import Testing

/// Policy files as the editor writes them.
@Suite struct PolicyFilesTests {
    private let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root + "/shop", withIntermediateDirectories: true)
    }

    private func put(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(path)"))
    }

    private func names(_ folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted()
    }

    @Test func `a file is written in full, in folders that are made, and nothing else is left behind`() async throws {
        let files = PolicyDirectory(path: root)
        try await files.write(Array("one".utf8), to: "a/b/web.yaml", expecting: nil)
        #expect(try await files.read("a/b/web.yaml") == Array("one".utf8))
        try await files.write(Array("two".utf8), to: "a/b/web.yaml", expecting: Array("one".utf8))
        #expect(try await files.read("a/b/web.yaml") == Array("two".utf8))
        #expect(try names("a/b") == ["web.yaml"])
        try await files.remove("a/b/web.yaml", expecting: Array("two".utf8))
        #expect(try await files.read("a/b/web.yaml") == nil && names("a/b").isEmpty)
    }

    @Test func `a file that somebody else changed meanwhile is left alone`() async throws {
        let files = PolicyDirectory(path: root)
        try put("theirs", "web.yaml")
        await #expect(throws: PolicyFileError(.changed, path: "web.yaml", reason: "was changed by somebody else")) {
            try await files.write(Array("ours".utf8), to: "web.yaml", expecting: Array("old".utf8))
        }
        await #expect(throws: PolicyFileError.self) {
            try await files.write(Array("ours".utf8), to: "web.yaml", expecting: nil)
        }
        await #expect(throws: PolicyFileError.self) { try await files.remove("web.yaml", expecting: Array("old".utf8)) }
        #expect(try await files.read("web.yaml") == Array("theirs".utf8))
    }

    @Test(arguments: [
        "../web.yaml", "/etc/web.yaml", "shop/../../web.yaml", "shop//web.yaml", "./web.yaml", ".web.yaml",
        "shop/.git/web.yaml",
        "web.txt", "web", ".yaml", "", "web.yaml/", "a\u{0}b.yaml", "a\nb.yaml", "a\\b.yaml",
        String(repeating: "a", count: 300) + ".yaml", String(repeating: "a/", count: 40) + "b.yaml",
    ])
    func `paths that are none of policy files are refused`(path: String) async throws {
        let files = PolicyDirectory(path: root)
        await #expect(throws: PolicyFileError.self) { try await files.write([], to: path, expecting: nil) }
        await #expect(throws: PolicyFileError.self) { try await files.read(path) }
        #expect(try names() == ["shop"] && names("shop").isEmpty)
    }

    @Test func `links are neither followed nor replaced`() async throws {
        let outside = root + "-outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/web.yaml"))
        try FileManager.default.createSymbolicLink(atPath: root + "/out", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/link.yaml",
            withDestinationPath: outside + "/web.yaml"
        )
        let files = PolicyDirectory(path: root)
        for path in ["out/web.yaml", "out/new.yaml", "link.yaml", "link.yaml/web.yaml"] {
            await #expect(throws: PolicyFileError.self) { try await files.read(path) }
            await #expect(throws: PolicyFileError.self) { try await files.write([1], to: path, expecting: nil) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["web.yaml"])
        #expect(try String(contentsOfFile: outside + "/web.yaml", encoding: .utf8) == "secret")
    }

    @Test func `what is in the folder for disabled policies is kept and not read as a policy`() async throws {
        let files = PolicyDirectory(path: root)
        try FileManager.default.createDirectory(atPath: root + "/disabled/shop", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: root + "/shop/disabled", withIntermediateDirectories: true)
        for path in ["web.yaml", "disabled/shop/a.yaml", "disabled/b.yaml", "shop/disabled/c.yaml", "disabled.yaml"] {
            try put("x", path)
        }
        #expect(try await files.files().map(\.path) == ["disabled.yaml", "shop/disabled/c.yaml", "web.yaml"])
        #expect(try await files.disabledPaths() == ["disabled/b.yaml", "disabled/shop/a.yaml"])
    }

    @Test func `a removed file is gone at once although it is watched`() async throws {
        let files = PolicyDirectory(path: root)
        try put("x", "web.yaml")
        let (views, seen) = AsyncStream.makeStream(of: Void.self)
        let watch = Task {
            try await files.watch { seen.yield() }
        }
        for await _ in views { break }
        #expect(try await files.files().count == 1)
        try await files.remove("web.yaml", expecting: Array("x".utf8))
        #expect(try await files.files().isEmpty)
        watch.cancel()
    }
}
