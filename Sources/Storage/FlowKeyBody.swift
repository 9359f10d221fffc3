// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// Reads the JSON bodies of `flow_key`, of which one question may need a hundred thousand.
///
/// A body that is not as expected is left to the decoder for any type, which takes much longer.
struct FlowKeyBody {
    private struct Fields {
        var source: FlowKey.Party?
        var destination: FlowKey.Party?
        var decision: Flow.Decision?
        var ipProtocol: UInt64?
        var port: UInt64?
        var verdict: String?
        var direction: String?
    }

    /// - Returns: `nil` for a body that needs a closer look.
    static func key(_ body: UnsafeBufferPointer<UInt8>) -> FlowKey? {
        var scanner = JSONScanner(body)
        var fields = Fields()
        let isRead = scanner.object { name, scanner in
            switch name {
            case "source": fields.source = party(&scanner)
            case "destination": fields.destination = party(&scanner)
            case "decision": fields.decision = decision(&scanner)
            case "ipProtocol": return scanner.optionalNumber(&fields.ipProtocol)
            case "port": return scanner.optionalNumber(&fields.port)
            case "verdict": return scanner.optionalString(&fields.verdict)
            case "direction": return scanner.optionalString(&fields.direction)
            default: return false
            }
            return true
        }
        guard isRead, let source = fields.source, let destination = fields.destination, let decision = fields.decision,
            let ipProtocol = fields.ipProtocol.flatMap({ UInt8(exactly: $0) }),
            let port = fields.port.flatMap({ UInt16(exactly: $0) }),
            let verdict = fields.verdict.flatMap(Verdict.init), let direction = fields.direction.flatMap(Direction.init)
        else { return nil }
        return FlowKey(
            source: source,
            destination: destination,
            ipProtocol: IPProtocol(rawValue: ipProtocol),
            port: port,
            verdict: verdict,
            direction: direction,
            decision: decision
        )
    }

    private static func party(_ scanner: inout JSONScanner) -> FlowKey.Party? {
        var (kind, namespace, workload, address): (String?, String?, String?, String?)
        let isRead = scanner.object { name, scanner in
            switch name {
            case "kind": scanner.optionalString(&kind)
            case "namespace": scanner.optionalString(&namespace)
            case "workload": scanner.optionalString(&workload)
            case "address": scanner.optionalString(&address)
            default: false
            }
        }
        guard isRead, let kind = kind.flatMap(Flow.Party.Kind.init) else { return nil }
        guard let address else { return .init(kind: kind, namespace: namespace, workload: workload, address: nil) }
        return IPAddress(address).map { .init(kind: kind, namespace: namespace, workload: workload, address: $0) }
    }

    private static func decision(_ scanner: inout JSONScanner) -> Flow.Decision? {
        var (policy, rule, reason): (String?, String?, String?)
        var isolatedBy: [String] = []
        let isRead = scanner.object { name, scanner in
            switch name {
            case "policy": return scanner.optionalString(&policy)
            case "rule": return scanner.optionalString(&rule)
            case "reason": return scanner.optionalString(&reason)
            case "isolatedBy":
                return scanner.list { scanner in
                    var text: String?
                    guard scanner.optionalString(&text), let text else { return false }
                    isolatedBy.append(text)
                    return true
                }
            default: return false
            }
        }
        guard isRead, let reason = reason.flatMap(Flow.Reason.init) else { return nil }
        return Flow.Decision(policy: policy, rule: rule, isolatedBy: isolatedBy, reason: reason)
    }
}
