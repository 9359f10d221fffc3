// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import FlowModel
internal import NetworkPrimitives
internal import PolicyEvaluation

/// One line of a file of questions: `{"from": "shop/web", "to": "data/db", "protocol": "TCP", "port": 5432}`.
///
/// `from` and `to` are `namespace/name`, an address, or an entity such as `host`, `remote-node` or `world`; for ICMP `port` is
/// the message type. `http` (`GET /path`) and `dns` say more about the request.
struct PolicyQuestion: Hashable {
    var from: String
    var to: String
    var service: Service
    var http: String?
    var dns: String?

    /// Why a line is no question; one sentence.
    struct Problem: Error {
        var sentence: String
    }

    /// Reads one line of JSON.
    /// - Throws: `Problem`.
    init(_ line: UnsafeBufferPointer<UInt8>) throws(Problem) {
        var scanner = JSONScanner(line)
        var (from, to, name): (String?, String?, String?)
        var (http, dns): (String?, String?)
        var port: UInt64?
        let isObject = scanner.object { key, scanner in
            switch key {
            case "from": scanner.optionalString(&from)
            case "to": scanner.optionalString(&to)
            case "protocol": scanner.optionalString(&name)
            case "port": scanner.optionalNumber(&port)
            case "http": scanner.optionalString(&http)
            case "dns": scanner.optionalString(&dns)
            default: scanner.skip()
            }
        }
        guard isObject, scanner.isAtEnd() else { throw Problem(sentence: "The line is not a JSON object.") }
        guard let from, let to else { throw Problem(sentence: "A question needs \"from\" and \"to\".") }
        self.from = from
        self.to = to
        service = try Self.service(name ?? "TCP", port)
        (self.http, self.dns) = (http, dns)
    }

    private static func service(_ name: String, _ port: UInt64?) throws(Problem) -> Service {
        guard let ipProtocol = IPProtocol(name: name) else {
            throw Problem(sentence: "\"\(Escaped.plain(name))\" is not a protocol.")
        }
        if ipProtocol.isICMP {
            guard let type = UInt8(exactly: port ?? (ipProtocol == .icmp ? 8 : 128)) else {
                throw Problem(sentence: "\"port\" of ICMP is the message type, 0 to 255.")
            }
            return Service(ipProtocol, port: UInt16(type))
        }
        guard ipProtocol.hasPorts else { return Service(ipProtocol, port: 0) }
        guard let port, let number = UInt16(exactly: port), number > 0 else {
            throw Problem(sentence: "\"port\" must be a number from 1 to 65535.")
        }
        return Service(ipProtocol, port: number)
    }

    /// What is known of the request.
    func facts() throws(Problem) -> RequestFacts {
        var facts = RequestFacts(dns: dns, on: service)
        if let http {
            guard let request = RequestFacts.HTTP(line: http) else {
                throw Problem(sentence: "\"http\" must be written like \"GET /path\".")
            }
            facts.http = request
        }
        return facts
    }
}

extension RequestFacts.HTTP {
    /// Reads `GET /path`, or `GET http://host/path`; `nil` when the text is neither.
    package init?(line: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard words.count == 2, words[0].allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        var (host, path): (String?, String) = (nil, words[1])
        for scheme in ["http://", "https://"] where path.hasPrefix(scheme) {
            let rest = path.dropFirst(scheme.count)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            host = String(rest[..<end])
            path = end == rest.endIndex ? "/" : String(rest[end...])
        }
        guard path.hasPrefix("/") else { return nil }
        self.init(method: words[0].uppercased(), path: path, host: host)
    }
}
