// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl

/// What an id token must say to be taken (OpenID Connect Core, 3.1.3.7).
struct IDTokenRules {
    /// Signatures by a key of the issuer only: neither none nor ones that share our client secret.
    static let algorithms: Set<String> = ["RS256", "PS256", "ES256", "EdDSA"]
    /// Seconds by which clocks may differ.
    static let skew: Double = 60
    /// Seconds since it was made at most.
    static let oldest: Double = 600

    let issuer: String
    let clientID: String
    let nonce: String
    /// Seconds since 1970.
    let now: Double

    /// - Throws: `IssuerError` `refused` with the claim that does not hold.
    func check(_ claims: Claims) throws {
        let values = claims.values
        guard values["iss"]?.text == issuer else { throw refused("it is from another issuer") }
        guard let audience = values["aud"]?.texts, audience.contains(clientID) else {
            throw refused("it is for another client")
        }
        let party = values["azp"]
        guard party == nil ? audience.count == 1 : party?.text == clientID else {
            throw refused("it was given to another client")
        }
        guard let expires = values["exp"]?.number, now < expires + Self.skew else { throw refused("it has expired") }
        guard let issued = values["iat"]?.number, issued <= now + Self.skew, now - issued <= Self.oldest else {
            throw refused("it was not made just now")
        }
        if let begins = values["nbf"] {
            guard let begins = begins.number, begins <= now + Self.skew else { throw refused("it is not valid yet") }
        }
        guard let given = values["nonce"]?.text, ConstantTime.equal(given, nonce) else {
            throw refused("it answers another sign-in")
        }
    }

    private func refused(_ reason: String) -> IssuerError {
        IssuerError(.refused, "The issuer's id token is refused: \(reason).")
    }
}
