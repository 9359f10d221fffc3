// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives

extension Field {
    /// An address block; host bits are cleared with a warning.
    func prefix() -> Prefix? {
        guard let text = string() else { return nil }
        guard let prefix = Prefix(text) else {
            report(.notARange(text))
            return nil
        }
        if Prefix.hasHostBits(text) { report(.hostBits(text, readAs: "\(prefix)")) }
        return prefix
    }

    /// Exceptions to an address block.
    ///
    /// - Parameters:
    ///   - block: what they must lie inside; `nil` where the block is not known here.
    ///   - strictly: whether an exception must be smaller than the block.
    func exceptions(to block: Prefix?, strictly: Bool) -> [Prefix] {
        var result: [Prefix] = []
        for item in list() ?? [] {
            guard let exception = item.prefix() else { continue }
            if let block, !block.contains(exception) || (strictly && exception == block) {
                item.report(.exceptionOutside("\(exception)", "\(block)"))
            }
            result.append(exception)
        }
        return result
    }

    /// A number in a range; reports and returns `nil` outside it.
    func port() -> UInt16? {
        guard let number = integer() else { return nil }
        guard let port = UInt16(exactly: number), port > 0 else {
            report(.unknownPort("\(number)"))
            return nil
        }
        return port
    }
}
