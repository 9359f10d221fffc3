// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import ControlPlane
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import WebConsole

/// Asks the running process over its unix socket.
struct APIClient {
    private let socket: String
    private let timeoutSeconds: Int64

    /// - Throws: a usage failure for a path that no socket can have.
    init(socket: String, timeoutSeconds: Int64) throws {
        guard socket.utf8.count <= UnixSocket.longestPath else {
            throw CommandFailure(
                .usage,
                "The socket path \(socket) has \(socket.utf8.count) bytes; \(UnixSocket.longestPath) fit. "
                    + "Use a data directory with a shorter path (--data)."
            )
        }
        self.socket = socket
        self.timeoutSeconds = timeoutSeconds
    }

    func get<Answer: Decodable>(_ path: String, _ query: [(String, String)] = []) async throws -> Answer {
        try await send(.GET, path, query, body: nil)
    }

    func send<Answer: Decodable>(_ method: HTTPMethod, _ path: String, body: some Encodable) async throws -> Answer {
        try await send(method, path, [], body: try JSONEncoder().encode(body))
    }

    func post<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await send(.POST, path, [], body: nil)
    }

    private func send<Answer: Decodable>(
        _ method: HTTPMethod,
        _ path: String,
        _ query: [(String, String)],
        body: Data?
    ) async throws -> Answer {
        var request = try request(path, query)
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await execute(request, .seconds(timeoutSeconds))
        let bytes = try await response.body.collect(upTo: 256 << 20)
        try check(response.status, bytes)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
        } catch {
            throw CommandFailure(
                .failure,
                "The answer cannot be read; client and server may differ (palisade version)."
            )
        }
    }

    /// Calls `receive` with live flows and counts of lost events until cancelled or the server ends.
    func live(_ filter: String, _ receive: (LiveFlows) throws -> Void) async throws {
        let response = try await execute(try request("flows/live", [("filter", filter)]), .hours(24 * 365))
        if response.status != .ok { try check(response.status, try await response.body.collect(upTo: 1 << 20)) }
        var parser = EventParser()
        for try await buffer in response.body {
            for event in parser.add(buffer.readableBytesView) {
                let data = Data(event.data.utf8)
                switch event.name {
                case "flows": try receive(try JSONDecoder().decode(LiveFlows.self, from: data))
                case "lost":
                    try receive(LiveFlows(items: [], lost: try JSONDecoder().decode(Lost.self, from: data).lost))
                default: continue
                }
            }
        }
    }

    private struct Lost: Decodable {
        var lost: UInt64
    }

    private func request(_ path: String, _ query: [(String, String)]) throws -> HTTPClientRequest {
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let encoded = query.map { name, value in
            // Encoding fails for text that is not Unicode, which a Swift string always is.
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }
        let uri = "/api/v1/\(path)" + (encoded.isEmpty ? "" : "?" + encoded.joined(separator: "&"))
        guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
            throw CommandFailure(.usage, "\(socket) cannot be a socket path. Use another --data.")
        }
        return HTTPClientRequest(url: url.absoluteString)
    }

    private func execute(_ request: HTTPClientRequest, _ timeout: TimeAmount) async throws -> HTTPClientResponse {
        guard FileManager.default.fileExists(atPath: socket) else { throw unreachable("nothing listens there") }
        guard access(socket, R_OK | W_OK) == 0 else {
            throw CommandFailure(
                .notPermitted,
                "\(socket) may only be opened by the user who runs palisade. Use that user, or sudo."
            )
        }
        do {
            return try await HTTPClient.shared.execute(request, timeout: timeout)
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw CommandFailure(.timedOut, "No answer from \(socket) within \(timeoutSeconds) s (--timeout).")
        } catch let error as CancellationError {
            throw error
        } catch {
            throw unreachable("\(error)")
        }
    }

    private func unreachable(_ cause: String) -> CommandFailure {
        CommandFailure(
            .unreachable,
            "palisade is not running on \(Escaping.terminal(socket)) (\(Escaping.terminal(cause))). "
                + "Start it with: palisade up, or name its data directory with --data."
        )
    }

    private func check(_ status: HTTPResponseStatus, _ body: ByteBuffer) throws {
        guard !(200..<300).contains(status.code) else { return }
        let data = Data(body.readableBytesView)
        // An answer that is no problem document is shown by its status alone.
        guard let problem = try? JSONDecoder().decode(Problem.self, from: data) else {
            throw CommandFailure(.failure, "The server answered \(status.code) \(status.reasonPhrase).")
        }
        throw problem.serviceError
    }
}

/// Reads Server-Sent Events from pieces of bytes (WHATWG HTML, 9.2).
struct EventParser {
    struct Event: Hashable {
        var name: String
        var data: String
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []

    mutating func add(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            if text.isEmpty {
                if !data.isEmpty { events.append(Event(name: name, data: data.joined(separator: "\n"))) }
                (name, data) = ("", [])
            } else if text.hasPrefix("event: ") {
                name = String(text.dropFirst(7))
            } else if text.hasPrefix("data: ") {
                data.append(String(text.dropFirst(6)))
            }
        }
        return events
    }
}
