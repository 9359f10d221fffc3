// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NIOHTTP1
import NetworkPrimitives
import PolicyModel

/// `palisade explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say step by step why a connection is allowed or not.",
        discussion: """
            SOURCE and DESTINATION are namespace/workload, namespace/container, an IP address, host or world.

            Examples:
              palisade explain shop/web data/db --port 5432
              palisade explain shop/web 203.0.113.40 --port 443/tcp --expect dropped
              palisade explain shop/web data/db --port 53/udp --files ./manifests
            """
    )

    @Argument var source: String
    @Argument var destination: String

    @Option(help: "5432, 53/udp; for ICMP the type: 8/icmp.")
    var port: String?

    @Option(help: "Answer from manifests in this directory instead of the running process.")
    var files: String?

    @Option(help: "allowed, dropped or would-drop: exit 3 when it is not so.")
    var expect: String?

    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.require([.table, .wide, .json])
        let expected = try expect.map(Self.verdict)
        let request = try request()
        let explanation: Explanation
        if let files {
            explanation = try await OfflineWorld.explanation(of: request, files: files)
        } else {
            explanation = try await options.client.send(.POST, "explain", body: request)
        }
        if options.output == .json {
            Console.line(try JSONText.pretty(explanation))
        } else {
            ExplanationText.lines(explanation).forEach(Console.line)
        }
        if let expected, expected != explanation.verdict {
            let (found, wanted) = (FlowText.verdict(explanation.verdict), FlowText.verdict(expected))
            throw CommandFailure(.findings, "expected \(wanted), the verdict is \(found)")
        }
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
        let parts = (port ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw wrongPort() }
        let protocolName = parts.count == 2 ? parts[1] : "tcp"
        guard let proto = IPProtocol(name: protocolName) else {
            throw CommandFailure(.usage, "\"\(protocolName)\" is not a protocol. Use tcp, udp, sctp, icmp or icmpv6.")
        }
        let number = parts[0].isEmpty ? nil : UInt16(parts[0])
        guard number != nil || parts[0].isEmpty else { throw wrongPort() }
        if proto.hasPorts, number ?? 0 == 0 { throw wrongPort() }
        return ExplainRequest(source: source, destination: destination, port: number, ipProtocol: proto)
    }

    private func wrongPort() -> CommandFailure {
        guard let port else { return CommandFailure(.usage, "--port is needed. Write it like --port 5432 or 53/udp.") }
        return CommandFailure(.usage, "Port \"\(port)\" is not a number from 1 to 65535. Write it like 5432 or 53/udp.")
    }
}

/// The numbered steps as text.
enum ExplanationText {
    static func lines(_ explanation: Explanation) -> [String] {
        let labels = explanation.steps.flatMap { [$0.label] + $0.notes.map(\.label) }
        let labelWidth = (labels.map(\.count).max() ?? 0) + 2
        let resultWidth = (explanation.steps.map(\.result.count).max() ?? 0) + 2
        var lines: [String] = []
        for (index, step) in explanation.steps.enumerated() {
            lines.append(
                "\(padded("\(index + 1)", -2)) \(padded(step.label, labelWidth))\(padded(step.result, resultWidth))\(step.text)"
            )
            for note in step.notes { lines.append("   \(padded(note.label, labelWidth))\(note.text)") }
        }
        for policy in explanation.policies {
            let side = policy.direction == .ingress ? "inbound" : "outbound"
            lines.append("   policy \(policy.policy) (\(side), \(policy.mode.rawValue)) at \(policy.location)")
            for rule in policy.matchingRules {
                lines.append("     rule \(rule.name) (\(rule.action.rawValue)) at \(rule.location)")
            }
        }
        if let host = explanation.hostTraffic { lines.append("   host  \(host)") }
        if let advice = explanation.advice { lines += ["", advice] }
        return lines.map { Escaping.terminal(trimmed($0)) }
    }

    /// Blanks after the text, or before it for a negative width.
    private static func padded(_ text: String, _ width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blanks + text : text + blanks
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
