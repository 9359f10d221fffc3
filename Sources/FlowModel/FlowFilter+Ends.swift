// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

extension FlowFilter {
    /// Something that one end of every match has, whatever its address: `pod:web-1`, `from.ns:shop`, `redis`.
    public struct EndCondition: Sendable {
        /// Which end; `either`: one of both.
        public let side: Side
        fileprivate let terms: [Term]

        /// Whether the end has it; its address is not looked at.
        public func matches(_ party: Flow.Party) -> Bool {
            let probe = Flow(
                time: 0,
                verdict: .allowed,
                direction: .ingress,
                source: party,
                destination: party,
                ipProtocol: .tcp,
                sourcePort: 0,
                destinationPort: 0,
                decision: Flow.Decision(reason: .notIsolated),
                revision: 0
            )
            return terms.contains { FlowFilterSubject.record(probe).matches($0) }
        }
    }

    /// What the ends of every match have; a flow that has all of it need not match.
    public var endConditions: [EndCondition] {
        groups.compactMap { group in
            guard let first = group.first, group.allSatisfy(\.isAboutNames) else { return nil }
            return EndCondition(side: first.side, terms: group)
        }
    }
}

extension FlowFilter.Term {
    /// Whether names, labels and kinds alone can make it match.
    fileprivate var isAboutNames: Bool {
        guard !isNegated else { return false }
        switch key {
        case .namespace, .pod, .workload, .label, .entity: return true
        case .text:
            guard case .glob(let glob) = value else { return false }
            // A word with another character than addresses are written with is in none of them.
            return glob.text.utf8.contains { $0 != UInt8(ascii: "*") && !Self.isOfAddresses($0) }
        default: return false
        }
    }

    private static func isOfAddresses(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."): true
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
