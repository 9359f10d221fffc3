// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where a request came from, for the audit log.
public struct RequestOrigin: Hashable, Sendable {
    /// The client's address; `nil` over the unix socket.
    public var address: String?
    /// `palisade-cli 1.0.0`, or the browser's user agent.
    public var client: String?
    public var requestID: String?

    public init(address: String? = nil, client: String? = nil, requestID: String? = nil) {
        self.address = address
        self.client = client
        self.requestID = requestID
    }
}
