// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Slows down guessing of passwords, per user name and per client address.
///
/// After five failures in a row a key is locked, for 30 seconds first and twice as long after each further failure, up to 15
/// minutes; an hour without a failure forgets them. A success forgets the failures of the name, not those of the address:
/// somebody with an account could else guess on between sign-ins. Every attempt counts as failed until it is known to have
/// succeeded, so that many at once gain nothing. Whether a name exists makes no difference here.
///
/// At most `capacity` names and as many addresses are kept; when one more comes, those that failed longest ago are
/// forgotten, those that are not locked first.
public struct SignInThrottle: Hashable, Sendable {
    /// Whether somebody may try.
    public enum Answer: Hashable, Sendable {
        case allowed
        /// Not before this time, microseconds since 1970.
        ///
        /// `isFirst`: nobody was told so since it was locked; the audit log has one entry of it then.
        case locked(until: Int64, isFirst: Bool)
    }

    private struct Key: Hashable, Sendable {
        var failures = 0
        var last: Int64 = 0
        var lockedUntil: Int64 = 0
        var hasRefused = false
    }

    public static let freeFailures = 5
    /// Microseconds, as all times here.
    public static let firstLock: Int64 = 30_000_000
    public static let longestLock: Int64 = 15 * 60_000_000
    public static let memory: Int64 = 3_600_000_000

    private let capacity: Int
    private var names: [String: Key] = [:]
    private var addresses: [String: Key] = [:]

    public init(capacity: Int = 10_000) { self.capacity = max(1, capacity) }

    /// How many keys it holds.
    public var count: Int { names.count + addresses.count }

    /// Asks for one attempt, and counts it as failed.
    /// - Parameters:
    ///   - name: as somebody typed it.
    ///   - address: the client's; `nil` has no throttle of its own (the unix socket).
    public mutating func attempt(name: String, address: String?, now: Int64) -> Answer {
        if let until = lockedUntil(name: name, address: address, now: now) {
            let name = Self.shortened(name)
            let network = address.map(Self.network) ?? ""
            let hadRefused = names[name]?.hasRefused == true || addresses[network]?.hasRefused == true
            names[name]?.hasRefused = true
            addresses[network]?.hasRefused = true
            return .locked(until: until, isFirst: !hadRefused)
        }
        Self.count(&names, Self.shortened(name), now, capacity)
        if let address { Self.count(&addresses, Self.network(address), now, capacity) }
        return .allowed
    }

    /// An attempt has succeeded: it was no failure after all.
    public mutating func succeeded(name: String, address: String?) {
        names[Self.shortened(name)] = nil
        if let address { Self.takeBack(&addresses, Self.network(address)) }
    }

    /// An attempt could not be made, for reasons that have nothing to do with who made it.
    public mutating func withdrew(name: String, address: String?) {
        Self.takeBack(&names, Self.shortened(name))
        if let address { Self.takeBack(&addresses, Self.network(address)) }
    }

    /// When the next attempt may be made; `nil`: now.
    public func lockedUntil(name: String, address: String?, now: Int64) -> Int64? {
        let ofName = lockedUntil(names[Self.shortened(name)], now)
        let ofAddress = address.map { lockedUntil(addresses[Self.network($0)], now) } ?? 0
        let until = max(ofName, ofAddress)
        return until > now ? until : nil
    }

    private func lockedUntil(_ key: Key?, _ now: Int64) -> Int64 {
        guard let key, now - key.last < Self.memory else { return 0 }
        return key.lockedUntil
    }

    private static func count(_ keys: inout [String: Key], _ name: String, _ now: Int64, _ capacity: Int) {
        if keys[name] == nil, keys.count >= capacity { makeRoom(&keys, now) }
        var key = keys[name] ?? Key()
        if now - key.last >= memory { key = Key() }
        key.failures += 1
        key.last = now
        key.hasRefused = false
        if key.failures >= freeFailures {
            let doublings = min(key.failures - freeFailures, 16)
            key.lockedUntil = now + min(firstLock << Int64(doublings), longestLock)
        }
        keys[name] = key
    }

    private static func takeBack(_ keys: inout [String: Key], _ name: String) {
        guard var key = keys[name] else { return }
        key.failures -= 1
        if key.failures < freeFailures { key.lockedUntil = 0 }
        keys[name] = key.failures > 0 ? key : nil
    }

    /// Forgets a tenth, so that this is not done for every attempt.
    private static func makeRoom(_ keys: inout [String: Key], _ now: Int64) {
        let order = keys.sorted { left, right in
            let leftLocked = left.value.lockedUntil > now
            return leftLocked == (right.value.lockedUntil > now) ? left.value.last < right.value.last : !leftLocked
        }
        for (name, _) in order.prefix(max(1, keys.count / 10)) { keys[name] = nil }
    }

    /// A long name costs no more memory than a short one.
    private static func shortened(_ name: String) -> String {
        String(decoding: name.lowercased().utf8.prefix(128), as: UTF8.self)
    }

    /// Who has one IPv6 address usually has all of its first 64 bits.
    public static func network(_ address: String) -> String {
        guard address.contains(":"), !address.contains(".") else { return String(address.prefix(64)) }
        let halves = address.lowercased().split(separator: "%")[0].split(separator: "/")[0]
        let groups = expanded(String(halves))
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }

    private static func expanded(_ address: String) -> [String] {
        let parts = address.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let gap = parts.indices.dropFirst().first(where: { parts[$0].isEmpty }) else { return parts }
        let head = parts[..<gap].filter { !$0.isEmpty }
        let tail = parts[gap...].filter { !$0.isEmpty }
        return head + Array(repeating: "0", count: max(0, 8 - head.count - tail.count)) + tail
    }
}
