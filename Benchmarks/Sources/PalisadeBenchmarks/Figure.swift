// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// One measured figure, printed as a line of JSON.
struct Figure {
    var benchmark: String
    var value: Double
    var unit: String
    /// What the value should be, in words; `nil` for figures that are only informative.
    var target: String?
    var isMet: Bool?
    var runs: Int
    /// Further numbers by name.
    var more: [(String, Double)] = []

    func report() {
        var fields = ["\"benchmark\": \"\(benchmark)\"", "\"value\": \(Self.text(value))", "\"unit\": \"\(unit)\""]
        if let target { fields.append("\"target\": \"\(target)\"") }
        if let isMet { fields.append("\"met\": \(isMet)") }
        fields.append("\"runs\": \(runs)")
        fields += more.map { "\"\($0.0)\": \(Self.text($0.1))" }
        FileHandle.standardOutput.write(Data(("{" + fields.joined(separator: ", ") + "}\n").utf8))
    }

    private static func text(_ value: Double) -> String {
        value.rounded() == value && abs(value) < 1e15
            ? "\(Int(value))" : String(format: abs(value) < 1 ? "%.4f" : "%.2f", value)
    }
}

extension Array<Double> {
    /// The value below which a share of all values lies; 0 for no values.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * share))]
    }

    var median: Double { quantile(0.5) }
}

/// Clocks and the kernel's accounts of this process.
enum Measured {
    private static func seconds(_ clock: clockid_t) -> Double {
        withUnsafeTemporaryAllocation(of: timespec.self, capacity: 1) { time in
            guard let address = time.baseAddress else { return 0 }
            clock_gettime(clock, address)
            // By offset: the compiler takes the members for those of a module that cannot be imported (SwiftNIO's CNIOLinux).
            let raw = UnsafeRawPointer(address)
            let nanoseconds = raw.load(fromByteOffset: MemoryLayout<Int>.stride, as: Int.self)
            return Double(raw.load(as: Int.self)) + Double(nanoseconds) / 1e9
        }
    }

    static var monotonic: Double { seconds(CLOCK_MONOTONIC) }
    static var threadCPU: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }
    static var processCPU: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    static var microsecondsNow: Int64 { Int64(seconds(CLOCK_REALTIME) * 1e6) }

    /// Megabytes of a field of /proc/PID/status such as `VmRSS`, `VmHWM`.
    static func memory(_ field: String, of process: String = "self") -> Double {
        // A process that has ended has no memory.
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return 0 }
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
