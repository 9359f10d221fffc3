// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Credentials
import Foundation
import Logging
import OpenIDConnect
import ServiceLifecycle
import Storage
import UnixSignals
import WebConsole

extension Composition {
    /// Accounts and audit log of a data directory, open.
    struct Accounts: Sendable {
        let database: ConsoleDatabase
        let access: AccessService
        /// `nil` where there is no `openid.json`.
        let issuer: OpenIDIssuer?
        let provider: SignInProvider?

        /// - Throws: `IdentityStoreError` when they cannot be read: without them nobody would know who may do what.
        static func open(_ data: ClaimedDirectory, url: String?) async throws -> Accounts {
            let settings = try OpenIDFile.read(data.path + "/openid.json", url: url)
            let issuer = settings.map { OpenIDIssuer($0.settings, now: systemTime) }
            let database = try ConsoleDatabase.open(directory: data.path) { Digest.sha256($0) }
            let access = try await AccessService.start(
                AccessService.Parts(
                    identities: database.identities,
                    audit: database.audit,
                    passwords: ScryptPasswords(),
                    secrets: RandomSecrets(),
                    now: systemTime
                )
            )
            let provider = settings.flatMap { file in issuer.map { SignInProvider(title: file.title, issuer: $0) } }
            return Accounts(database: database, access: access, issuer: issuer, provider: provider)
        }

        func close() async throws {
            try await issuer?.close()
            try database.close()
        }
    }

    /// SHA-256 in hexadecimal.
    @Sendable
    static func hexadecimalDigest(_ bytes: [UInt8]) -> String {
        Digest.sha256(bytes).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    /// Microseconds since 1970.
    @Sendable
    static func systemTime() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    static func server(
        _ environments: [ConsoleEnvironment],
        _ accounts: Accounts,
        _ data: ClaimedDirectory,
        network: ConsoleServer.Network?,
        now: @escaping @Sendable () -> Int64,
        logger: Logger,
        onReady: @escaping @Sendable () async -> Void
    ) throws -> ConsoleServer {
        let audit = accounts.database.audit
        return try ConsoleServer(
            path: data.socket,
            network: network,
            application: ConsoleApplication(
                environments: EnvironmentSet(environments),
                access: accounts.access,
                version: ProgramVersion.current,
                now: now,
                accountTime: systemTime,
                provider: accounts.provider,
                drafts: DraftDirectory(path: data.path + "/drafts", digest: hexadecimalDigest),
                appendAudit: { _ = try await audit.append($0) }
            ),
            logger: logger,
            onReady: onReady
        )
    }

    /// The console of an environment that answers everything itself.
    static func console(_ environment: HostEnvironment, name: String, kind: StatusReport.Kind) -> ConsoleEnvironment {
        ConsoleEnvironment(
            name: name,
            kind: kind,
            service: environment,
            flows: environment,
            insight: environment,
            editing: environment,
            proposing: environment
        )
    }

    /// Runs services until the process is told to stop; one that ends takes the others with it.
    static func run(_ services: [any ServiceLifecycle.Service], _ logger: Logger) async -> Result<Void, any Error> {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet(logger)
            )
        )
        do {
            return .success(try await group.run())
        } catch {
            return .failure(error)
        }
    }

    /// Runs `palisade server` until it is told to stop.
    static func serve(_ options: ServerOptions) async throws {
        let network = try options.console.network()
        let data = try ClaimedDirectory(options.data)
        let logger = Logger(label: "palisade") { _ in StreamLogHandler.standardError(label: "palisade") }
        let accounts = try await Accounts.open(data, url: network?.url)
        var running: [Running] = []
        for folder in try RecordedFolder.all(in: data.path) {
            running.append(try await recorded(folder, logger, options.now))
        }
        let address = ConsoleAddress(network: network, setupLink: accounts.access.setupLink())
        let environments = running.map { console($0.environment, name: $0.name, kind: .recorded) }
        let server = try server(
            environments,
            accounts,
            data,
            network: network,
            now: options.now,
            logger: logger,
            onReady: { [running] in
                for each in running { await each.environment.settle() }
                if !options.isQuiet {
                    address.lines.forEach(Console.line)
                    Console.line("Ready: \(running.count) environments. Ctrl-C stops.")
                }
            }
        )
        let result = await run(running.flatMap(\.environment.services) + [server], logger)
        for each in running {
            await each.environment.finish()
            try each.store.close()
        }
        try await accounts.close()
        try result.get()
    }
}

/// Where to open the console.
struct ConsoleAddress: Sendable {
    let network: ConsoleServer.Network?
    /// The secret of the one-time link; `nil` when there is an administrator.
    let setupLink: String?

    var lines: [String] {
        guard let network else { return [] }
        guard let setupLink else { return ["Console  \(network.url)"] }
        return ["Console  \(network.url)/setup?token=\(setupLink)  (this link makes the first administrator, once)"]
    }
}
