// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Logging
import PolicyModel

/// Reads the policy source into the policies in force, and keeps what must survive a restart.
actor PolicyIntake {
    private let source: any PolicySource
    private let lastGood: any LastGoodFiles
    private let capabilities: PolicyPipeline.Capabilities
    private let logger: Logger
    private var pipeline: PolicyPipeline?
    private var reported: Set<String> = []
    private var reading: Task<Void, Never>?
    /// Last good contents that are not on disk yet.
    private var unkept: [String: [UInt8]?] = [:]

    init(
        source: any PolicySource,
        lastGood: any LastGoodFiles,
        capabilities: @escaping PolicyPipeline.Capabilities,
        logger: Logger
    ) {
        self.source = source
        self.lastGood = lastGood
        self.capabilities = capabilities
        self.logger = logger
    }

    /// Reads every file that changed and says what is in force now; `keepLastGood` is to follow.
    /// - Throws: what the source throws; nothing changed then.
    func read() async throws -> PolicySet {
        let files = try await source.files()
        var pipeline = try await current()
        let outcome = pipeline.receive(files)
        self.pipeline = pipeline
        unkept.merge(outcome.lastGoodChanges) { _, new in new }
        report(outcome.policies)
        return outcome.policies
    }

    /// Reads and hands what is in force to a state, one reading after the other.
    ///
    /// Two at once could hand over what they read in the other order, and the older policies would stay in force.
    /// - Returns: the new world; `nil` when nothing changed.
    func take(into state: EnvironmentState) async throws -> EnvironmentWorld? {
        let before = reading
        let task = Task {
            await before?.value
            return await state.receive(try await self.read())
        }
        // Whoever comes next waits for the end of this one, however it ended.
        reading = Task { _ = await task.result }
        return try await task.value
    }

    /// Keeps what has become the last good content of files since it was last kept.
    ///
    /// Apart from reading, because writing to disk takes its time and the kernel comes first.
    func keepLastGood() async {
        // One at a time: what is read meanwhile replaces what has not been written yet.
        while let (path, bytes) = unkept.popFirst() {
            do {
                try await lastGood.store(bytes, for: path)
            } catch {
                logger.error(
                    "a policy's last good revision cannot be kept",
                    metadata: ["file": "\(path)", "error": "\(error)"]
                )
            }
        }
    }

    /// The text of each file as it is in force: its last good revision, which a broken one does not replace.
    /// - Parameter paths: `nil` is all.
    func textsInForce(of paths: Set<String>? = nil) async -> [String: String] {
        do {
            var contents: [String: [UInt8]] = [:]
            if let paths {
                for path in paths { contents[path] = try await lastGood.content(of: path) }
            } else {
                contents = try await lastGood.load()
            }
            return contents.mapValues { String(decoding: $0, as: UTF8.self) }
        } catch {
            logger.warning("the texts of policies cannot be read", metadata: ["error": "\(error)"])
            return [:]
        }
    }

    private func current() async throws -> PolicyPipeline {
        if let pipeline { return pipeline }
        return PolicyPipeline(lastGood: try await lastGood.load(), capabilities: capabilities)
    }

    /// Each finding is logged when it appears, not at every reading.
    private func report(_ policies: PolicySet) {
        let findings = policies.brokenFiles.flatMap(\.findings) + policies.degraded.values.flatMap { $0 }
        let texts = Set(findings.map(\.description))
        for text in texts.subtracting(reported).sorted() { logger.error("\(text)") }
        for file in policies.brokenFiles where !reported.contains(file.path) && file.keepsLastGood {
            logger.warning("\(file.path) is broken; its last good revision stays in force")
        }
        reported = texts.union(policies.brokenFiles.map(\.path))
    }
}
