// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
import Glibc
import Netlink
import NetworkPrimitives
import Synchronization

/// How many of the sandbox's connections got an answer.
public struct SandboxTally: Hashable, Sendable {
    /// Connections that were begun.
    public var begun: UInt64 = 0
    /// Connections that were made and answered.
    public var answered: UInt64 = 0
    /// Connections that nothing came back for.
    public var silent: UInt64 = 0
}

/// The sandbox's servers and clients: one thread, all sockets in one epoll set.
///
/// A socket stays in the network namespace that it was opened in, so the thread only enters a namespace to open one.
/// At most `maximumConnections` are open; beyond it servers refuse and clients skip a turn.
final class SandboxTraffic: Sendable {
    private static let maximumConnections = 512

    private let wakeUp: WakeUp
    private let tally = Mutex<[String: SandboxTally]>([:])

    init() throws(SystemError) { wakeUp = try WakeUp() }

    /// By `source destination`.
    var tallies: [String: SandboxTally] { tally.withLock { $0 } }

    /// Opens the servers and starts the clients.
    /// - Returns: when the servers listen.
    func start(_ plan: SandboxPlan, quietly isQuiet: Bool) async throws {
        let engine = try await DedicatedThread.run(name: "sandbox") { [self] in
            let engine = try TrafficEngine(plan, isQuiet: isQuiet, wakeUp: wakeUp) { [self] key, change in
                tally.withLock { change(&$0[key, default: SandboxTally()]) }
            }
            try engine.listen()
            return engine
        }
        DedicatedThread.start(name: "sandbox") { engine.run() }
    }

    func stop() { wakeUp.ring() }

    /// The state of the thread that moves the traffic: used by one thread at a time, handed over once.
    private final class TrafficEngine: @unchecked Sendable {
        private enum Role {
            case listener(isDatagram: Bool)
            case served(since: Int64)
            case client(key: String, socket: OutgoingSocket, deadline: Int64)
        }

        private struct Client {
            var conversation: SandboxPlan.Conversation
            var key: String
            var isIPv6: Bool
            var due: Int64
        }

        private let plan: SandboxPlan
        private let epoll: Int32
        private let wakeUp: WakeUp
        private let count: (String, (inout SandboxTally) -> Void) -> Void
        private var roles: [Int32: Role] = [:]
        private var clients: [Client] = []
        private var buffer = [UInt8](repeating: 0, count: 4096)

        init(
            _ plan: SandboxPlan,
            isQuiet: Bool,
            wakeUp: WakeUp,
            count: @escaping (String, (inout SandboxTally) -> Void) -> Void
        ) throws(SystemError) {
            self.plan = plan
            self.wakeUp = wakeUp
            self.count = count
            epoll = try SystemError.check(palisade_watch_open(), "open an epoll set")
            let now = monotonicMilliseconds()
            guard !isQuiet else { return }
            for (index, conversation) in plan.conversations.enumerated() {
                let key = "\(conversation.source) \(conversation.destination) \(conversation.service)"
                // Begun one after the other, so that there is something to see at once and no burst.
                let due = now + 50 + Int64(index) * 20
                clients.append(Client(conversation: conversation, key: key, isIPv6: index % 2 == 1, due: due))
            }
        }

        func listen() throws(SystemError) {
            for host in plan.hosts {
                try plan.networkNamespace(of: host).enterForGood()
                for isIPv6 in [Int32(0), 1] {
                    for port in host.tcpPorts { try listen(isIPv6, PALISADE_TCP, port, on: host.name) }
                    for port in host.udpPorts { try listen(isIPv6, PALISADE_UDP, port, on: host.name) }
                }
            }
        }

        private func listen(
            _ isIPv6: Int32,
            _ transport: palisade_transport,
            _ port: UInt16,
            on host: String
        ) throws(SystemError) {
            let descriptor = try SystemError.check(
                palisade_socket_listen(isIPv6, transport, port),
                "listen on port \(port) of \(host)"
            )
            watch(descriptor, as: .listener(isDatagram: transport == PALISADE_UDP))
        }

        private func watch(_ descriptor: Int32, forWriting: Bool = false, as role: Role) {
            guard palisade_watch_add(epoll, descriptor, forWriting ? 1 : 0) == 0 else {
                _ = close(descriptor)
                return
            }
            roles[descriptor] = role
        }

        /// Runs until woken.
        func run() {
            defer {
                for descriptor in roles.keys { _ = close(descriptor) }
                _ = close(epoll)
            }
            // Without the wake-up there would be no end.
            guard palisade_watch_add(epoll, wakeUp.watchedDescriptor, 0) == 0 else { return }
            var ready = [Int32](repeating: 0, count: 64)
            var nextSweep: Int64 = 0
            while true {
                let now = monotonicMilliseconds()
                let wait = beginDue(now)
                let count = palisade_watch_wait(epoll, &ready, Int32(ready.count), Int32(min(wait, 250)))
                for descriptor in ready.prefix(Int(max(count, 0))) {
                    guard descriptor != wakeUp.watchedDescriptor else { return }
                    handle(descriptor)
                }
                if now >= nextSweep {
                    sweep(now)
                    nextSweep = now + 250
                }
            }
        }

        /// Begins what is due; answers how long until the next is.
        private func beginDue(_ now: Int64) -> Int64 {
            var next: Int64 = 1000
            for index in clients.indices {
                if clients[index].due <= now {
                    begin(clients[index])
                    clients[index].isIPv6.toggle()
                    clients[index].due = max(
                        clients[index].due + Int64(clients[index].conversation.milliseconds),
                        now + 1
                    )
                }
                next = min(next, clients[index].due - now)
            }
            return max(next, 1)
        }

        private func begin(_ client: Client) {
            guard roles.count < SandboxTraffic.maximumConnections,
                let source = plan.host(client.conversation.source),
                let destination = plan.host(client.conversation.destination)
            else { return }
            let service = client.conversation.service
            let family: IPAddress.Family = client.isIPv6 ? .v6 : .v4
            count(client.key) { $0.begun += 1 }
            do {
                try plan.networkNamespace(of: source).enterForGood()
                let socket = try OutgoingSocket(to: destination.address(family), service)
                let deadline = monotonicMilliseconds() + 900
                let role = Role.client(key: client.key, socket: socket, deadline: deadline)
                watch(socket.descriptor, forWriting: socket.transport == PALISADE_TCP, as: role)
            } catch {
                // A way that is closed is what some of this traffic is there to show; the tally says so.
                count(client.key) { $0.silent += 1 }
            }
        }

        private func handle(_ descriptor: Int32) {
            switch roles[descriptor] {
            case nil: break
            case .listener(isDatagram: true):
                while palisade_socket_echo(descriptor, &buffer, buffer.count) >= 0 {}
            case .listener(isDatagram: false): accept(descriptor)
            case .served: serve(descriptor)
            case .client(let key, let socket, let deadline):
                advance(key, socket, deadline)
            }
        }

        private func accept(_ listener: Int32) {
            while true {
                let accepted = palisade_socket_accept(listener)
                guard accepted >= 0 else { return }
                if roles.count < SandboxTraffic.maximumConnections {
                    watch(accepted, as: .served(since: monotonicMilliseconds()))
                } else {
                    _ = close(accepted)
                }
            }
        }

        /// Sends back what came; ends with the client.
        private func serve(_ descriptor: Int32) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0, send(descriptor, buffer, count, Int32(MSG_NOSIGNAL)) == count { return }
            if count < 0, errno == EAGAIN { return }
            end(descriptor)
        }

        /// A client's socket is ready: a TCP connection is made and now speaks, or the answer is there.
        private func advance(_ key: String, _ socket: OutgoingSocket, _ deadline: Int64) {
            let isSpeaking = socket.transport != PALISADE_TCP || deadline < 0
            if isSpeaking {
                let received = recv(socket.descriptor, &buffer, buffer.count, 0)
                if received < 0, errno == EAGAIN { return }
                count(key) { if received > 0 { $0.answered += 1 } else { $0.silent += 1 } }
                end(socket.descriptor)
                return
            }
            guard palisade_socket_error(socket.descriptor) == 0,
                case let text = Array("GET / HTTP/1.1\r\nHost: sandbox\r\n\r\n".utf8),
                send(socket.descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count
            else {
                count(key) { $0.silent += 1 }
                end(socket.descriptor)
                return
            }
            // If this fails the connection ends at its deadline, unanswered.
            _ = palisade_watch_change(epoll, socket.descriptor, 0)
            // Negative: the connection is made, the answer is awaited until the same moment.
            roles[socket.descriptor] = .client(key: key, socket: socket, deadline: -deadline)
        }

        /// Ends what has waited too long.
        private func sweep(_ now: Int64) {
            for (descriptor, role) in roles {
                switch role {
                case .client(let key, _, let deadline) where abs(deadline) < now:
                    count(key) { $0.silent += 1 }
                    end(descriptor)
                case .served(let since) where since + 30_000 < now: end(descriptor)
                default: break
                }
            }
        }

        private func end(_ descriptor: Int32) {
            roles[descriptor] = nil
            _ = close(descriptor)
        }
    }
}
