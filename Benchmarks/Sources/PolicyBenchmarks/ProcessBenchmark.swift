// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyModel

/// The built program as people run it: a folder of manifests in, text out, and the whole process measured.
enum ProcessBenchmark {
    private static let runs = 11

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func run() throws {
        let program = ProcessInfo.processInfo.environment["PALISADE_PROGRAM"] ?? ".build/release/palisade"
        for divisor in [100, 10, 1] {
            let world = AnalysisWorld(workloads: 300, policies: 300).scaled(by: divisor)
            let folder = try write(world)
            // A folder of manifests is no harm where it stays.
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let output = folder + "/map.txt"
            var usages: [Usage] = []
            for _ in 0..<runs { usages.append(try measure(program, ["map", "--files", folder], output: output)) }
            let seconds = usages.map(\.seconds).median
            Figure(
                benchmark: "palisade map of \(world.workloads) workloads and \(world.policies) policies in "
                    + "\(world.documents.count) files, whole process",
                value: seconds,
                unit: "s",
                target: divisor == 1 ? "< 0.1" : nil,
                isMet: divisor == 1 ? seconds < 0.1 : nil,
                runs: runs,
                more: [
                    ("cpu_s", usages.map(\.cpuSeconds).median), ("fastest", usages.map(\.seconds).min() ?? 0),
                    ("peak_mb", usages.map(\.peakMegabytes).median),
                    ("lines", Double(try Data(contentsOf: URL(fileURLWithPath: output)).count { $0 == 0x0A })),
                ]
            ).report()
        }
    }

    private static func write(_ world: AnalysisWorld) throws -> String {
        let folder = NSTemporaryDirectory() + "palisade-map-\(UInt32.random(in: 0...(.max)))"
        for name in ["objects", "policies"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        for document in world.documents {
            try Data(document.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(document.name)"))
        }
        return folder
    }

    private struct Usage {
        var seconds: Double
        var cpuSeconds: Double
        var peakMegabytes: Double
    }

    /// From before the program is started until it has ended.
    private static func measure(_ program: String, _ arguments: [String], output: String) throws -> Usage {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let start = Measured.monotonic
        guard posix_spawn(&process, program, &actions, nil, &words, environ) == 0 else {
            throw Failure(description: "\(program) cannot be started: swift build -c release --product palisade")
        }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, 0, &usage) == process, status == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")): status \(status)")
        }
        let seconds = Measured.monotonic - start
        let cpu = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
        return Usage(seconds: seconds, cpuSeconds: cpu[0] + cpu[1], peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }
}
