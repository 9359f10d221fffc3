// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import ControlPlane
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import WebConsole

/// Asks the running process, over its unix socket or over the network.
///
/// Paths are of the environment that is asked, `status`; with a slash before them of the server, `/users`.
struct APIClient {
    private let address: ServerAddress
    private let timeoutSeconds: Int64
    /// The environment that is asked; `-` is the only one.
    let environment: String

    /// - Throws: a usage failure for a path that no socket can have.
    init(_ address: ServerAddress, environment: String = "-", timeoutSeconds: Int64) throws {
        if case .socket(let socket) = address.place, socket.utf8.count > UnixSocket.longestPath {
            throw CommandFailure(
                .usage,
                "The socket path \(socket) has \(socket.utf8.count) bytes; \(UnixSocket.longestPath) fit. "
                    + "Use a data directory with a shorter path (--data)."
            )
        }
        self.address = address
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
    }

    func get<Answer: Decodable>(_ path: String, _ query: [(String, String)] = []) async throws -> Answer {
        try await send(.GET, path, query, body: nil)
    }

    /// All pages of a list as one.
    func all<List: PagedList>(_ path: String) async throws -> List {
        let limit = ("limit", "\(PageLimit.largest)")
        var list: List = try await get(path, [limit])
        while let cursor = list.next {
            let page: List = try await get(path, [limit, ("cursor", cursor)])
            list.items += page.items
            list.next = page.next
        }
        return list
    }

    func send<Answer: Decodable>(_ method: HTTPMethod, _ path: String, body: some Encodable) async throws -> Answer {
        try await send(method, path, [], body: try JSONEncoder().encode(body))
    }

    func post<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await send(.POST, path, [], body: nil)
    }

    func delete(_ path: String) async throws {
        let _: Nothing = try await send(.DELETE, path, [], body: nil)
    }

    /// Hands over the body piece by piece, as it comes.
    func download(_ path: String, _ query: [(String, String)], _ receive: ([UInt8]) -> Void) async throws {
        let response = try await execute(try request(path, query), .hours(24))
        if response.status != .ok { try check(response.status, try await response.body.collect(upTo: 1 << 20)) }
        for try await buffer in response.body { receive(Array(buffer.readableBytesView)) }
    }

    /// The answer of a request that has nothing to say.
    struct Nothing: Codable {}

    /// One segment of a path, whatever the name holds.
    static func segment(_ name: String) -> String {
        // Encoding fails for text that is not Unicode, which a Swift string always is.
        name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )

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
        if Answer.self == Nothing.self, bytes.readableBytes == 0, let nothing = Nothing() as? Answer { return nothing }
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
        let place = path.hasPrefix("/") ? String(path.dropFirst()) : "environments/\(Self.segment(environment))/\(path)"
        let encoded = query.map { name, value in "\(name)=\(Self.segment(value))" }
        let uri = "/api/v1/\(place)" + (encoded.isEmpty ? "" : "?" + encoded.joined(separator: "&"))
        var request: HTTPClientRequest
        switch address.place {
        case .socket(let socket):
            guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
                throw CommandFailure(.usage, "\(socket) cannot be a socket path. Use another --data.")
            }
            request = HTTPClientRequest(url: url.absoluteString)
        case .url(let server): request = HTTPClientRequest(url: server + uri)
        }
        request.headers.add(name: "user-agent", value: "palisade-cli \(ProgramVersion.current)")
        if let token = address.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        return request
    }

    private func execute(_ request: HTTPClientRequest, _ timeout: TimeAmount) async throws -> HTTPClientResponse {
        if case .socket(let socket) = address.place {
            guard FileManager.default.fileExists(atPath: socket) else { throw unreachable("nothing listens there") }
            guard access(socket, R_OK | W_OK) == 0 else {
                throw CommandFailure(
                    .notPermitted,
                    "\(socket) may only be opened by the user who runs palisade. Use that user, or sudo."
                )
            }
        }
        do {
            return try await HTTPClients.client(trusting: address.certificateAuthority).execute(
                request,
                timeout: timeout
            )
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw CommandFailure(.timedOut, "No answer from \(name) within \(timeoutSeconds) s (--timeout).")
        } catch let error as CancellationError {
            throw error
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw unreachable("\(error)")
        }
    }

    private var name: String {
        switch address.place {
        case .socket(let path): Escaping.terminal(path)
        case .url(let url): Escaping.terminal(url)
        }
    }

    private func unreachable(_ cause: String) -> CommandFailure {
        guard case .socket = address.place else {
            return CommandFailure(.unreachable, "\(name) cannot be reached (\(Escaping.terminal(cause))).")
        }
        return CommandFailure(
            .unreachable,
            "palisade is not running on \(name) (\(Escaping.terminal(cause))). "
                + "Start it with: palisade up, or name its data directory with --data, or a server with --server."
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
