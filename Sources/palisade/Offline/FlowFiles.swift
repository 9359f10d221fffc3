// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation

/// Recorded traffic: Hubble's JSON lines from a file, or what the running environment has stored.
enum FlowFiles {
    private static let chunkBytes = 1 << 20

    /// Reads flows as `hubble observe -o json` writes them; `-` is standard input.
    static func traffic(_ path: String, _ options: GlobalOptions) throws -> RecordedTraffic {
        var reader = HubbleFlowReader()
        do {
            let handle =
                path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            while let part = try handle.read(upToCount: chunkBytes), !part.isEmpty { reader.read([UInt8](part)) }
        } catch {
            let isMissing = path != "-" && !FileManager.default.fileExists(atPath: path)
            throw CommandFailure(
                isMissing ? .notFound : .failure,
                isMissing
                    ? "\(Escaping.terminal(path)) is not there."
                    : "\(Escaping.terminal(path)) cannot be read: \(error.localizedDescription)"
            )
        }
        let traffic = reader.finish()
        if traffic.unreadable > 0 {
            options.say("\(traffic.unreadable) lines of \(Escaping.terminal(path)) are no flows and were left out.")
        }
        return traffic
    }

    /// What the running environment recorded since a time.
    static func recorded(since: String, _ options: GlobalOptions) async throws -> RecordedTraffic {
        let range = try TimeArguments.range(since: since, until: nil)
        let report: TrafficReport = try await options.server().get(
            "traffic",
            [("from", range.from.description), ("to", range.to.description)]
        )
        if report.omitted > 0 {
            options.say("\(report.omitted) connections past the limit of one answer were left out.")
        }
        return report.traffic
    }
}
