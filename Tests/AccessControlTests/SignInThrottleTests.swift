// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Testing

@Suite struct SignInThrottleTests {
    static let second: Int64 = 1_000_000

    /// Locks until when after so many failures, each made as soon as it may be.
    static func locks(_ failures: Int, name: String = "ann", address: String? = nil) -> [Int64] {
        var throttle = SignInThrottle()
        var now: Int64 = 0
        var locks: [Int64] = []
        for _ in 0..<failures {
            #expect(throttle.attempt(name: name, address: address, now: now) == .allowed)
            let until = throttle.lockedUntil(name: name, address: address, now: now)
            locks.append(until.map { ($0 - now) / second } ?? 0)
            now = until ?? now
        }
        return locks
    }

    @Test func `the fifth failure locks, and each further one twice as long, up to a quarter of an hour`() {
        #expect(Self.locks(12) == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900])
    }

    @Test func `a locked name says when, once as the first time`() {
        var throttle = SignInThrottle()
        for _ in 0..<5 { _ = throttle.attempt(name: "ann", address: "192.0.2.1", now: 0) }
        let until = 30 * Self.second
        #expect(throttle.attempt(name: "ann", address: "192.0.2.1", now: 1) == .locked(until: until, isFirst: true))
        #expect(throttle.attempt(name: "ann", address: "192.0.2.1", now: 2) == .locked(until: until, isFirst: false))
        #expect(throttle.attempt(name: "ANN", address: "192.0.2.9", now: 3) == .locked(until: until, isFirst: false))
    }

    @Test func `an address is locked whatever names it tries`() {
        var throttle = SignInThrottle()
        for index in 0..<5 { _ = throttle.attempt(name: "user\(index)", address: "192.0.2.1", now: 0) }
        #expect(throttle.attempt(name: "other", address: "192.0.2.1", now: 1) != .allowed)
        #expect(throttle.attempt(name: "other", address: "192.0.2.2", now: 1) == .allowed)
    }

    @Test func `all of an IPv6 network of 64 bits is one address`() {
        var throttle = SignInThrottle()
        for index in 0..<5 { _ = throttle.attempt(name: "u\(index)", address: "2001:db8:0:1::\(index)", now: 0) }
        #expect(throttle.attempt(name: "other", address: "2001:db8:0:1:ffff::1", now: 1) != .allowed)
        #expect(throttle.attempt(name: "other", address: "2001:db8:0:2::1", now: 1) == .allowed)
    }

    @Test func `a success forgets failures of the name and not those of the address`() {
        var throttle = SignInThrottle()
        for index in 0..<4 { _ = throttle.attempt(name: "victim\(index)", address: "192.0.2.1", now: 0) }
        // The attacker's own account in between does not help.
        _ = throttle.attempt(name: "own", address: "192.0.2.1", now: 0)
        throttle.succeeded(name: "own", address: "192.0.2.1")
        #expect(throttle.attempt(name: "victim", address: "192.0.2.1", now: 1) == .allowed)
        #expect(throttle.attempt(name: "victim", address: "192.0.2.1", now: 2) != .allowed)
        for _ in 0..<4 { _ = throttle.attempt(name: "ann", address: nil, now: 0) }
        throttle.succeeded(name: "ann", address: nil)
        for _ in 0..<4 { #expect(throttle.attempt(name: "ann", address: nil, now: 0) == .allowed) }
    }

    @Test func `an hour without failures forgets them`() {
        var throttle = SignInThrottle()
        for _ in 0..<4 { _ = throttle.attempt(name: "ann", address: nil, now: 0) }
        _ = throttle.attempt(name: "ann", address: nil, now: SignInThrottle.memory)
        #expect(throttle.lockedUntil(name: "ann", address: nil, now: SignInThrottle.memory) == nil)
    }

    @Test func `many at once are counted before any of them is known to have failed`() {
        var throttle = SignInThrottle()
        let answers = (0..<100).map { _ in throttle.attempt(name: "ann", address: nil, now: 0) }
        #expect(answers.count { $0 == .allowed } == 5)
    }

    @Test func `a flood of names takes bounded memory and does not unlock a locked one`() {
        var throttle = SignInThrottle(capacity: 100)
        for _ in 0..<5 { _ = throttle.attempt(name: "ann", address: nil, now: 0) }
        for index in 0..<10_000 {
            _ = throttle.attempt(name: "flood\(index)", address: "10.0.\(index / 256).\(index % 256)", now: 1)
        }
        #expect(throttle.count <= 200)
        #expect(throttle.attempt(name: "ann", address: nil, now: 2) != .allowed)
    }
}
