// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Files that are read line by line while their answers are written.
enum LineFiles {
    private static let chunkBytes = 1 << 20
    /// A line that is longer is taken in pieces, and none of them is likely to mean anything.
    private static let longestLine = 1 << 20

    /// Calls `answer` with each line that is not empty, and writes what it gives to standard output, in order.
    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - answer: what to write for a line.
    /// - Throws: `notFound` or `failure` when the file cannot be read.
    static func forEachLine(of path: String, _ answer: (UnsafeBufferPointer<UInt8>) -> String) throws {
        guard path == "-" || FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.notFound, "\(Escaping.terminal(path)) is not there.")
        }
        var rest: [UInt8] = []
        do {
            let handle =
                path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            while let part = try handle.read(upToCount: chunkBytes), !part.isEmpty {
                rest.append(contentsOf: part)
                rest = Self.answer(rest, isLast: rest.count > longestLine && !rest.contains(UInt8(ascii: "\n")), answer)
            }
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure(
                .failure,
                "\(Escaping.terminal(path)) cannot be read: \(error.localizedDescription)"
            )
        }
        _ = Self.answer(rest, isLast: true, answer)
    }

    /// - Returns: what is left behind the last line break.
    private static func answer(
        _ bytes: [UInt8],
        isLast: Bool,
        _ answer: (UnsafeBufferPointer<UInt8>) -> String
    ) -> [UInt8] {
        var output: [UInt8] = []
        var start = 0
        bytes.withUnsafeBufferPointer { buffer in
            func take(_ end: Int) {
                let line = UnsafeBufferPointer(rebasing: buffer[start..<end])
                if line.contains(where: { $0 > 0x20 }) { output.append(contentsOf: answer(line).utf8) }
            }
            for index in buffer.indices where buffer[index] == UInt8(ascii: "\n") {
                take(index)
                start = index + 1
            }
            if isLast, start < buffer.count {
                take(buffer.count)
                start = buffer.count
            }
        }
        Console.bytes(output)
        return Array(bytes[start...])
    }
}
