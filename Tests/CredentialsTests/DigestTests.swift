// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Credentials
import Testing

@Suite struct DigestTests {
    @Test func theDigestOfABCIsTheOneOfTheStandard() {
        let hex = Digest.sha256("abc".utf8).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }
        #expect(hex.joined() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
