// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// A verdict in sign, word and colour.
enum VerdictMark {
    static func html(_ verdict: Verdict) -> HTML {
        tag("span", .class("verdict \(name(verdict))")) {
            icon(verdict)
            tag("span") { word(verdict) }
        }
    }

    static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .allowed: "Allowed"
        case .dropped: "Dropped"
        case .wouldDrop: "Would drop"
        }
    }

    /// Of classes and filters: `would-drop`.
    static func name(_ verdict: Verdict) -> String {
        switch verdict {
        case .allowed: "allowed"
        case .dropped: "dropped"
        case .wouldDrop: "would-drop"
        }
    }

    static func icon(_ verdict: Verdict) -> HTML {
        switch verdict {
        case .allowed: Icon.allowed
        case .dropped: Icon.dropped
        case .wouldDrop: Icon.wouldDrop
        }
    }
}
