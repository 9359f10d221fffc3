// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A place in the console: path and query, percent-encoded when it is written (RFC 3986).
///
/// It begins with one slash and holds no scheme and no host, so that no value can lead elsewhere.
public struct Link: Hashable, Sendable, CustomStringConvertible {
    /// One name and value of the query.
    public struct Parameter: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Decoded; empty is the root.
    public var segments: [String]
    /// In order; a name may come twice.
    public var query: [Parameter]
    public var fragment: String?

    /// `Link("e", "production", "flows", query: ["q": "verdict:dropped"])`.
    public init(_ segments: String..., query: KeyValuePairs<String, String> = [:], fragment: String? = nil) {
        self.init(segments: segments, query: query.map { Parameter($0.key, $0.value) }, fragment: fragment)
    }

    public init(segments: [String], query: [Parameter] = [], fragment: String? = nil) {
        self.segments = segments
        self.query = query
        self.fragment = fragment
    }

    /// The first value of the name; `nil` when it is not there.
    public subscript(name: String) -> String? { query.first { $0.name == name }?.value }

    /// The same place with a parameter set once, or removed by `nil`; others stay in order.
    public func setting(_ name: String, _ value: String?) -> Link {
        var result = self
        let index = query.firstIndex { $0.name == name }
        result.query.removeAll { $0.name == name }
        if let value { result.query.insert(Parameter(name, value), at: min(index ?? .max, result.query.count)) }
        return result
    }

    public func removing(_ names: String...) -> Link {
        var result = self
        result.query.removeAll { names.contains($0.name) }
        return result
    }

    public var description: String {
        // Two slashes at the start would name a host.
        var text = "/" + segments.drop(while: \.isEmpty).map { Self.encoded($0, keeping: []) }.joined(separator: "/")
        if !query.isEmpty {
            let kept = Array(":/,*@".utf8)
            text += "?"
            text += query.map { "\(Self.encoded($0.name, keeping: kept))=\(Self.encoded($0.value, keeping: kept))" }
                .joined(separator: "&")
        }
        if let fragment { text += "#" + Self.encoded(fragment, keeping: Array(":/".utf8)) }
        return text
    }

    /// Bytes that are not unreserved (RFC 3986, section 2.3) as `%XX`.
    ///
    /// Segments that are dots alone would be taken for steps in the path; their dots are encoded.
    private static func encoded(_ text: String, keeping kept: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF")
        let isDots = text == "." || text == ".."
        if !isDots, text.utf8.allSatisfy({ isUnreserved($0) || kept.contains($0) }) { return text }
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f, 0x7e: result.unicodeScalars.append(.init(byte))
            case 0x2e where !isDots: result.unicodeScalars.append(".")
            case let byte where kept.contains(byte): result.unicodeScalars.append(.init(byte))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }

    /// RFC 3986, 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
        default: false
        }
    }
}
