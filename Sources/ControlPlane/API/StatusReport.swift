// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import PolicyModel

/// What `palisade status` shows: one environment, completely.
public struct StatusReport: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case host, sandbox
        /// Looked at, and enforced by nobody here: manifests with recorded flows.
        case recorded
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Status"
    /// The version of the running process.
    public var version: String
    /// The environment's name.
    public var environment: String
    public var environmentKind: Kind
    /// What messages call the source of workloads: `podman (/run/podman/podman.sock)`, `sandbox`.
    public var runtime: String
    public var started: Timestamp
    public var mode: ModeReport
    /// The snapshot revision that answers are computed from.
    public var revision: UInt64
    public var enforcement: EnforcementReport
    public var endpoints: EndpointReport
    public var policies: PolicyHealth
    public var flows: FlowHealth
    /// What the self-test at start found missing; each names the fix.
    public var warnings: [String]

    public init(
        version: String,
        environment: String,
        environmentKind: Kind,
        runtime: String,
        started: Timestamp,
        mode: ModeReport,
        revision: UInt64,
        enforcement: EnforcementReport,
        endpoints: EndpointReport,
        policies: PolicyHealth,
        flows: FlowHealth,
        warnings: [String] = []
    ) {
        self.version = version
        self.environment = environment
        self.environmentKind = environmentKind
        self.runtime = runtime
        self.started = started
        self.mode = mode
        self.revision = revision
        self.enforcement = enforcement
        self.endpoints = endpoints
        self.policies = policies
        self.flows = flows
        self.warnings = warnings
    }
}

/// Whether the kernel holds what it should.
public struct EnforcementReport: Hashable, Sendable, Codable {
    /// A time during which our rules were not in the kernel.
    public struct Gap: Hashable, Sendable, Codable {
        public var from: Timestamp
        /// `nil` while it lasts.
        @OrNull public var to: Timestamp?
        /// The program that removed them, where the kernel told.
        @OrNull public var by: String?
        /// What else was wrong, when our rules were there and did not see all traffic; one sentence.
        @OrNull public var reason: String?

        public init(from: Timestamp, to: Timestamp? = nil, by: String? = nil, reason: String? = nil) {
            self.from = from
            self.to = to
            self.by = by
            self.reason = reason
        }
    }

    /// The kernel holds the ruleset of the current revision.
    public var inSync: Bool
    /// Of the ruleset in the kernel; `nil` before the first.
    @OrNull public var generation: UInt32?
    /// The snapshot revision that the kernel's rules were made from.
    @OrNull public var appliedRevision: UInt64?
    @OrNull public var lastApplied: Timestamp?
    /// The sentence of the last failed attempt since the last success.
    @OrNull public var lastError: String?
    /// Newest last, at most 100.
    public var gaps: [Gap]

    public init(
        inSync: Bool,
        generation: UInt32? = nil,
        appliedRevision: UInt64? = nil,
        lastApplied: Timestamp? = nil,
        lastError: String? = nil,
        gaps: [Gap] = []
    ) {
        self.inSync = inSync
        self.generation = generation
        self.appliedRevision = appliedRevision
        self.lastApplied = lastApplied
        self.lastError = lastError
        self.gaps = gaps
    }
}

/// How many endpoints there are and which ones policies do not reach.
public struct EndpointReport: Hashable, Sendable, Codable {
    public struct Unprotected: Hashable, Sendable, Codable {
        public var namespace: String
        public var name: String
        /// One sentence.
        public var reason: String

        public init(namespace: String, name: String, reason: String) {
            self.namespace = namespace
            self.name = name
            self.reason = reason
        }
    }

    public var enforced: Int
    /// Sorted by namespace and name; complete.
    public var unprotected: [Unprotected]

    public init(enforced: Int, unprotected: [Unprotected] = []) {
        self.enforced = enforced
        self.unprotected = unprotected
    }
}

/// How the loaded policies are.
public struct PolicyHealth: Hashable, Sendable, Codable {
    /// A policy that is in force, more closed than written, because some of it cannot be enforced here.
    public struct Degraded: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var policy: String
        public var findings: [Finding]

        public init(policy: String, findings: [Finding]) {
            self.policy = policy
            self.findings = findings
        }
    }

    /// A file whose present content is not in force.
    public struct BrokenFile: Hashable, Sendable, Codable {
        public var path: String
        /// Whether an earlier content of it is in force instead.
        public var keepsLastGood: Bool
        public var findings: [Finding]

        public init(path: String, keepsLastGood: Bool, findings: [Finding]) {
            self.path = path
            self.keepsLastGood = keepsLastGood
            self.findings = findings
        }
    }

    public var loaded: Int
    public var degraded: [Degraded]
    public var brokenFiles: [BrokenFile]

    public init(loaded: Int, degraded: [Degraded] = [], brokenFiles: [BrokenFile] = []) {
        self.loaded = loaded
        self.degraded = degraded
        self.brokenFiles = brokenFiles
    }
}

/// How observation is doing.
public struct FlowHealth: Hashable, Sendable, Codable {
    /// Flows per second over the last 10 seconds.
    public var flowsPerSecond: Double
    /// Events lost since start, by `LossSource` name; sources that lost nothing may be missing.
    public var lost: [String: UInt64]
    /// Records on which the engine's verdict and the kernel's differ, since start.
    public var disagreements: UInt64
    public var store: FlowStoreUsage
    /// What opening the store had to say (`FlowStoreOpening.sentences`), and why it cannot be written now.
    public var storeMessages: [String]

    public init(
        flowsPerSecond: Double,
        lost: [String: UInt64] = [:],
        disagreements: UInt64 = 0,
        store: FlowStoreUsage,
        storeMessages: [String] = []
    ) {
        self.flowsPerSecond = flowsPerSecond
        self.lost = lost
        self.disagreements = disagreements
        self.store = store
        self.storeMessages = storeMessages
    }
}

/// What `palisade down` did.
public struct TakeDownReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "TakeDown"
    public var environment: String
    /// What was removed, one phrase each: `table inet palisade`.
    public var removed: [String]

    public init(environment: String, removed: [String]) {
        self.environment = environment
        self.removed = removed
    }
}

/// What `palisade version` asks.
public struct VersionReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Version"
    public var version: String

    public init(version: String) { self.version = version }
}
