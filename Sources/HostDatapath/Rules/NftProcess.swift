// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
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
        let file = try Self.file(script)
        // Nothing can be done about a descriptor that does not close.
        defer { try? file.close() }
        children.begin()
        defer { children.settle() }
        let program = command.first ?? "nft"
        let children = children
        let result: ExecutionResult<[UInt8], StringOutput<UTF8>, SequenceOutput>
        do {
            result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst()) + arguments),
                input: .fileDescriptor(file, closeAfterSpawningProcess: false),
                output: .string(limit: outputBytes),
                error: .sequence
            ) { execution in
                children.add(UInt32(bitPattern: execution.processIdentifier.value))
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

    /// The script as a file in memory, whole before nft starts.
    ///
    /// Through a pipe, nft would take the beginning of a script for all of it when this process is killed while writing.
    private static func file(_ script: String) throws(NftError) -> FileDescriptor {
        let descriptor = palisade_memory_file("palisade-rules")
        guard descriptor >= 0 else {
            throw .notStarted(program: "nft", reason: "no memory for its script: error \(-descriptor)")
        }
        let file = FileDescriptor(rawValue: descriptor)
        do {
            try file.writeAll(script.utf8)
            try file.seek(offset: 0, from: FileDescriptor.SeekOrigin.start)
        } catch {
            // Nothing can be done about a descriptor that does not close.
            try? file.close()
            throw .notStarted(program: "nft", reason: "its script cannot be written: \(error)")
        }
        return file
    }

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
    private struct State {
        var ids: [UInt32] = []
        var isStarting = false
    }

    private let state = Mutex(State())

    /// A child is about to be started, and may act before its id is known.
    func begin() { state.withLock { $0.isStarting = true } }

    func add(_ id: UInt32) {
        state.withLock { state in
            if state.ids.count == Self.capacity { state.ids.removeFirst() }
            state.ids.append(id)
            state.isStarting = false
        }
    }

    /// The child was not started, or has ended.
    func settle() { state.withLock { $0.isStarting = false } }

    /// Whether a process was a child; waits for the id of one that is being started.
    func contains(_ id: UInt32) async throws -> Bool {
        while true {
            let (isKnown, isStarting) = state.withLock { ($0.ids.contains(id), $0.isStarting) }
            if isKnown || !isStarting { return isKnown }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
