// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// The built `palisade server` over a data directory, on a free port of the loopback interface.
struct ServerProcess {
    let process: pid_t
    let port: UInt16

    /// Returns when it answers.
    static func start(_ data: ConsoleData) async throws -> ServerProcess {
        let program = ProcessInfo.processInfo.environment["PALISADE_PROGRAM"] ?? ".build/release/palisade"
        let port = try freePort()
        let arguments = ["server", "--demo", "--quiet", "--data", data.path, "--listen", "127.0.0.1:\(port)"]
        let server = ServerProcess(process: try Program.start(program, arguments), port: port)
        try await server.answers()
        return server
    }

    init(process: pid_t, port: UInt16) {
        self.process = process
        self.port = port
    }

    func answers() async throws {
        let start = Measured.monotonic
        while true {
            // Until it listens, connections are refused: that is what is waited for.
            if let client = try? HTTPClient(port: port), (try? client.get("/login"))?.status == 200 { return }
            guard Measured.monotonic - start < 120, waitpid(process, nil, WNOHANG) == 0 else {
                throw Program.Failure(description: "the server does not answer")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func stop() {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }

    /// Seconds of CPU so far, of all its threads.
    var cpu: Double {
        // A process that has ended uses none.
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    var residentMegabytes: Double { Measured.memory("VmRSS", of: "\(process)") }
    var peakMegabytes: Double { Measured.memory("VmHWM", of: "\(process)") }

    static func freePort() throws -> UInt16 {
        let descriptor = try TCPSocket.open()
        defer { close(descriptor) }
        var address = TCPSocket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Program.Failure(description: "no port of the loopback interface is free") }
        return UInt16(bigEndian: address.sin_port)
    }
}

/// Sockets of the loopback interface.
enum TCPSocket {
    static func open() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Program.Failure(description: "no socket: \(errno)") }
        return descriptor
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    /// - Parameter receiveBuffer: bytes that the kernel may hold for the reader; 0 is its own choice.
    static func connected(to port: UInt16, receiveBuffer: Int32 = 0) throws -> Int32 {
        let descriptor = try open()
        if receiveBuffer > 0 {
            var size = receiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = loopback(port)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw Program.Failure(description: "port \(port) refuses connections")
        }
        return descriptor
    }

    static func send(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Program.Failure(description: "the server closed the connection") }
            sent += count
        }
    }
}
