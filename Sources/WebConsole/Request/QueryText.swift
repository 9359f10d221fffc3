// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import HummingbirdCore

/// Queries as browsers and most programs write them: `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
enum QueryText {
    /// Names and values in their order; a value that is no percent-encoding stays as it is.
    static func parameters(of uri: URI) -> [(name: String, value: String)] {
        (uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                // "+" is a space here, which percent-encoding does not know.
                let text = part.replacing("+", with: "%20")
                return text.removingPercentEncoding ?? String(part)
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }
}
