// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// One connection that is kept open and asks one question at a time; blocks its thread.
final class HTTPClient {
    struct Answer {
        var status: Int
        /// As sent, with the status line.
        var head: String
        var body: [UInt8]
        /// From the first byte sent to the last byte read.
        var seconds: Double

        /// What the server says it took, in seconds; `nil` when it says nothing.
        var serverSeconds: Double? {
            guard let start = head.range(of: "server-timing: total;dur=", options: .caseInsensitive) else { return nil }
            return Double(head[start.upperBound...].prefix { $0.isNumber || $0 == "." }).map { $0 / 1000 }
        }
    }

    private let descriptor: Int32
    /// Host and cookie, the same for every request.
    private let fields: String
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)

    /// - Parameter session: the value of the session's cookie.
    init(port: UInt16, session: String = "") throws {
        descriptor = try TCPSocket.connected(to: port)
        fields = "Host: 127.0.0.1:\(port)\r\n" + (session.isEmpty ? "" : "Cookie: palisade=\(session)\r\n")
    }

    deinit { close(descriptor) }

    func get(_ path: String) throws -> Answer {
        let start = Measured.monotonic
        try TCPSocket.send("GET \(path) HTTP/1.1\r\n\(fields)\r\n", to: descriptor)
        var bytes: [UInt8] = []
        var bodyStart: Int?
        var (head, length) = ("", 0)
        while bodyStart.map({ bytes.count < $0 + length }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Program.Failure(description: "\(path): the server closed the connection") }
            bytes += buffer[..<count]
            guard bodyStart == nil, let end = Self.headEnd(bytes) else { continue }
            bodyStart = end
            head = String(decoding: bytes[..<end], as: UTF8.self)
            length = try Self.contentLength(head, path)
        }
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(
            status: status,
            head: head,
            body: Array(bytes[(bodyStart ?? 0)...]),
            seconds: Measured.monotonic - start
        )
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[$0 - 4..<$0].elementsEqual([13, 10, 13, 10]) }
    }

    private static func contentLength(_ head: String, _ path: String) throws -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            if let length = Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) { return length }
        }
        throw Program.Failure(description: "\(path) is answered without a length")
    }
}
