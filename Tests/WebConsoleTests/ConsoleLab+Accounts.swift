// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Logging
import Synchronization

extension ConsoleLab {
    /// Makes the administrator `root` through the setup link, and users to be changed by others.
    func setUp() async throws {
        guard let link = access.setupLink() else { throw Missing() }
        _ = try await access.setup(SetupRequest(link: link, name: "root", password: Self.password), from: Self.origin)
        try await user("victim", [GrantReport(role: .viewer, scope: "everywhere")])
        let group = GroupDraft(path: "platform", environments: ["production"])
        _ = try await access.createGroup(group, by: .owner, from: Self.origin)
    }

    func user(_ name: String, _ grants: [GrantReport]) async throws {
        let draft = UserDraft(name: name, password: Self.password, grants: grants)
        _ = try await access.createUser(draft, by: .owner, from: Self.origin)
    }

    /// Signed in by password, as a browser would be afterwards.
    func session(_ name: String) async throws -> SignedIn {
        let request = SignInRequest(name: name, password: Self.password)
        guard case .signedIn(let signedIn) = try await access.signIn(request, from: Self.origin) else {
            throw Missing()
        }
        return signedIn
    }

    /// A client with a fresh session of the user.
    func browser(_ name: String) async throws -> Client {
        let signedIn = try await session(name)
        return Client(url: url, cookie: "palisade=\(signedIn.secret)", csrf: signedIn.session.csrf)
    }

    /// A client without credentials.
    var nobody: Client { Client(url: url) }

    struct Missing: Error {}
}

/// Everything that was logged, at every level.
struct LogRecord: LogHandler {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var text: String { lines.all.withLock { $0.joined(separator: "\n") } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.message) \(metadata) \(event.metadata ?? [:])") }
    }
}
