// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// From nothing to ready: the built program, its sandbox, and the first status that says that the kernel holds the rules.
enum Startup {
    private static let runs = 9

    static func run() async throws {
        let program = ProcessInfo.processInfo.environment["PALISADE_PROGRAM"] ?? ".build/release/palisade"
        var samples: [Double] = []
        for _ in 0..<runs { samples.append(try await measure(program)) }
        Figure(
            benchmark: "palisade up --sandbox, from empty to ready",
            value: samples.median,
            unit: "s",
            target: "< 2 (median)",
            isMet: samples.median < 2,
            runs: runs,
            more: [("fastest", samples.min() ?? 0), ("slowest", samples.max() ?? 0)]
        ).report()
    }

    private static func measure(_ program: String) async throws -> Double {
        let directory = try TemporaryDirectory()
        let start = Measured.monotonic
        let process = try Program.start(program, ["up", "--sandbox", "--listen", "none", "--data", directory.path])
        var seconds = 0.0
        while !isReady(directory.path + "/palisade.sock") {
            seconds = Measured.monotonic - start
            guard seconds < 30, waitpid(process, nil, WNOHANG) == 0 else {
                throw Program.Failure(description: "the program was not ready after \(seconds) s")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        seconds = Measured.monotonic - start
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        try directory.remove()
        return seconds
    }

    /// Asks the program's API for its status.
    private static func isReady(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else { return false }
        let request = "GET /api/v1/environments/-/status HTTP/1.1\r\nHost: palisade\r\nConnection: close\r\n\r\n"
        guard send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) > 0 else { return false }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self).filter { !$0.isWhitespace }
        return text.contains("\"inSync\":true")
    }
}
