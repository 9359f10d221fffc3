// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import Netlink

/// The kernel settings by which tracked connections count bytes and remember their start.
///
/// Only connections that begin afterwards have counters and a duration. Without these settings everything works, but
/// flows have no bytes and no duration.
public enum ConnectionAccounting {
    /// The settings, relative to `/proc/sys`.
    public static let settings = [
        "net/netfilter/nf_conntrack_acct", "net/netfilter/nf_conntrack_timestamp",
    ]

    /// Switches both on, in the network namespace of the process or in `namespace`.
    /// - Throws: when a setting can neither be read as 1 nor written.
    public static func enable(in namespace: NetworkNamespace? = nil) async throws {
        guard let namespace else { return try enableHere() }
        try await namespace.run { try enableHere() }
    }

    private static func enableHere() throws(SystemError) {
        for setting in settings { try KernelSetting(setting).ensure("1") }
    }
}
