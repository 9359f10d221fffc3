// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// What `palisade up` was asked to do, resolved: no defaults are looked up after this.
struct UpOptions: Sendable {
    /// Build a private world of containers instead of looking at this host.
    var isSandbox: Bool
    /// Absolute path; made when it is not there.
    var dataDirectory: String
    /// Absolute path; `nil`: `policies` in the data directory.
    var policyDirectory: String?
    /// `nil`: the usual places.
    var runtimeSocket: String?
    /// Sets and keeps the environment's mode; `nil`: as it was last set, audit at first.
    var mode: Mode?
    var hostTraffic: HostTraffic
    var skipsBroken: Bool
    /// How long flow records are kept.
    var recordRetention: Duration
    /// How long counts per minute are kept.
    var countRetention: Duration
    /// Bytes of the flow store; 0 is no bound.
    var storeCapacity: UInt64
    /// Print neither the welcome nor, in the sandbox, the live flows.
    var isQuiet: Bool

    init(
        isSandbox: Bool = false,
        dataDirectory: String,
        policyDirectory: String? = nil,
        runtimeSocket: String? = nil,
        mode: Mode? = nil,
        hostTraffic: HostTraffic = .allowed,
        skipsBroken: Bool = false,
        recordRetention: Duration = .seconds(24 * 3600),
        countRetention: Duration = .seconds(30 * 24 * 3600),
        storeCapacity: UInt64 = 1 << 30,
        isQuiet: Bool = false
    ) {
        self.isSandbox = isSandbox
        self.dataDirectory = dataDirectory
        self.policyDirectory = policyDirectory
        self.runtimeSocket = runtimeSocket
        self.mode = mode
        self.hostTraffic = hostTraffic
        self.skipsBroken = skipsBroken
        self.recordRetention = recordRetention
        self.countRetention = countRetention
        self.storeCapacity = storeCapacity
        self.isQuiet = isQuiet
    }
}
