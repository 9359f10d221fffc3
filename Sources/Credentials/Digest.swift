// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Crypto

/// SHA-256 (FIPS 180-4).
public enum Digest {
    /// 32 bytes.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(bytes))) }
}
