// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The way from an object's root to one of its values; text is made only when a message needs it.
indirect enum FieldPath: CustomStringConvertible {
    case root
    case key(FieldPath, String)
    case item(FieldPath, Int)

    /// `spec.ingress[0].ports`; `the document` for the root.
    var description: String {
        let text = suffix
        return text.isEmpty ? "the document" : text
    }

    private var suffix: String {
        switch self {
        case .root: return ""
        case .key(let parent, let name):
            let prefix = parent.suffix
            return prefix.isEmpty ? shown(name) : "\(prefix).\(shown(name))"
        case .item(let parent, let index): return "\(parent.suffix)[\(index)]"
        }
    }
}
