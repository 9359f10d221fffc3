// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// How figures of the analysis are taken: the median of a few runs of the wall clock, CPU time beside it.
struct Samples {
    private(set) var seconds: [Double] = []
    private(set) var cpu: [Double] = []

    mutating func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        let (start, cpuStart) = (Measured.monotonic, Measured.processCPU)
        let result = try body()
        cpu.append(Measured.processCPU - cpuStart)
        seconds.append(Measured.monotonic - start)
        return result
    }

    /// Reports the time as a figure; `limit` in seconds is the target.
    func report(_ name: String, limit: Double?, more: [(String, Double)] = []) {
        Figure(
            benchmark: name,
            value: seconds.median,
            unit: "s",
            target: limit.map { "< \($0)" },
            isMet: limit.map { seconds.median < $0 },
            runs: seconds.count,
            more: [("cpu_s", cpu.median), ("rss_mb", Measured.memory("VmRSS")), ("peak_mb", Measured.memory("VmHWM"))]
                + more
        ).report()
    }
}
