// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// Hashes passwords with scrypt, off the threads that serve requests.
///
/// Two at a time and sixteen waiting, about 100 ms each: one that comes beyond that is told to come back.
public struct ScryptPasswords: PasswordHashing {
    private let cost: ScryptCost
    private let queue: HashingQueue
    /// What passwords of nobody are compared with, at the same cost as everybody's.
    private let nobody: PasswordHash

    /// - Parameters:
    ///   - cost: of new hashes; old ones keep theirs.
    ///   - running: hashes at the same time, each with the memory that the cost says.
    ///   - waiting: further ones that wait.
    public init(cost: ScryptCost = .standard, running: Int = 2, waiting: Int = 16) {
        self.cost = cost
        queue = HashingQueue(running: running, waiting: waiting, retryAfter: 2)
        nobody = PasswordHash(ofNobody: cost)
    }

    public func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await queue.run { try PasswordHash(of: password, cost: cost).text }
    }

    public func verify(_ password: String, against text: String?) async throws -> Bool {
        let nobody = nobody
        return try await queue.run {
            // Text that cannot be read opens nothing, and takes as long.
            guard let hash = text.flatMap(PasswordHash.init) else {
                _ = try nobody.matches(password)
                return false
            }
            return try hash.matches(password)
        }
    }
}
