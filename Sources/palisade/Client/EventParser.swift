// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

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
