// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import HTTPTypes

/// The body of every error answer (RFC 9457): `application/problem+json`.
public struct Problem: Hashable, Sendable, Codable {
    /// `palisade:not-found`; the class of the error.
    public var type: String
    /// The status in words.
    public var title: String
    public var status: Int
    /// One sentence with the value.
    public var detail: String
    @OrNull public var fix: String?
    /// What to quote when asking about it; the log has it, too.
    public var requestID: String

    init(_ failure: Failure, requestID: String) {
        type = "palisade:\(failure.error.code.rawValue)"
        title = failure.status.reasonPhrase
        status = failure.status.code
        detail = failure.error.message
        fix = failure.error.fix
        self.requestID = requestID
    }

    /// The error that a client rethrows.
    public var serviceError: ServiceError {
        let code = ServiceError.Code(rawValue: String(type.dropFirst("palisade:".count)))
        return ServiceError(code ?? .failed, detail, fix: fix)
    }
}
