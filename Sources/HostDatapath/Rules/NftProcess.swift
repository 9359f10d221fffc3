// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs the `nft` program, one call at a time.
///
/// A call costs a process start, about ten milliseconds with the rules of a small host.
actor NftProcess {
    /// Bytes of nft's messages that are kept; an error repeats the line it is about, and a script can be long.
    private static let messageBytes = 16 * 1024

    private let command: [String]
    private let children: RecentChildren
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(command: [String], children: RecentChildren) {
        self.command = command
        self.children = children
    }

    /// Runs nft with a script on its standard input.
    /// - Parameter outputBytes: how much output is accepted; more is an error.
    /// - Returns: what nft printed.
    func run(_ arguments: [String], script: String = "", outputBytes: Int = 1 << 20) async throws -> String {
        await begin()
        defer { end() }
        Self.ignoreBrokenPipes
        let program = command.first ?? "nft"
        let children = children
        let result: ExecutionResult<[UInt8], StringOutput<UTF8>, SequenceOutput>
        do {
            result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst()) + arguments),
                input: .inputWriter,
                output: .string(limit: outputBytes),
                error: .sequence
            ) { execution in
                // Known before nft has read its script, so before it can change anything.
                children.add(UInt32(bitPattern: execution.processIdentifier.value))
                do {
                    _ = try await execution.standardInputWriter.write(script)
                } catch {
                    // nft left without reading all of it; its message and exit status say why.
                }
                try await execution.standardInputWriter.finish()
                return try await Self.collect(execution.standardError)
            }
        } catch let error as SubprocessError {
            guard error.code != .outputLimitExceeded else { throw NftError.outputTooLong(limit: outputBytes) }
            throw NftError.notStarted(program: program, reason: "\(error)")
        }
        switch result.terminationStatus {
        case .exited(0): return result.standardOutput
        case .exited:
            throw NftError.refused(text: Self.shortened(String(decoding: result.closureResult, as: UTF8.self)))
        case .signaled(let signal): throw NftError.killed(signal: signal)
        }
    }

    /// The first bytes of nft's messages; the rest is read and dropped so that nft can finish.
    private static func collect(_ output: SubprocessOutputSequence) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in output where bytes.count < messageBytes {
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(messageBytes - bytes.count)) }
        }
        return bytes
    }

    /// Once per process: writing to a child that has ended must be an error, not the end of us.
    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// The message on one line, without control characters that a terminal would obey.
    private static func shortened(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).prefix(6).map { line in
            String(
                String.UnicodeScalarView(line.unicodeScalars.prefix(400).filter { $0.value >= 32 && $0.value != 127 })
            )
        }
        return lines.joined(separator: " | ")
    }

    // An actor lets others in while it awaits; calls of nft must not overlap.

    private func begin() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func end() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}

/// The process ids of the last few calls, to tell our own changes of the kernel's rules from other people's.
final class RecentChildren: Sendable {
    private static let capacity = 16
    private let ids = Mutex<[UInt32]>([])

    func add(_ id: UInt32) {
        ids.withLock { ids in
            if ids.count == Self.capacity { ids.removeFirst() }
            ids.append(id)
        }
    }

    func contains(_ id: UInt32) -> Bool { ids.withLock { $0.contains(id) } }
}
