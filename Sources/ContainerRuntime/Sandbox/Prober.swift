// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
import Glibc
public import Netlink
public import NetworkPrimitives

/// One attempt to reach somebody.
public struct Probe: Hashable, Sendable {
    /// Where it comes from; `nil`: the process's own network namespace.
    public var source: NetworkNamespace?
    public var destination: IPAddress
    /// TCP, UDP, or ICMP in the destination's family, where the port does not matter.
    public var service: Service

    public init(from source: NetworkNamespace?, to destination: IPAddress, _ service: Service) {
        self.source = source
        self.destination = destination
        self.service = service
    }
}

/// What came of a probe.
public enum ProbeResult: Hashable, Sendable {
    /// The connection was made, or the datagram answered.
    case answered
    /// The packet arrived, and nobody listens there.
    case refused
    /// Nothing came back in time: what a policy that drops looks like.
    case silent
    /// The attempt could not be made, or the network says that there is no way.
    case failed(SystemError)

    /// Whether the packets passed.
    public var passed: Bool { self == .answered || self == .refused }
}

/// Tries many connections at once and says which packets came through.
public enum Prober {
    /// Runs all probes at the same time, one thread per source, and waits for each at most `milliseconds`.
    /// - Returns: the results in the order of the probes.
    public static func run(_ probes: [Probe], milliseconds: Int32 = 250) async -> [ProbeResult] {
        var results = [ProbeResult](repeating: .silent, count: probes.count)
        let groups = Dictionary(grouping: probes.indices) { probes[$0].source }
        await withTaskGroup(of: [(Int, ProbeResult)].self) { group in
            for (source, indices) in groups {
                group.addTask {
                    let found = await run(indices.map { probes[$0] }, from: source, milliseconds: milliseconds)
                    return Array(zip(indices, found))
                }
            }
            for await found in group {
                for (index, result) in found { results[index] = result }
            }
        }
        return results
    }

    private static func run(
        _ probes: [Probe],
        from source: NetworkNamespace?,
        milliseconds: Int32
    ) async -> [ProbeResult] {
        do {
            guard let source else {
                return try await DedicatedThread.run(name: "prober") { attempt(probes, milliseconds: milliseconds) }
            }
            return try await source.run { attempt(probes, milliseconds: milliseconds) }
        } catch {
            let failure = error as? SystemError ?? SystemError("probe", code: EIO)
            return probes.map { _ in .failed(failure) }
        }
    }

    /// All probes from the network namespace of the calling thread.
    private static func attempt(_ probes: [Probe], milliseconds: Int32) -> [ProbeResult] {
        var results = [ProbeResult](repeating: .silent, count: probes.count)
        var sockets: [(index: Int, socket: OutgoingSocket)] = []
        for (index, probe) in probes.enumerated() {
            do {
                sockets.append((index, try OutgoingSocket(to: probe.destination, probe.service)))
            } catch {
                results[index] = .failed(error)
            }
        }
        let deadline = monotonicMilliseconds() + Int64(milliseconds)
        while !sockets.isEmpty {
            let left = deadline - monotonicMilliseconds()
            guard left > 0 else { break }
            var watched = sockets.map { pollfd(fd: $0.socket.descriptor, events: $0.socket.pollEvents, revents: 0) }
            guard poll(&watched, nfds_t(watched.count), Int32(left)) > 0 else { continue }
            for place in watched.indices.reversed() where watched[place].revents != 0 {
                guard let result = sockets[place].socket.result() else { continue }
                results[sockets[place].index] = result
                sockets[place].socket.close()
                sockets.remove(at: place)
            }
        }
        for (_, socket) in sockets { socket.close() }
        return results
    }
}

/// A connection being made, or a datagram sent and its answer awaited.
struct OutgoingSocket {
    let descriptor: Int32
    let transport: palisade_transport

    /// Opens the socket in the network namespace of the calling thread; a datagram is sent at once.
    init(to destination: IPAddress, _ service: Service) throws(SystemError) {
        switch service.ipProtocol {
        case .tcp: transport = PALISADE_TCP
        case .udp: transport = PALISADE_UDP
        case .icmp, .icmpv6: transport = PALISADE_ECHO
        default: throw SystemError("probe \(service.ipProtocol)", code: EPROTONOSUPPORT)
        }
        let bytes = destination.bytes
        descriptor = try SystemError.check(
            palisade_socket_connect(bytes, Int32(bytes.count), transport, service.port),
            "connect to \(destination)"
        )
        guard transport != PALISADE_TCP else { return }
        let isEcho = transport == PALISADE_ECHO
        // An echo request: type, code, checksum and identifier (both filled in by the kernel), sequence; then text.
        let header: [UInt8] = isEcho ? [destination.family == .v4 ? 8 : 128, 0, 0, 0, 0, 0, 0, 1] : []
        let payload = header + Array("palisade".utf8)
        guard send(descriptor, payload, payload.count, Int32(MSG_NOSIGNAL)) == payload.count else {
            let code = errno
            close()
            throw SystemError("send to \(destination)", code: code)
        }
    }

    /// What to wait for.
    var pollEvents: Int16 { Int16(transport == PALISADE_TCP ? POLLOUT : POLLIN) }

    /// What came of it, once the socket is ready; `nil`: keep waiting.
    func result() -> ProbeResult? {
        var code = palisade_socket_error(descriptor)
        if code == 0, transport != PALISADE_TCP {
            var buffer = [UInt8](repeating: 0, count: 64)
            code = recv(descriptor, &buffer, buffer.count, 0) >= 0 ? 0 : errno
        }
        switch code {
        case 0: return .answered
        case ECONNREFUSED: return .refused
        case EAGAIN: return nil
        default: return .failed(SystemError("reach the destination", code: code))
        }
    }

    func close() {
        if transport == PALISADE_TCP { palisade_socket_reset_on_close(descriptor) }
        // Nothing can be done about a descriptor that does not close.
        _ = palisade_close(descriptor)
    }
}

/// Milliseconds of a clock that only goes forward.
func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
