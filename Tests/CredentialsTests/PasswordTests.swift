// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Credentials
import Testing

@Suite struct PasswordTests {
    let passwords: ScryptPasswords

    init() throws { passwords = ScryptPasswords(cost: .cheap) }

    @Test func `a hash is PHC text with a salt of its own, and lets in its password only`() async throws {
        let one = try await passwords.hash("correct horse battery")
        let other = try await passwords.hash("correct horse battery")
        #expect(one != other)
        #expect(one.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try await passwords.verify("correct horse battery", against: one))
        #expect(try await !passwords.verify("correct horse batterY", against: one))
        #expect(try await !passwords.verify("", against: one))
    }

    @Test func `a vector of RFC 7914 is reproduced`() async throws {
        // The third of section 12: N = 16384, r = 8, p = 1; the first 32 of its 64 bytes, which are a hash of that length.
        let text = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"
        #expect(try await passwords.verify("pleaseletmein", against: text))
    }

    @Test(arguments: [
        nil, "", "x", "$scrypt$", "$scrypt$ln=15,r=8,p=1$$", "$scrypt$ln=99,r=8,p=1$c2FsdHNhbHQ$AAAA",
        "$scrypt$ln=4,r=8,p=1,ln=4$c2FsdHNhbHQ$AAAA", "$2b$12$abcdefghijklmnopqrstuv",
    ])
    func `nobody's hash and one that cannot be read let nobody in`(_ hash: String?) async throws {
        #expect(try await !passwords.verify("correct horse battery", against: hash))
    }

    @Test func `the same letters typed as other code points are the same password`() async throws {
        let hash = try await passwords.hash("caf\u{e9} au lait sucr\u{e9}")
        #expect(try await passwords.verify("cafe\u{301} au lait sucre\u{301}", against: hash))
    }

    @Test func `a password of nobody costs what a wrong one costs`() async throws {
        let costly = ScryptPasswords(cost: .standard)
        let hash = try await costly.hash("correct horse battery")
        let clock = ContinuousClock()
        var wrong: [Duration] = []
        var nobody: [Duration] = []
        let near = 0.6...1.7
        var ratio = 0.0
        for round in 1...20 where round <= 5 || !near.contains(ratio) {
            wrong.append(try await clock.measure { _ = try await costly.verify("wrong", against: hash) })
            nobody.append(try await clock.measure { _ = try await costly.verify("wrong", against: nil) })
            // Other work of the machine comes on top; the fastest of each is the work itself.
            ratio = (nobody.min() ?? .zero) / (wrong.min() ?? .zero)
        }
        #expect(near.contains(ratio), "ratio \(ratio)")
    }

    @Test func `what does not fit into the queue is refused at once, and told when to come back`() async throws {
        let small = ScryptPasswords(cost: .standard, running: 1, waiting: 2)
        let answers = await withTaskGroup(of: Bool?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        return try await small.verify("wrong", against: nil)
                    } catch {
                        #expect(error as? HashingBusy == HashingBusy(retryAfter: 2))
                        return nil
                    }
                }
            }
            return await group.reduce(into: [Bool?]()) { $0.append($1) }
        }
        let done = answers.count { $0 != nil }
        #expect((3...12).contains(done), "\(done) were done")
        #expect(try await !small.verify("wrong", against: nil))
    }
}
