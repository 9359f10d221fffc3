// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import GRDB

/// Why `console.sqlite` could not be read or written, in our words.
struct ConsoleFailure {
    let identityError: IdentityStoreError

    init(_ error: DatabaseError, path: String) {
        let isFull = error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        switch error.resultCode {
        case _ where isFull:
            identityError = .init(.full, "No space left to write \(path); nothing can be changed until there is.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            identityError = .init(.corrupt, "\(path) is damaged (\(error.message ?? "no details")).")
        case .SQLITE_MISUSE, .SQLITE_INTERRUPT, .SQLITE_ABORT:
            identityError = .init(.closed, "\(path) has been closed.")
        default:
            let cause = error.message ?? "\(error.resultCode)"
            identityError = .init(.failed, "\(path) cannot be read or written: \(cause).")
        }
    }

    var auditError: AuditLogError { AuditLogError(identityError.message) }
}
