// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A call of the `nft` program that did not do what was asked.
public enum NftError: Error, Hashable, CustomStringConvertible {
    /// The program could not be started.
    case notStarted(program: String, reason: String)
    /// nft or the kernel refused; nothing was changed.
    case refused(text: String)
    /// nft was ended by a signal; whether the kernel took the transaction is not known.
    case killed(signal: Int32)
    /// nft printed more than was asked for.
    case outputTooLong(limit: Int)
    /// nft printed something that this code does not understand.
    case unexpectedOutput(text: String)

    public var description: String {
        switch self {
        case .notStarted(let program, let reason):
            "cannot start \(program): \(reason); install the package nftables"
        case .refused(let text): "nft refused the rules: \(text)"
        case .killed(let signal): "nft was ended by signal \(signal)"
        case .outputTooLong(let limit): "nft printed more than \(limit) bytes"
        case .unexpectedOutput(let text): "nft answered what cannot be understood: \(text)"
        }
    }
}
