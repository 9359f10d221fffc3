// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Credentials
import Testing

@Suite struct RandomSecretsTests {
    let secrets = RandomSecrets()

    @Test func `secrets say what they are for, fit into URLs and headers, and never come twice`() {
        for kind in SecretKind.allCases {
            let made = Set((0..<1000).map { _ in secrets.secret(kind) })
            #expect(made.count == 1000)
            for text in made {
                #expect(text.hasPrefix(kind.rawValue))
                #expect(text.utf8.count == kind.rawValue.utf8.count + 43)
                #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
            }
        }
        #expect(Set((0..<1000).map { _ in secrets.id() }).count == 1000)
    }

    @Test func `a digest is the SHA-256 of the text in hexadecimal`() {
        #expect(secrets.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `equal is equal, whatever differs`() {
        #expect(ConstantTime.equal("abc", "abc"))
        #expect(!ConstantTime.equal("abc", "abd"))
        #expect(!ConstantTime.equal("abc", "ab"))
        #expect(ConstantTime.equal("", ""))
    }
}
