// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("10.88.0.1", "10.88.0.1"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("::ffff:192.0.2.1", "::ffff:c000:201"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func readsAndWritesTheCanonicalForm(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "1.2.3.+4",
        "0x1.2.3.4",
        ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "fe80::1%eth0", "1.2.3.4::",
        "::1.2.3", "::1.2.3.4:5", "1:2:3:4:5:6:7:8::", "١.2.3.4", "1.2.3.4\n",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func everyAddressSurvivesTextAndBytes() throws {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            // Few bits set make runs of zeros, which is what IPv6 text is about.
            var bits = UInt128(truncatingIfNeeded: random.next()) << 64 | UInt128(random.next())
            if random.next() % 2 == 0 {
                bits &= UInt128(random.next() & random.next() & random.next()) << UInt128(random.next() % 64)
            }
            for family in IPAddress.Family.allCases {
                let address = IPAddress(family: family, bits: bits)
                #expect(IPAddress(address.description) == address, "seed \(random.seed)")
                #expect(IPAddress(bytes: address.bytes) == address, "seed \(random.seed)")
            }
        }
    }

    @Test func familiesNeverMix() throws {
        let v4 = try #require(IPAddress("0.0.0.1"))
        let v6 = try #require(IPAddress("::1"))
        #expect(v4 != v6)
        #expect(v4 < v6)
        #expect(try !#require(Prefix("::/0")).contains(v4))
        #expect(try !#require(Prefix("0.0.0.0/0")).contains(v6))
    }
}

@Suite struct PrefixTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255"), ("0.0.0.0/0", "0.0.0.0", "255.255.255.255"),
        ("203.0.113.9/32", "203.0.113.9", "203.0.113.9"), ("10.1.2.3/15", "10.0.0.0", "10.1.255.255"),
        ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func hasFirstAndLastAddress(text: String, first: String, last: String) throws {
        let prefix = try #require(Prefix(text))
        #expect(prefix.base.description == first)
        #expect(prefix.last.description == last)
        #expect(prefix.contains(prefix.base) && prefix.contains(prefix.last))
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/+8", "/8", "10.0.0.0/8/8",
        "10.0.0/8",
    ])
    func refusesWhatIsNoBlock(text: String) {
        #expect(Prefix(text) == nil)
    }

    @Test func knowsWhetherHostBitsAreSet() {
        #expect(Prefix.hasHostBits("10.0.0.1/8"))
        #expect(!Prefix.hasHostBits("10.0.0.0/8"))
        #expect(!Prefix.hasHostBits("nonsense"))
    }

    @Test func aBlockContainsWhatLiesBetweenItsEnds() throws {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let address = IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
            let prefix = Prefix(
                IPAddress(v4: UInt32(truncatingIfNeeded: random.next())),
                length: Int(random.next() % 33)
            )
            let isBetween = prefix.base <= address && address <= prefix.last
            #expect(prefix.contains(address) == isBetween, "seed \(random.seed): \(prefix) \(address)")
        }
    }
}
