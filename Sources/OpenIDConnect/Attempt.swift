// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One sign-in that was begun: what the browser brings back in its cookie.
struct Attempt: Sendable {
    let state: String
    let nonce: String
    let verifier: CodeVerifier

    init() {
        state = CodeVerifier().text
        nonce = CodeVerifier().text
        verifier = CodeVerifier()
    }

    /// Reads what `cookie` writes; `nil` for anything else.
    init?(cookie: String) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let verifier = CodeVerifier(parts[2]),
            parts.allSatisfy({ $0.utf8.count == CodeVerifier.length })
        else { return nil }
        state = parts[0]
        nonce = parts[1]
        self.verifier = verifier
    }

    var cookie: String { "\(state).\(nonce).\(verifier.text)" }
}
