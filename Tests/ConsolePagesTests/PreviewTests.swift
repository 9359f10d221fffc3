// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import Foundation
import Testing

/// Every sample page as files that a browser can open: in `PALISADE_PREVIEW`, to be looked at, else for the moment.
@Suite struct PreviewTests {
    private static let kept = ProcessInfo.processInfo.environment["PALISADE_PREVIEW"]

    @Test func pagesStandAloneWithTheirAssets() throws {
        let path = Self.kept ?? NSTemporaryDirectory() + "palisade-pages-\(UInt32.random(in: 0...(.max)))"
        let directory = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // One that stays behind is left to the system's own cleaning.
        defer { if Self.kept == nil { try? FileManager.default.removeItem(at: directory) } }
        for name in Assets.names {
            let file = try #require(Assets.file(name))
            try Data(file.bytes).write(to: directory.appending(path: name))
        }
        for theme in [PageContext.Theme.light, .dark] {
            for name in SamplePages.names {
                let document = try #require(SamplePages(Samples(theme: theme)).document(name))
                let references = document.matches(of: /"\/assets\/([^"?]+)/)
                #expect(!references.isEmpty, "\(name) has no styles")
                for reference in references {
                    let asset = directory.appending(path: String(reference.1))
                    #expect(FileManager.default.fileExists(atPath: asset.path()), "\(name) has no \(reference.1)")
                }
                let local = document.replacing("\"/assets/", with: "\"")
                try Data(local.utf8).write(to: directory.appending(path: "\(name)-\(theme.rawValue).html"))
            }
        }
    }
}
