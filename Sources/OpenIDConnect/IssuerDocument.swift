// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Foundation

/// What the issuer says about itself (OpenID Connect Discovery 1.0).
struct IssuerDocument: Sendable {
    let authorization: String
    let token: String
    let keys: String
    /// Whether the client's secret may come in a header, which is so unless said otherwise.
    let takesBasic: Bool

    private struct Fields: Decodable {
        var issuer: String
        var authorizationEndpoint: String
        var tokenEndpoint: String
        var keysAddress: String
        var tokenMethods: [String]?

        enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case keysAddress = "jwks_uri"
            case tokenMethods = "token_endpoint_auth_methods_supported"
        }
    }

    /// - Throws: `IssuerError` `misconfigured` for one of another issuer, or with addresses that are not secure.
    init(_ bytes: Data, issuer: String) throws {
        let fields: Fields
        do {
            fields = try JSONDecoder().decode(Fields.self, from: bytes)
        } catch {
            throw IssuerError(.misconfigured, "What \(issuer) says about itself cannot be read.")
        }
        guard fields.issuer == issuer else {
            throw IssuerError(.misconfigured, "What \(issuer) says about itself is about another issuer.")
        }
        for address in [fields.authorizationEndpoint, fields.tokenEndpoint, fields.keysAddress] {
            try OpenIDSettings.checkSecure(address)
            guard issuer.hasPrefix("http:") || address.hasPrefix("https:") else {
                throw IssuerError(.misconfigured, "\(issuer) names an address that is not https: \(address).")
            }
        }
        authorization = fields.authorizationEndpoint
        token = fields.tokenEndpoint
        keys = fields.keysAddress
        let methods = fields.tokenMethods
        takesBasic = methods?.contains("client_secret_basic") ?? true
    }
}
