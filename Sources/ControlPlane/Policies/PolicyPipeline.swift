// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyFormats
public import PolicyModel

/// Turns the policy files as they are now into the policies in force.
///
/// A file is taken as a whole: when anything in it is wrong, its last good content stays in force and the findings say
/// so. Output depends on the files and the last good contents alone, not on the order of earlier changes.
public struct PolicyPipeline: Sendable {
    private struct Known {
        var content: PolicyFile.Content
        var decoded: DecodedDocument
    }

    /// Why an environment enforces a policy more closed than it is written; no findings where it does not.
    public typealias Capabilities = @Sendable (Policy) -> [Finding]

    private let decoder: PolicyDecoder
    private let capabilities: Capabilities
    private var known: [String: Known] = [:]
    private var lastGood: [String: DecodedDocument] = [:]

    /// - Parameter lastGood: Contents from before a restart, by path.
    public init(
        lastGood: [String: [UInt8]],
        decoder: PolicyDecoder = PolicyDecoder(),
        capabilities: @escaping Capabilities
    ) {
        self.decoder = decoder
        self.capabilities = capabilities
        for (path, bytes) in lastGood {
            let decoded = decoder.decode(SourceDocument(name: path, bytes: bytes))
            if !decoded.hasErrors { self.lastGood[path] = decoded }
        }
    }

    /// What one reading of the files led to.
    public struct Outcome: Sendable {
        public var policies: PolicySet
        /// Last good contents that changed, by path; `nil` where the file is gone.
        public var lastGoodChanges: [String: [UInt8]?]
    }

    /// - Complexity: O(files and policies), plus decoding of files that changed.
    public mutating func receive(_ files: [PolicyFile]) -> Outcome {
        var outcome = Outcome(policies: PolicySet(), lastGoodChanges: [:])
        let files = files.sorted { $0.path < $1.path }
        let present = Dictionary(
            files.map { ($0.path, Known(content: $0.content, decoded: decode($0))) }
        ) { first, _ in first }
        for path in Array(lastGood.keys) where present[path] == nil {
            lastGood[path] = nil
            outcome.lastGoodChanges[path] = .some(nil)
        }
        var names = ObjectNames()
        for file in files { names.claim(present[file.path]?.decoded, for: file.path, lastGood: lastGood[file.path]) }
        for file in files { names.settle(present[file.path]?.decoded, of: file.path) }
        for file in files {
            guard let decoded = present[file.path]?.decoded else { continue }
            outcome.policies.warnings += decoded.findings.filter { $0.severity != .error }
            let duplicates = decoded.hasErrors ? [] : names.duplicates(in: decoded, of: file.path)
            if !decoded.hasErrors, duplicates.isEmpty {
                outcome.policies.add(decoded)
                if known[file.path]?.content != file.content, case .bytes(let bytes) = file.content {
                    outcome.lastGoodChanges[file.path] = bytes
                }
                lastGood[file.path] = decoded
                continue
            }
            outcome.policies.brokenFiles.append(
                BrokenPolicyFile(
                    path: file.path,
                    keepsLastGood: lastGood[file.path] != nil,
                    findings: decoded.findings.filter { $0.severity == .error } + duplicates
                )
            )
            if let earlier = lastGood[file.path].map({ names.takeRest(of: $0) }) {
                outcome.policies.add(earlier)
                outcome.policies.stale.formUnion(earlier.policies.map(\.id))
            }
        }
        known = present
        for policy in outcome.policies.policies {
            let findings = capabilities(policy)
            if !findings.isEmpty { outcome.policies.degraded[policy.id] = findings }
        }
        return outcome
    }

    private func decode(_ file: PolicyFile) -> DecodedDocument {
        if let last = known[file.path], last.content == file.content { return last.decoded }
        switch file.content {
        case .bytes(let bytes): return decoder.decode(SourceDocument(name: file.path, bytes: bytes))
        case .unreadable(let reason):
            let finding = Finding(
                "V101",
                .error,
                "The file \(reason).",
                at: SourceLocation(document: file.path, line: 1, column: 1)
            )
            return DecodedDocument(name: file.path, refusedBy: finding)
        }
    }
}

/// The policies in force and what has to be said about them.
public struct PolicySet: Hashable, Sendable {
    public var policies: [Policy] = []
    public var cidrGroups: [CIDRGroup] = []
    public var brokenFiles: [BrokenPolicyFile] = []
    /// Policies from the last good content of a file that is broken now.
    public var stale: Set<PolicyID> = []
    /// Policies that this environment enforces more closed than written, with the reasons.
    public var degraded: [PolicyID: [Finding]] = [:]
    /// Remarks that are no errors.
    public var warnings: [Finding] = []

    public init() {}

    mutating func add(_ decoded: DecodedDocument) {
        policies += decoded.policies
        cidrGroups += decoded.cidrGroups
    }
}

/// A policy file whose present content is not in force.
public struct BrokenPolicyFile: Hashable, Sendable {
    public var path: String
    /// Whether an earlier content of it is in force instead.
    public var keepsLastGood: Bool
    public var findings: [Finding]
}
