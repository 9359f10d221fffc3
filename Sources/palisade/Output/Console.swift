// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Standard output for data, standard error for messages.
enum Console {
    /// One line of data.
    static func line(_ text: String) { write(text + "\n", to: .standardOutput) }

    /// One line for the person in front of the terminal.
    static func message(_ text: String) { write(text + "\n", to: .standardError) }

    /// Data that ends its own lines.
    static func text(_ text: String) { write(text, to: .standardOutput) }

    /// Data in pieces.
    static func bytes(_ bytes: [UInt8]) { write(Data(bytes), to: .standardOutput) }

    private static func write(_ text: String, to handle: FileHandle) { write(Data(text.utf8), to: handle) }

    private static func write(_ data: Data, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            // Nobody reads any more, or the disk is full: there is no place left to say it.
            exit(ExitStatus.failure.rawValue)
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
