// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Speaks HTTP with the runtime over its unix socket.
struct DockerClient: Sendable {
    /// Bytes of one answer at most; a thousand containers with fifty labels each stay below.
    private static let answerBytes = 64 << 20
    /// Bytes of one line of the event stream that are kept; a longer line counts as an event of unknown kind.
    private static let eventBytes = 1 << 20

    let socket: RuntimeSocket
    private let requestTimeout = TimeAmount.seconds(10)

    /// - Returns: the decoded answer; `nil` when the runtime says that there is no such thing (404).
    func get<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer? {
        // The client would try again and again until the timeout.
        guard RuntimeSocket.isSocket(socket.path) else {
            throw RuntimeError.unreachable(socket: socket.path, reason: "the socket is gone")
        }
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            response = try await HTTPClient.shared.execute(request(path), timeout: requestTimeout)
            body = try await response.body.collect(upTo: Self.answerBytes)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw RuntimeError.unreachable(socket: socket.path, reason: "\(error)")
        }
        guard response.status != .notFound else { return nil }
        guard response.status == .ok else {
            throw RuntimeError.badAnswer(request: path, reason: "status \(response.status.code)")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(buffer: body))
        } catch {
            throw RuntimeError.badAnswer(request: path, reason: "JSON that cannot be understood: \(error)")
        }
    }

    /// Calls `event` for each event that can have changed who is there, until cancelled or the stream ends.
    func events(_ event: () -> Void) async throws {
        let response: HTTPClientResponse
        do {
            // Once a day the stream ends and the caller begins a new one.
            response = try await HTTPClient.shared.execute(request("/events"), timeout: .hours(24))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw RuntimeError.unreachable(socket: socket.path, reason: "\(error)")
        }
        guard response.status == .ok else {
            throw RuntimeError.badAnswer(request: "/events", reason: "status \(response.status.code)")
        }
        var line: [UInt8] = []
        for try await chunk in response.body {
            for byte in chunk.readableBytesView {
                if byte == UInt8(ascii: "\n") {
                    if Self.matters(line) { event() }
                    line = []
                } else if line.count < Self.eventBytes {
                    line.append(byte)
                }
            }
            // Docker ends each event with a newline, other runtimes may not: an object that is complete counts as well.
            if !line.isEmpty, line.last == UInt8(ascii: "}"), Self.isComplete(line) {
                if Self.matters(line) { event() }
                line = []
            }
        }
        try Task.checkCancellation()
        throw RuntimeError.eventsEnded
    }

    private static func matters(_ line: [UInt8]) -> Bool {
        guard !line.isEmpty else { return false }
        do {
            return try JSONDecoder().decode(DockerAPI.Event.self, from: Data(line)).mattersHere
        } catch {
            // What cannot be understood may have changed something: the caller looks again.
            return true
        }
    }

    private static func isComplete(_ line: [UInt8]) -> Bool {
        do {
            _ = try JSONDecoder().decode(DockerAPI.Event.self, from: Data(line))
            return true
        } catch {
            // More of it comes with the next chunk.
            return false
        }
    }

    private func request(_ path: String) -> HTTPClientRequest {
        let host = socket.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? socket.path
        var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        // Without it the socket's path would be sent as the host, and runtimes refuse that.
        request.headers.add(name: "Host", value: "localhost")
        return request
    }
}
