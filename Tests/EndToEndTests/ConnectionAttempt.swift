// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport

/// What became of a TCP connection that busybox's `nc` tried to open: what is dropped in between says nothing, so it must
/// not be taken for a server that refuses.
enum ConnectionAttempt: Hashable, Sendable {
    case passed
    case refused
    case timedOut
    /// Anything else, which no test expects: a connection that opens and carries nothing, an address that is not there.
    case failed(String)

    /// Seconds until an attempt counts as dropped: time for a first packet and one that repeats it.
    private static let patience = 2

    /// Commands for a shell that try both families at the same time, and write a line about each.
    static func script(to destination: SampleContainer, port: UInt16 = SampleContainer.port) -> String {
        let attempts = IPAddress.Family.allCases.map { family in
            let connect = "busybox nc -w \(patience) \(destination.address(family)) \(port) </dev/null 2>&1"
            return "echo \(family) $(busybox timeout -s KILL 10 \(connect); echo $?) &"
        }
        return attempts.joined(separator: " ") + " wait"
    }

    /// What the script wrote.
    static func read(_ output: String) -> [IPAddress.Family: ConnectionAttempt] {
        let pairs = output.split(separator: "\n").compactMap { line in
            IPAddress.Family.allCases.first { line.hasPrefix("\($0) ") }
                .map { ($0, ConnectionAttempt(String(line.dropFirst("\($0) ".count)))) }
        }
        return Dictionary(pairs) { _, new in new }
    }

    /// Reads what `nc` said and its exit status: `nc: timed out 1`.
    private init(_ text: String) {
        switch text {
        case "0": self = .passed
        case _ where text.hasSuffix("Connection refused 1"): self = .refused
        case "nc: timed out 1": self = .timedOut
        default: self = .failed(text)
        }
    }
}
