// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser

@main
struct Palisade {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: "--data") else { return }
        try await Composition.run(UpOptions(isSandbox: true, dataDirectory: arguments[index + 1]))
    }
}
