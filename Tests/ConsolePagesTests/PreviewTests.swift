// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import Foundation
import Testing

/// Writes every sample page to `PALISADE_PREVIEW`, to be looked at in a browser.
@Suite struct PreviewTests {
    static let directory = ProcessInfo.processInfo.environment["PALISADE_PREVIEW"]

    @Test(.enabled(if: directory != nil)) func pagesAreWrittenToBeLookedAt() throws {
        let directory = URL(fileURLWithPath: try #require(Self.directory))
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for name in Assets.names {
            let file = try #require(Assets.file(name))
            try Data(file.bytes).write(to: directory.appending(path: name))
        }
        for theme in [PageContext.Theme.light, .dark] {
            for name in SamplePages.names {
                let document = try #require(SamplePages(Samples(theme: theme)).document(name))
                let local = document.replacing("\"/assets/", with: "\"")
                try Data(local.utf8).write(to: directory.appending(path: "\(name)-\(theme.rawValue).html"))
            }
        }
    }
}
