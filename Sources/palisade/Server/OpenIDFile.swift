// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import OpenIDConnect

/// `openid.json` of the data directory: the issuer at which people sign in, and what its groups stand for.
///
/// ```json
/// {"title": "Example ID", "issuer": "https://id.example.com", "clientID": "palisade",
///  "clientSecretFile": "/etc/palisade/oidc-secret",
///  "groups": {"platform": ["operator@everywhere"], "shop-devs": ["author@namespace/production/shop"]}}
/// ```
struct OpenIDFile {
    private struct Content: Decodable {
        var title: String?
        var issuer: String
        var clientID: String
        var clientSecretFile: String?
        var scopes: [String]?
        var nameClaim: String?
        var groupsClaim: String?
        /// Roles by group, as command lines write them.
        var groups: [String: [String]]
    }

    let title: String
    let settings: OpenIDSettings

    /// - Parameter url: under which browsers reach the console.
    /// - Returns: `nil` when there is no such file.
    /// - Throws: `CommandFailure` for a file that cannot be used: starting without it would lock people out unseen.
    static func read(_ path: String, url: String?) throws -> OpenIDFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let url else {
            throw CommandFailure(.usage, "\(path) needs a console: leave --listen none out.")
        }
        do {
            let content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(filePath: path)))
            let mappings = try content.groups.sorted { $0.key < $1.key }.flatMap { group, roles in
                try roles.compactMap { text in
                    let role = try GrantArgument.grant(text)
                    guard role.scope != Scope.git.description else {
                        throw CommandFailure(.usage, "\(group): only tokens have the scope git.")
                    }
                    return role.granted.map { OpenIDSettings.Mapping(group: group, grant: $0) }
                }
            }
            let settings = try OpenIDSettings(
                issuer: content.issuer,
                clientID: content.clientID,
                clientSecret: content.clientSecretFile.map(OpenIDSettings.secret(file:)),
                redirect: url + "/login/callback",
                scopes: content.scopes ?? ["openid", "profile"],
                nameClaim: content.nameClaim ?? "preferred_username",
                groupsClaim: content.groupsClaim ?? "groups",
                mappings: mappings
            )
            return OpenIDFile(title: content.title ?? content.issuer, settings: settings)
        } catch let error as CommandFailure {
            throw CommandFailure(.usage, "\(path): \(error.message ?? "it cannot be used")")
        } catch let error as IssuerError {
            throw CommandFailure(.usage, "\(path): \(error.message)")
        } catch {
            throw CommandFailure(.usage, "\(path) cannot be read as the settings of an issuer: \(error)")
        }
    }
}

extension GrantReport {
    /// `nil` for a scope that cannot be read.
    fileprivate var granted: Grant? { Scope(scope).map { Grant(role, on: $0) } }
}
