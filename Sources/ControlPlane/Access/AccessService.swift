// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ChangeControl
import Synchronization

/// Who somebody is, what they may do, and the record of what they did.
///
/// Every change is checked against the rights of who asks for it at that moment, and kept together with its entry in the
/// audit log: what cannot be recorded is not done. Denials and failures are recorded before they are answered. Changes of
/// users and rights take effect at the next request.
///
/// A class for the state that all requests share: the throttle of sign-ins and the secret of the setup link.
public final class AccessService: Sendable {
    /// What it is made of.
    public struct Parts: Sendable {
        public var identities: any IdentityStore<AuditEntry>
        public var audit: any AuditLog
        public var passwords: any PasswordHashing
        public var secrets: any SecretSource
        /// Microseconds since 1970.
        public var now: @Sendable () -> Int64

        public init(
            identities: any IdentityStore<AuditEntry>,
            audit: any AuditLog,
            passwords: any PasswordHashing,
            secrets: any SecretSource,
            now: @escaping @Sendable () -> Int64
        ) {
            self.identities = identities
            self.audit = audit
            self.passwords = passwords
            self.secrets = secrets
            self.now = now
        }
    }

    let parts: Parts
    let throttle = Mutex(SignInThrottle())
    /// Of what is no user name: apart, for as a user name anybody may type anything, and so lock others out.
    let networkThrottle = Mutex(SignInThrottle())
    private let setupSecret: Mutex<String?>

    private init(parts: Parts, setupSecret: String?) {
        self.parts = parts
        self.setupSecret = Mutex(setupSecret)
    }

    /// Starts with what is kept, and makes a new setup link when nobody can administer the server.
    ///
    /// The link of an earlier start opens nothing any more.
    public static func start(_ parts: Parts) async throws -> AccessService {
        let secret = parts.secrets.secret(.setupLink)
        let digest = parts.secrets.digest(secret)
        let time = parts.now()
        let isSetUp = !parts.identities.directory.administrators.isEmpty
        if isSetUp {
            if parts.identities.directory.setupLink != nil {
                let entry = AuditEntry(time: time, actor: "system", action: "setup.close", object: "setup")
                try await parts.identities.edit { _ in IdentityEdit([.setSetupLink(nil)], records: [entry]) }
            }
            return AccessService(parts: parts, setupSecret: nil)
        }
        let entry = AuditEntry(time: time, actor: "system", action: "setup.link", object: "setup")
        try await parts.identities.edit { _ in IdentityEdit([.setSetupLink(digest)], records: [entry]) }
        return AccessService(parts: parts, setupSecret: secret)
    }

    /// The secret of the link for the first administrator, to be printed where only who started the server reads it; `nil`
    /// when there is an administrator.
    public func setupLink() -> String? {
        directory.setupLink == nil || isSetUp ? nil : setupSecret.withLock { $0 }
    }

    /// Whether somebody can administer the server; before that only the setup link leads in.
    public var isSetUp: Bool { !directory.administrators.isEmpty }

    var directory: Directory { parts.identities.directory }

    func forgetSetupSecret() { setupSecret.withLock { $0 = nil } }
}
