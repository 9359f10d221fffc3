// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Crypto
import CryptoExtras
import Foundation

/// A password's scrypt hash (RFC 7914) with what is needed to make it again, as PHC text:
/// `$scrypt$ln=15,r=8,p=1$SALT$HASH`.
struct PasswordHash: Hashable, Sendable {
    let cost: ScryptCost
    let salt: [UInt8]
    let hash: [UInt8]

    private static let hashBytes = 32

    /// Makes the hash; blocks for the time that `cost` takes.
    init(of password: String, cost: ScryptCost, salt: [UInt8] = RandomSecrets.bytes(16)) throws {
        self.cost = cost
        self.salt = salt
        hash = try Self.derive(password, cost, salt)
    }

    /// What no password has: it is compared at the same cost as any other, and made without any.
    init(ofNobody cost: ScryptCost) {
        self.cost = cost
        salt = RandomSecrets.bytes(16)
        hash = RandomSecrets.bytes(Self.hashBytes)
    }

    /// Reads PHC text; `nil` for anything that this would not write, costs that are too high included.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = ScryptCost(parts[2]),
            let salt = Base64.bytes(parts[3]), (8...64).contains(salt.count),
            let hash = Base64.bytes(parts[4]), hash.count == Self.hashBytes
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    var text: String { "$scrypt$\(cost)$\(Base64.text(salt))$\(Base64.text(hash))" }

    /// Blocks for the time that the cost takes, and compares in constant time.
    func matches(_ password: String) throws -> Bool {
        ConstantTime.equal(try Self.derive(password, cost, salt), hash)
    }

    private static func derive(_ password: String, _ cost: ScryptCost, _ salt: [UInt8]) throws -> [UInt8] {
        // The same password typed on another keyboard may come as other code points (NIST SP 800-63B, 5.1.1.2).
        let bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes,
            salt: salt,
            outputByteCount: hashBytes,
            rounds: 1 << cost.logarithm,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }
}

/// How much time and memory a hash costs: about 128 * r * 2^ln bytes, 32 MiB by default.
public struct ScryptCost: Hashable, Sendable, CustomStringConvertible {
    /// Named `ln`; N is two to the power of this.
    public let logarithm: Int
    /// Named `r`.
    public let blockSize: Int
    /// Named `p`.
    public let parallelism: Int

    public static let standard = ScryptCost(logarithm: 15, blockSize: 8, parallelism: 1)
    /// For tests only: nothing that guards anything.
    public static let cheap = ScryptCost(logarithm: 4, blockSize: 8, parallelism: 1)

    private init(logarithm: Int, blockSize: Int, parallelism: Int) {
        self.logarithm = logarithm
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Reads `ln=15,r=8,p=1`.
    ///
    /// `nil` for costs that no hash of ours has, so that no text makes a server compute for minutes.
    init?(_ text: String) {
        var numbers: [String: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, let number = Int(pair[1]), numbers[String(pair[0])] == nil else { return nil }
            numbers[String(pair[0])] = number
        }
        guard numbers.count == 3, let logarithm = numbers["ln"], (1...20).contains(logarithm),
            let blockSize = numbers["r"], (1...16).contains(blockSize), let parallelism = numbers["p"],
            (1...4).contains(parallelism)
        else { return nil }
        self.init(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
    }

    public var description: String { "ln=\(logarithm),r=\(blockSize),p=\(parallelism)" }
}
