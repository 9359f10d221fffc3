// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives

/// The environments that somebody may see.
struct EnvironmentList: Hashable, Sendable, Codable {
    struct Item: Hashable, Sendable, Codable {
        var name: String
        var environmentKind: StatusReport.Kind
        var mode: Mode
        /// Whether it is in effect; `null` before the first look.
        @OrNull var isModeObserved: Bool?
        var inSync: Bool
        /// The namespaces that the caller sees; `null` is all.
        @OrNull var namespaces: [String]?
    }

    var apiVersion = ControlPlane.apiVersion
    var kind = "EnvironmentList"
    var items: [Item]
}
