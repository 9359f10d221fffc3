// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// How the process ends (`palisade help-topic exit-codes`).
enum ExitStatus: Int32, Error {
    case success = 0
    case failure = 1
    case usage = 2
    case findings = 3
    case notPermitted = 4
    case notFound = 5
    case conflict = 6
    case timedOut = 7
    case unreachable = 8
    case interrupted = 130

    init(_ code: ServiceError.Code) {
        switch code {
        case .badRequest: self = .usage
        case .notPermitted, .signInNeeded: self = .notPermitted
        case .notFound: self = .notFound
        case .conflict: self = .conflict
        case .timedOut: self = .timedOut
        case .failed, .tooManyRequests: self = .failure
        }
    }
}

/// Ends a command with a sentence (or without, when everything is said already).
struct CommandFailure: Error {
    var status: ExitStatus
    var message: String?

    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
