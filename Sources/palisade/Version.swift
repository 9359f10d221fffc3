// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// This program's version.
enum Version {
    static let current = "0.1.0"
}
