// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import Logging
public import NftablesRuleset
public import PolicyModel

/// One environment on this host: endpoints and policies in, enforcement and explained flows out.
///
/// Holds the parts and moves values between them; each part keeps its own state.
public struct HostEnvironment: Sendable {
    /// What the environment is made from; concrete types are chosen where it is composed.
    public struct Parts: Sendable {
        public var workloads: any WorkloadSource
        public var policies: any PolicySource
        public var lastGood: any LastGoodFiles
        public var modes: any ModeStore
        public var applier: any RulesetApplier
        public var events: [any KernelEventSource]
        public var store: any FlowStore
        /// `nil` where nothing outside the rules can go wrong.
        public var health: (any DatapathHealth)?
        /// `nil` where policies cannot be written.
        public var editing: PolicyWriting?

        public init(
            workloads: any WorkloadSource,
            policies: any PolicySource,
            lastGood: any LastGoodFiles,
            modes: any ModeStore,
            applier: any RulesetApplier,
            events: [any KernelEventSource],
            store: any FlowStore,
            health: (any DatapathHealth)? = nil,
            editing: PolicyWriting? = nil
        ) {
            self.workloads = workloads
            self.policies = policies
            self.lastGood = lastGood
            self.modes = modes
            self.applier = applier
            self.events = events
            self.store = store
            self.health = health
            self.editing = editing
        }
    }

    /// What it takes to write policies.
    public struct PolicyWriting: Sendable {
        public var files: any PolicyFiles
        /// SHA-256 in hexadecimal.
        public var digest: @Sendable ([UInt8]) -> String

        public init(files: any PolicyFiles, digest: @escaping @Sendable ([UInt8]) -> String) {
            self.files = files
            self.digest = digest
        }
    }

    /// What stays the same while it runs.
    public struct Settings: Sendable {
        public var name: String
        public var kind: StatusReport.Kind
        public var version: String
        public var hostTraffic: HostTraffic
        /// Whether to start although a policy file is broken and has no last good content.
        public var skipsBroken: Bool
        /// What the self-test found missing.
        public var warnings: [String]
        /// What opening the store had to say.
        public var storeMessages: [String]

        public init(
            name: String,
            kind: StatusReport.Kind,
            version: String,
            hostTraffic: HostTraffic = .allowed,
            skipsBroken: Bool = false,
            warnings: [String] = [],
            storeMessages: [String] = []
        ) {
            self.name = name
            self.kind = kind
            self.version = version
            self.hostTraffic = hostTraffic
            self.skipsBroken = skipsBroken
            self.warnings = warnings
            self.storeMessages = storeMessages
        }
    }

    let parts: Parts
    let settings: Settings
    let state: EnvironmentState
    let enforcement: EnforcementLoop
    let pipeline: FlowPipeline
    let broadcast: FlowBroadcast
    let policyIntake: PolicyIntake
    let started: Int64
    let now: @Sendable () -> Int64
    let logger: Logger
    /// Called when the environment was taken down and the process should end.
    let stop: @Sendable () -> Void

    /// - Parameters:
    ///   - initialModes: The modes to start with, already merged from settings and flags.
    ///   - capabilities: Why this environment enforces a policy more closed than it is written.
    ///   - now: Microseconds since 1970.
    ///   - stop: Ends the process; called after `takeDown`.
    public init(
        parts: Parts,
        settings: Settings,
        initialModes: ModeSettings,
        capabilities: @escaping PolicyPipeline.Capabilities,
        logger: Logger,
        now: @escaping @Sendable () -> Int64,
        stop: @escaping @Sendable () -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.now = now
        self.logger = logger
        self.stop = stop
        started = now()
        let broadcast = FlowBroadcast()
        self.broadcast = broadcast
        let pipeline = FlowPipeline(store: parts.store, broadcast: broadcast, logger: logger, now: now)
        self.pipeline = pipeline
        state = EnvironmentState(modes: initialModes, hostTraffic: settings.hostTraffic, now: now)
        enforcement = EnforcementLoop(applier: parts.applier, logger: logger, now: now) { generation, world in
            await pipeline.expect(generation, world)
        }
        policyIntake = PolicyIntake(
            source: parts.policies,
            lastGood: parts.lastGood,
            capabilities: capabilities,
            logger: logger
        )
    }

    /// Reads endpoints and policies for the first time and enforces them; before that nothing in the kernel is touched.
    /// - Throws: `StartRefusal` when a broken policy would leave something open; else what the parts throw.
    public func start() async throws {
        try await enforcement.adopt()
        let inventory = try await parts.workloads.inventory()
        let policies = try await policyIntake.read()
        let modes = await state.modeSettings
        let hopeless = policies.brokenFiles.filter { !$0.keepsLastGood }
        if !hopeless.isEmpty, !settings.skipsBroken, modes.isBlockingSomewhere(for: policies.policies) {
            throw StartRefusal(files: hopeless)
        }
        _ = await state.receive(inventory)
        if let world = await state.receive(policies) { await enforcement.request(world.enforced) }
    }
}

extension HostEnvironment {
    /// Returns when the kernel enforces the world that was read first, or could not at the first attempt; `status` says
    /// which.
    public func settle() async {
        guard let world = await state.world else { return }
        // The failure is part of the status, and further attempts go on.
        try? await enforcement.enforce(world.enforced)
    }
}

extension HostEnvironment {
    /// Stores what still waits; called when the services have stopped.
    public func finish() async {
        await pipeline.flush()
        await policyIntake.keepLastGood()
    }
}

/// Why an environment in blocking mode does not start: policies that it cannot read might have closed something.
public struct StartRefusal: Error, CustomStringConvertible {
    public var files: [BrokenPolicyFile]

    public var description: String {
        let lines = files.flatMap(\.findings).prefix(20).map(\.description)
        let count =
            files.count == 1 ? "1 policy file is broken and has" : "\(files.count) policy files are broken and have"
        return lines.joined(separator: "\n")
            + "\n\(count) no earlier revision that could stay in force. Mend it, or start with --skip-broken to go without."
    }
}

extension ModeSettings {
    fileprivate func isBlockingSomewhere(for policies: [Policy]) -> Bool { !isAuditOnly(for: policies) }
}
