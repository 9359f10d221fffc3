// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyModel
import PolicyRepository
import Testing

/// What has to survive a restart.
@Suite struct KeptFilesTests {
    private func room() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("kept-\(UUID().uuidString)").path
    }

    @Test func lastGoodContentsComeBackByPath() async throws {
        let path = room()
        let long = String(repeating: "very-long-folder/", count: 40) + "web.yaml"
        let kept = LastGoodDirectory(path: path)
        #expect(try await kept.load().isEmpty)
        try await kept.store([1, 0, 2], for: "a/web.yaml")
        try await kept.store(Array("text".utf8), for: long)
        try await kept.store([9], for: "gone.yaml")
        try await kept.store(nil, for: "gone.yaml")
        try await kept.store(nil, for: "never.yaml")
        #expect(try await LastGoodDirectory(path: path).load() == ["a/web.yaml": [1, 0, 2], long: Array("text".utf8)])
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func modesComeBack() async throws {
        let path = room()
        let file = ModeFile(path: path)
        #expect(try await file.load() == nil)
        let settings = ModeSettings(
            environment: .blocking,
            namespaces: ["shop": .audit],
            policies: [
                PolicyID(.networkPolicy, namespace: "shop", name: "web"): .audit,
                PolicyID(.ciliumClusterwideNetworkPolicy, namespace: nil, name: "all"): .blocking,
            ]
        )
        try await file.store(settings)
        #expect(try await ModeFile(path: path).load() == settings)
        try FileManager.default.removeItem(atPath: path)
    }
}
