// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// Many readers of Server-Sent Events on one thread.
///
/// What is read is searched for the few bytes that matter and thrown away, so that the readers cost little beside the server.
struct LiveReaders {
    struct Client {
        let descriptor: Int32
        let isSlow: Bool
        var isClosed = false
        var isReading = true
        /// The end of what was read before, in case a mark lies across.
        var tail: [UInt8] = []
        var rows = 0
        var lost = 0
        /// Seconds between a flow's time and its arrival; of the newest flow of each read.
        var lags: [Double] = []
    }

    private(set) var clients: [Client] = []
    /// One for each client; a negative descriptor is not looked at.
    private var watched: [pollfd] = []
    private var buffer = [UInt8](repeating: 0, count: 128 << 10)
    private static let rowMark = Mark("flows.row", by: ".")
    private static let timeMark = Mark("datetime=\\\"", by: "=")
    private static let lostMark = Mark("data: {\"count\":", by: "{")

    mutating func add(_ path: String, port: UInt16, session: String, isSlow: Bool) throws {
        let descriptor = try TCPSocket.connected(to: port, receiveBuffer: isSlow ? 16 << 10 : 0)
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: palisade=\(session)\r\n\r\n"
        try TCPSocket.send(request, to: descriptor)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        clients.append(Client(descriptor: descriptor, isSlow: isSlow))
        watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }

    private mutating func watch(_ index: Int, _ isWatched: Bool) {
        watched[index].fd = isWatched ? clients[index].descriptor : -1
    }

    mutating func forget() {
        for index in clients.indices {
            (clients[index].rows, clients[index].lost, clients[index].lags) = (0, 0, [])
        }
    }

    func close() {
        for client in clients { Foundation.close(client.descriptor) }
    }

    mutating func read(until end: Double) throws {
        let start = Measured.monotonic
        while Measured.monotonic < end {
            turn(Int((Measured.monotonic - start) / 8) % 2 == 1)
            guard poll(&watched, nfds_t(watched.count), 100) > 0 else { continue }
            for index in watched.indices where watched[index].fd >= 0 && watched[index].revents != 0 { receive(index) }
            // More comes together then, and looking at a thousand sockets is worth it.
            Program.pause(seconds: 0.002)
        }
    }

    /// Slow clients stop and start.
    private mutating func turn(_ isPaused: Bool) {
        for index in clients.indices where clients[index].isSlow && clients[index].isReading == isPaused {
            clients[index].isReading = !isPaused
            guard !clients[index].isClosed else { continue }
            watch(index, !isPaused)
        }
    }

    private mutating func receive(_ index: Int) {
        let count = recv(clients[index].descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            guard count == 0 || errno != EAGAIN else { return }
            clients[index].isClosed = true
            watch(index, false)
            return
        }
        let bytes = clients[index].tail + buffer[..<count]
        let kept = min(bytes.count, 40)
        clients[index].tail = Array(bytes.suffix(kept))
        // What lay in the tail was counted with it, unless its mark ends in what is new.
        let old = bytes.count - count
        clients[index].rows += Self.marks(Self.rowMark, in: bytes, endingAfter: old).count
        for place in Self.marks(Self.lostMark, in: bytes, endingAfter: old) {
            let digits = bytes[(place + Self.lostMark.count)...].prefix { (0x30...0x39).contains($0) }
            clients[index].lost += Int(String(decoding: digits, as: UTF8.self)) ?? 0
        }
        guard let place = Self.marks(Self.timeMark, in: bytes, endingAfter: 0).last(where: { $0 + 45 < bytes.count })
        else { return }
        let text = bytes[(place + Self.timeMark.count)...].prefix { $0 != 0x5c }
        guard let time = Timestamp(String(decoding: text, as: UTF8.self)) else { return }
        clients[index].lags.append(Double(Measured.microsecondsNow - time.microseconds) / 1e6)
    }

    /// Where a mark starts whose end lies past a number of bytes.
    private static func marks(_ mark: Mark, in bytes: [UInt8], endingAfter old: Int) -> [Int] {
        var found: [Int] = []
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return }
            var start = max(0, old - mark.bytes.count + 1) + mark.pivot
            while start < all.count, let next = memchr(base + start, mark.pivotByte, all.count - start) {
                let pivot = base.distance(to: UnsafeRawPointer(next))
                start = pivot + 1
                let place = pivot - mark.pivot
                guard place + mark.bytes.count <= all.count, memcmp(base + place, mark.bytes, mark.bytes.count) == 0
                else { continue }
                found.append(place)
            }
        }
        return found
    }

    /// A text that is searched for by a byte of it that is rare.
    private struct Mark {
        let bytes: [UInt8]
        let pivot: Int
        var pivotByte: Int32 { Int32(bytes[pivot]) }
        var count: Int { bytes.count }

        init(_ text: String, by pivot: Character) {
            bytes = Array(text.utf8)
            self.pivot = text.firstIndex(of: pivot).map { text.distance(from: text.startIndex, to: $0) } ?? 0
        }
    }
}
