// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A set of Unicode scalars.
struct ScalarSet: Hashable, Sendable {
    /// In order, none touching another.
    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    static let any = ScalarSet([0...0x10FFFF])
    static let lineFeed = ScalarSet("\n")
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let digit = ScalarSet([0x30...0x39])
    static let space = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])

    /// The classes that are written `[:name:]` (POSIX), in ASCII.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]), "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A]),
        "ascii": ScalarSet([0...0x7F]), "blank": ScalarSet([0x09...0x09, 0x20...0x20]),
        "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F]), "digit": digit, "graph": ScalarSet([0x21...0x7E]),
        "lower": ScalarSet([0x61...0x7A]), "print": ScalarSet([0x20...0x7E]),
        "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": ScalarSet([0x09...0x0D, 0x20...0x20]), "upper": ScalarSet([0x41...0x5A]), "word": word,
        "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]

    /// - Complexity: O(ranges), of which classes have few.
    func contains(_ scalar: UInt32) -> Bool {
        for range in ranges where scalar <= range.upperBound { return scalar >= range.lowerBound }
        return false
    }

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    var complement: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if next < range.lowerBound { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return ScalarSet(result)
    }

    /// The set with the other cases of its letters; `nil` when it has others than those of ASCII.
    ///
    /// Two letters of ASCII have a third form: the Kelvin sign is a k, and the long s an s.
    var foldingCase: ScalarSet? {
        guard ranges.allSatisfy({ $0.upperBound < 0x80 }) else { return nil }
        var result = ranges
        for range in ranges {
            for (letters, distance) in [(UInt32(0x41)...0x5A, 0x20), (UInt32(0x61)...0x7A, -0x20)]
            where range.overlaps(letters) {
                let part = range.clamped(to: letters)
                result.append(
                    UInt32(Int(part.lowerBound) + distance)...UInt32(Int(part.upperBound) + distance)
                )
            }
        }
        let folded = ScalarSet(result)
        if folded.contains(0x6B) { result.append(0x212A...0x212A) }
        if folded.contains(0x73) { result.append(0x017F...0x017F) }
        return ScalarSet(result)
    }
}
