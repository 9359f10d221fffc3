// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Foundation
import NetworkPrimitives
import TestSupport
import Testing

@testable import Storage

/// The fast reader of stored keys reads what the decoder reads, or leaves it to the decoder.
struct FlowKeyBodyTests {
    /// As the store writes keys.
    private static func body(_ key: FlowKey) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(key))
    }

    private static func read(_ body: [UInt8]) -> FlowKey? { body.withUnsafeBufferPointer(FlowKeyBody.key) }

    private static let plain = [
        "web", "", "shop/db-allow", "a b", "inbound/12", "x&<>'", String(repeating: "n", count: 63),
    ]
    private static let odd = ["\"", "\\", "\u{0}", "\n", "\u{7f}", "ä", "🦊", "\u{2028}", "a\u{301}"]

    private static func party(_ random: inout SeededRandom, _ names: [String]) -> FlowKey.Party {
        func name(_ random: inout SeededRandom) -> String? {
            Bool.random(using: &random) ? names.randomElement(using: &random) : nil
        }
        let addresses: [IPAddress?] = [
            nil, IPAddress(v4: 0), IPAddress(v4: .random(in: 0...(.max), using: &random)), IPAddress("2001:db8::1"),
            IPAddress("::"), IPAddress("::ffff:1.2.3.4"),
        ]
        return FlowKey.Party(
            kind: Flow.Party.Kind.allCases.randomElement(using: &random) ?? .world,
            namespace: name(&random),
            workload: name(&random),
            address: addresses.randomElement(using: &random) ?? nil
        )
    }

    private static func key(_ random: inout SeededRandom, _ names: [String]) -> FlowKey {
        let policies = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in names.randomElement(using: &random)
        }
        return FlowKey(
            source: party(&random, names),
            destination: party(&random, names),
            ipProtocol: IPProtocol(rawValue: .random(in: 0...255, using: &random)),
            port: .random(in: 0...65535, using: &random),
            verdict: Verdict.allCases.randomElement(using: &random) ?? .allowed,
            direction: Direction.allCases.randomElement(using: &random) ?? .ingress,
            decision: Flow.Decision(
                policy: Bool.random(using: &random) ? names.randomElement(using: &random) : nil,
                rule: Bool.random(using: &random) ? names.randomElement(using: &random) : nil,
                isolatedBy: policies,
                reason: Flow.Reason.allCases.randomElement(using: &random) ?? .notIsolated
            )
        )
    }

    @Test func `plain keys are read fast, and as they were written`() throws {
        var random = SeededRandom()
        for _ in 0..<2000 {
            let key = Self.key(&random, Self.plain)
            #expect(Self.read(try Self.body(key)) == key, "seed \(random.seed)")
        }
    }

    @Test func `other keys are read the same, or left alone`() throws {
        var random = SeededRandom()
        var left = 0
        for _ in 0..<2000 {
            let key = Self.key(&random, Self.plain + Self.odd)
            let read = Self.read(try Self.body(key))
            if read == nil { left += 1 }
            #expect(read == nil || read == key, "seed \(random.seed)")
        }
        #expect(left > 200)
    }

    @Test func `a damaged body is never read differently than by the decoder`() throws {
        var random = SeededRandom()
        var readable = 0
        for _ in 0..<20_000 {
            var body = try Self.body(Self.key(&random, Self.plain))
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: body.indices, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: body.remove(at: place)
                case 1: body.insert(UInt8.random(in: 0x20..<0x7f, using: &random), at: place)
                case 2: body[place] = UInt8.random(in: 0...255, using: &random)
                default: body.swapAt(place, Int.random(in: body.indices, using: &random))
                }
            }
            guard let read = Self.read(body) else { continue }
            readable += 1
            let decoded = try? JSONDecoder().decode(FlowKey.self, from: Data(body))
            #expect(decoded == read, "seed \(random.seed): \(String(decoding: body, as: UTF8.self))")
        }
        #expect(readable > 1000)
    }
}
