// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import NftablesRuleset
import Testing

@Suite struct KernelMarksTests {
    @Test func everyPrefixIsReadBackAndNeverAllocates() throws {
        for outcome in LogPrefix.Outcome.allCases {
            for direction in [nil, Direction.ingress, .egress] {
                for isReply in [false, true] {
                    for generation in [1, 0xabc_def0, KernelMarks.maximumGeneration] {
                        let prefix = LogPrefix(
                            generation: generation,
                            outcome: outcome,
                            direction: direction,
                            isReply: isReply
                        )
                        #expect(LogPrefix(prefix.description) == prefix)
                        #expect(prefix.description.utf8.count == 10)
                    }
                }
            }
        }
    }

    @Test(arguments: [
        "", "p000002aA", "p000002aAi ", "q000002aAi", "p00000zzAi", "p000002aZi", "p000002aAx", "p000002AAi",
    ])
    func foreignTextIsNoPrefix(text: String) {
        #expect(LogPrefix(text) == nil)
    }

    @Test func aMarkHoldsGenerationAndFlags() {
        let mark = ConnectionMark(rawValue: 0x0000_7bc6)
        #expect(mark.generation == 0x7bc)
        #expect(mark.flags == [.loggedWouldDrop, .wouldDrop])
        #expect(ConnectionMark(rawValue: 0).generation == 0)
    }
}
