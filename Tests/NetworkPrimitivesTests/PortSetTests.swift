// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport
import Testing

@Suite struct PortSetTests {
    @Test func aUnionHoldsWhatEitherHolds() {
        var random = SeededRandom()
        for _ in 0..<300 {
            let ranges = (0..<Int(random.next() % 6)).map { _ -> PortRange in
                let lower = UInt16(random.next() % 60)
                return PortRange(lower, lower + UInt16(random.next() % 12))
            }
            let set = PortSet(ranges.shuffled(using: &random))
            for port in UInt16(0)..<80 {
                #expect(
                    set.contains(port) == ranges.contains { $0.contains(port) },
                    "seed \(random.seed): \(ranges) \(port)"
                )
            }
            for (left, right) in zip(set.ranges, set.ranges.dropFirst()) {
                #expect(
                    Int(left.upperBound) + 1 < Int(right.lowerBound),
                    "seed \(random.seed): adjacent ranges are one"
                )
            }
        }
    }

    @Test func theLastPortIsNoSpecialCase() {
        let set = PortSet([PortRange(65535), PortRange(65530, 65534)])
        #expect(set.ranges == [PortRange(65530, 65535)])
        #expect(PortSet([PortRange(0, 65534), PortRange(65535)]).isAll)
    }

    @Test func everythingContainsProtocolsWithoutPorts() {
        #expect(ConnectionSet.all.contains(.gre, port: 0))
        #expect(ConnectionSet([.tcp: .all]).union(.all) == .all)
        #expect(ConnectionSet([.tcp: .empty]).isEmpty)
    }
}

@Suite struct SelectorTests {
    private let web = LabelSet([
        Label(.k8s("app"), "web"), Label(LabelKey(.node, "app"), "node"), Label(.k8s("tier"), ""),
    ])

    @Test func anyFindsAKeyInEverySource() {
        #expect(Selector([.isIn(LabelKey(.any, "app"), ["web"])]).matches(web))
        #expect(Selector([.isIn(LabelKey(.any, "app"), ["node"])]).matches(web))
        #expect(!Selector([.isIn(.k8s("app"), ["node"])]).matches(web))
        #expect(!Selector([.isNotIn(LabelKey(.any, "app"), ["node"])]).matches(web))
    }

    @Test func notInMatchesAnAbsentKey() {
        #expect(Selector([.isNotIn(.k8s("zone"), ["a"])]).matches(web))
        #expect(!Selector([.isIn(.k8s("zone"), ["a"])]).matches(web))
        #expect(Selector([.doesNotExist(.k8s("zone"))]).matches(web))
        #expect(!Selector([.exists(.k8s("zone"))]).matches(web))
    }

    @Test func anEmptyValueIsAValue() {
        #expect(Selector([.exists(.k8s("tier"))]).matches(web))
        #expect(Selector([.isIn(.k8s("tier"), [""])]).matches(web))
    }

    @Test func theEmptySelectorMatchesEverything() {
        #expect(Selector.everything.matches(LabelSet([])))
    }
}
