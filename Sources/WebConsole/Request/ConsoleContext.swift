// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ControlPlane
public import Hummingbird
import Logging
import NIOCore

/// One request on its way through the server.
public struct ConsoleContext: RequestContext {
    /// How the request came.
    public enum Transport: Hashable, Sendable {
        /// Over the unix socket, which only its owner may open.
        case socket
        case network
    }

    /// How somebody proved who they are.
    public enum Credentials: Hashable, Sendable {
        case socket
        /// A cookie that browsers send along by themselves.
        case session(CurrentSession, secret: String)
        case token
    }

    public var coreContext: CoreRequestContextStorage
    public let transport: Transport
    /// What problems, log and audit log call this request; its own, so that no log handler can lose it.
    public let requestID: String
    /// The client's address without its port; `nil` over the unix socket.
    ///
    /// Behind trusted proxies it is the one that they name.
    public internal(set) var address: String?
    /// Who asks; `nil` before authentication, or when nobody signed in.
    public var principal: Principal?
    public var credentials: Credentials?
    /// Asks again who the credentials name; `nil` when they name nobody any more.
    var currentPrincipal: @Sendable () async -> Principal? = { nil }
    /// The client's name for itself, cut to `AuditSink.longestClient` characters.
    var client: String?
    /// Choices of appearance that the browser sends along: theme, time zone, shortcuts.
    var preferences: [String: String] = [:]
    /// A form that was read to look for its token, so that it can be read again.
    var form: FormBody?

    /// For the audit log.
    var origin: RequestOrigin { RequestOrigin(address: address, client: client, requestID: requestID) }

    /// The session of a browser; `nil` for everybody else.
    var session: CurrentSession? {
        if case .session(let session, _) = credentials { session } else { nil }
    }

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = "\(RequestID())"
        switch source.channel.localAddress {
        case .unixDomainSocket: transport = .socket
        // A connection that is closed already has no address: whoever it was, it is not the owner.
        default: transport = .network
        }
        address = transport == .network ? source.channel.remoteAddress?.ipAddress : nil
        logger[metadataKey: "request"] = .string(requestID)
    }
}
