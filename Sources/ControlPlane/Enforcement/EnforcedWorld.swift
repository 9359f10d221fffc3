// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyEvaluation
public import PolicyModel

/// A resolved snapshot with what the kernel needs beyond it.
public struct EnforcedWorld: Sendable {
    public var resolved: ResolvedSnapshot
    public var attachments: [WorkloadInventory.Attachment]

    public init(resolved: ResolvedSnapshot, attachments: [WorkloadInventory.Attachment]) {
        self.resolved = resolved
        self.attachments = attachments
    }

    public var revision: UInt64 { resolved.snapshot.revision }
}
