// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

/// The maps that lead an endpoint's packets into its chains; handed out again while nobody's chains have other names.
struct SubjectEntries {
    private struct Inputs: Equatable {
        var owners: [IPAddress: Int]
        var identities: [Int]
        var names: [[Direction: String]]
    }

    private var last: (inputs: Inputs, sets: [String: NamedSet])?

    /// - Parameter names: by identity, the name of its chain in each direction, where it has one.
    mutating func sets(_ world: ResolvedSnapshot, names: [[Direction: String]]) -> [String: NamedSet] {
        let inputs = Inputs(
            owners: world.endpointByAddress,
            identities: world.identityOfEndpoint,
            names: names
        )
        if let last, last.inputs == inputs { return last.sets }
        var elements: [String: [String: String]] = [:]
        for (address, endpoint) in world.endpointByAddress {
            let (text, digit) = ("\(address)", FamilyTerms(address.family).digit)
            for (direction, name) in names[world.identityOfEndpoint[endpoint]] {
                for orientation in Orientation.allCases {
                    let set = "\(direction.suffix)\(digit)_\(orientation.rawValue)"
                    elements[set, default: [:]][text] = "jump \(name)_\(orientation.rawValue)"
                }
            }
        }
        var sets: [String: NamedSet] = [:]
        for family in IPAddress.Family.allCases {
            let terms = FamilyTerms(family)
            for direction in Direction.allCases {
                for orientation in Orientation.allCases {
                    let name = "\(direction.suffix)\(terms.digit)_\(orientation.rawValue)"
                    sets[name] = NamedSet(
                        key: [terms.addressType],
                        data: "verdict",
                        elements: elements[name] ?? [:]
                    )
                }
            }
        }
        last = (inputs, sets)
        return sets
    }
}
