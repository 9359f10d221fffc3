// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
import Dispatch
import Glibc

/// A network namespace that is named by a path such as `/run/netns/web`.
public struct NetworkNamespace: Hashable, Sendable, CustomStringConvertible {
    public var path: String

    public init(path: String) { self.path = path }

    /// A namespace made by `ip netns add`.
    public init(named name: String) { self.init(path: "/run/netns/\(name)") }

    public var description: String { path }

    /// Runs `body` on a thread of its own inside the namespace and waits for it without holding a thread meanwhile.
    ///
    /// Sockets that `body` opens belong to the namespace for good and can be used from anywhere afterwards.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await DedicatedThread.run(name: "netns") { try enter(body) }
    }

    /// Runs `body` on a thread of its own inside the namespace and blocks the caller until it has returned.
    public func runBlocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let box = ResultBox<Value>()
        let done = DispatchSemaphore(value: 0)
        DedicatedThread.start(name: "netns") {
            box.result = Result { try self.enter(body) }
            done.signal()
        }
        done.wait()
        guard let result = box.result else { throw SystemError("run a thread in \(path)", code: EAGAIN) }
        return try result.get()
    }

    /// Moves the calling thread into the namespace; only for threads whose every later use belongs there.
    public func enterForGood() throws(SystemError) {
        let descriptor = try SystemError.check(palisade_open_path(path), "open the network namespace \(path)")
        defer { _ = palisade_close(descriptor) }  // Nothing can be done about a descriptor that does not close.
        try SystemError.check(palisade_enter_network_namespace(descriptor), "enter the network namespace \(path)")
    }

    private func enter<Value>(_ body: () throws -> Value) throws -> Value {
        try enterForGood()
        return try body()
    }
}

/// Written by one thread before it signals, read by another after it waited: the semaphore orders the two.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
    var result: Result<Value, any Error>?
}

/// A thread of our own, for calls that block and for work inside a network namespace.
public enum DedicatedThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a detached thread.
    ///
    /// The name (at most 15 bytes) is what `ps -L` and `top -H` show.
    /// - Precondition: the system can start one more thread.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
        let code = pthread_create(&thread, nil, threadMain, argument)
        precondition(code == 0, "cannot start a thread: error \(code)")
        pthread_detach(thread)
    }

    /// Runs `body` on a thread of its own and waits for it without holding a thread meanwhile.
    public static func run<Value: Sendable>(
        name: String,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start(name: name) { continuation.resume(with: Result { try body() }) }
        }
    }

    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument {
            let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
            palisade_name_thread(body.name)
            body.run()
        }
        return nil
    }
}
