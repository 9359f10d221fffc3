// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel
import NIOHTTP1
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// `palisade explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say step by step why a connection is allowed or not.",
        discussion: """
            Examples:
              palisade explain shop/web data/db --port 5432
              palisade explain shop/web 203.0.113.40 --port 443/tcp --expect dropped
              palisade explain shop/web data/db --port 53/udp --files ./manifests
              palisade explain host shop/web --port icmp

            With --questions, lines of JSON are answered by lines of JSON, in the same order:
              {"from": "shop/web", "to": "data/db", "protocol": "TCP", "port": 5432}

            SOURCE and DESTINATION are namespace/workload, namespace/container, an IP address, host or world. With
            --namespace the namespace of a name may be left out. -o wide adds every policy that has a say.
            """
    )

    @Argument var source: String?
    @Argument var destination: String?

    @Option(help: "5432, 53/udp; for ICMP icmp (echo request) or the type: 8/icmp.")
    var port: String?

    @Option(help: ArgumentHelp("The HTTP request: \"GET /path\" or \"GET http://host/path\".", valueName: "request"))
    var http: String?

    @Option(help: ArgumentHelp("The DNS name of the destination, or the name that is looked up.", valueName: "name"))
    var dns: String?

    @Option(
        help: ArgumentHelp(
            "Answer many questions: JSON lines with from, to, protocol and port, from this file or - .",
            valueName: "file"
        )
    )
    var questions: String?

    @OptionGroup var world: WorldOptions

    @Option(help: "allowed, dropped or would-drop: exit 3 when it is not so.")
    var expect: String?

    @Flag(help: "Exit 0 although --expect does not hold.")
    var exitZero = false

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        if let questions { return try await answer(questionsIn: questions) }
        try options.require([.table, .wide, .json, .yaml])
        let expected = try expect.map(Self.verdict)
        let request = try request()
        let explanation = try await answer(request)
        switch options.output {
        case .json: Console.line(try JSONText.pretty(explanation))
        case .yaml: Console.line(try YAMLText.document(explanation))
        default:
            let text = ExplanationText(explanation, isWide: options.output == .wide, isColored: options.isColored)
            text.lines.forEach(Console.line)
        }
        let isUncertain = !explanation.dependsOn.isEmpty
        guard let expected, isUncertain || expected != explanation.verdict else { return }
        let found = isUncertain ? "UNCERTAIN" : FlowText.verdict(explanation.verdict)
        let wanted = FlowText.verdict(expected)
        let sentence = "expected \(wanted), the verdict is \(found)"
        guard !exitZero else { return options.say(sentence) }
        throw CommandFailure(.findings, sentence)
    }

    private func answer(_ request: ExplainRequest) async throws -> Explanation {
        guard world.files.isEmpty else {
            return try await Explainer(world.load(options).resolved).explanation(of: request) { _ in nil }
        }
        guard world.mode == nil else {
            throw CommandFailure(.usage, "--mode is for --files; the running process has its own modes.")
        }
        return try await options.server().send(.POST, "explain", body: request)
    }

    private func answer(questionsIn path: String) async throws {
        guard source == nil, destination == nil else {
            throw CommandFailure(.usage, "--questions brings its own sources and destinations; leave them out here.")
        }
        let loaded = try await world.load(options)
        var answers = PolicyQuestions(loaded.resolved)
        try LineFiles.forEachLine(of: path) { line in answers.answer(line) + "\n" }
        guard answers.failures > 0, !exitZero else { return }
        let count = PolicyFiles.counted(answers.failures, "line")
        throw CommandFailure(.findings, "\(count) could not be answered; each says why in \"error\".")
    }

    private static func verdict(_ text: String) throws -> Verdict {
        switch text.lowercased() {
        case "allowed": return .allowed
        case "dropped": return .dropped
        case "would-drop", "would_drop": return .wouldDrop
        default: throw CommandFailure(.usage, "--expect \"\(text)\" is not allowed, dropped or would-drop.")
        }
    }

    func request() throws -> ExplainRequest {
        guard let source, let destination else {
            throw CommandFailure(.usage, "Name both ends: palisade explain shop/web data/db --port 5432")
        }
        let (number, proto) = try service()
        return ExplainRequest(
            source: full(source),
            destination: full(destination),
            port: number,
            ipProtocol: proto,
            http: http,
            dnsName: dns
        )
    }

    /// A name without its namespace is in `--namespace`.
    private func full(_ name: String) -> String {
        guard let namespace = options.namespace, !name.contains("/"),
            !PartyName.entities.contains(where: { $0.rawValue == name }),
            IPAddress(name) == nil
        else { return name }
        return "\(namespace)/\(name)"
    }

    private func service() throws -> (port: UInt16?, ipProtocol: IPProtocol) {
        let parts = (port ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first else { throw wrongPort() }
        if parts.count == 1, let alone = IPProtocol(name: first), !alone.hasPorts { return (nil, alone) }
        let protocolName = parts.count == 2 ? parts[1] : "tcp"
        guard let proto = IPProtocol(name: protocolName) else {
            let hint = nearest(to: protocolName, among: ["tcp", "udp", "sctp", "icmp", "icmpv6"])
            throw CommandFailure(
                .usage,
                Escaping.terminal("\"\(protocolName)\" is not a protocol. ")
                    + (hint.map { "Did you mean \($0)?" } ?? "Use tcp, udp, sctp, icmp or icmpv6.")
            )
        }
        guard let number = UInt16(first) else { throw wrongPort() }
        if proto.isICMP {
            guard number <= 255 else {
                throw CommandFailure(.usage, "\(number) is not a message type of \(proto), which are 0 to 255.")
            }
        } else if proto.hasPorts, number == 0 {
            throw wrongPort()
        }
        return (number, proto)
    }

    private func wrongPort() -> CommandFailure {
        guard let port else {
            return CommandFailure(.usage, "--port is needed. Write it like --port 5432, 53/udp or icmp.")
        }
        return CommandFailure(
            .usage,
            Escaping.terminal("Port \"\(port)\" is not a number from 1 to 65535. Write it like 5432, 53/udp or 8/icmp.")
        )
    }
}
