// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Glibc
import Netlink
import Synchronization

/// Keeps what a source reports and wakes the test that waits for it.
final class Collector<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var listeners: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())
    private let gate: Gate?

    /// - Parameter gate: holds deliveries back until it is opened.
    init(gate: Gate? = nil) { self.gate = gate }

    var all: [Element] { state.withLock { $0.elements } }

    func add(_ element: Element) {
        let listeners = state.withLock { state in
            state.elements.append(element)
            return state.listeners
        }
        for listener in listeners { listener.yield() }
    }

    /// Whether the condition comes to hold within the time.
    func waits(seconds: Double, for condition: @escaping @Sendable ([Element]) -> Bool) async throws -> Bool {
        let (news, writer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listeners.append(writer) }
        if condition(all) { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                for await _ in news where condition(all) { return true }
                return condition(all)
            }
            group.addTask {
                // Ends early only when the other task has the answer.
                do { try await Task.sleep(for: .seconds(seconds)) } catch {}
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}

extension Collector where Element == KernelEvent {
    /// Collects from the source while `body` runs, then stops it.
    func collect(
        from source: some KernelEventSource,
        while body: @escaping @Sendable () async throws -> Bool
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask { [self] in
                try await source.run { batch in
                    await gate?.pass()
                    for event in batch { add(event) }
                }
                return nil
            }
            group.addTask {
                // The source has bound its socket long before; what is sent earlier than that is not seen.
                try await Task.sleep(for: .milliseconds(100))
                return try await body()
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            return false
        }
    }
}

/// A door that is shut until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}

/// Sends one UDP datagram of four bytes from the network namespace of the calling thread.
func sendDatagram(to address: String, port: UInt16) throws {
    try sendDatagrams(count: 1, to: address, port: port)
}

/// Sends UDP datagrams of four bytes from one socket; answers of "port unreachable" are not looked at.
func sendDatagrams(count: Int, to address: String, port: UInt16) throws {
    let family = address.contains(":") ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("open a socket", code: errno) }
    defer { close(descriptor) }
    let payload: [UInt8] = [1, 2, 3, 4]
    for _ in 0..<count {
        let sent: Int
        if family == AF_INET6 {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &target.sin6_addr)
            sent = withUnsafePointer(to: target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, payload, payload.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = port.bigEndian
            inet_pton(AF_INET, address, &target.sin_addr)
            sent = withUnsafePointer(to: target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, payload, payload.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard sent == payload.count else { throw SystemError("send a datagram", code: errno) }
    }
}
