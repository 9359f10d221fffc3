// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import HTTPTypes
import Hummingbird
import NetworkPrimitives
import PolicyAnalysis

/// Rows of flows as files.
enum FlowExport: String, Sendable {
    case csv, jsonl, hubble

    func response(_ page: FlowPage) throws -> Response {
        var body = ByteBuffer()
        switch self {
        case .csv:
            body.writeString(Self.line(Self.headers))
            for item in page.items { body.writeString(Self.line(Self.cells(item))) }
        case .jsonl:
            for item in page.items {
                body.writeBytes(try JSONAnswer.bytes(of: item))
                body.writeString("\n")
            }
        case .hubble:
            for item in page.items {
                body.writeString(HubbleLine.text(item) + "\n")
            }
        }
        let (type, ending) = self == .csv ? ("text/csv; charset=utf-8", "csv") : ("application/jsonl", "jsonl")
        return Response(
            status: .ok,
            headers: [
                .contentType: type, .contentDisposition: "attachment; filename=\"palisade-flows.\(ending)\"",
            ],
            body: ResponseBody(byteBuffer: body)
        )
    }

    private static let headers = [
        "last_seen", "first_seen", "source", "source_ip", "destination", "destination_ip", "protocol", "port",
        "verdict",
        "direction", "count", "packets", "bytes", "policy", "rule", "isolated_by", "reason",
    ]

    private static func cells(_ item: FlowItem) -> [String] {
        [
            item.lastSeen.description, item.firstSeen.description, FlowDetails.name(item.source),
            item.source.ip?.description ?? "", FlowDetails.name(item.destination),
            item.destination.ip?.description ?? "",
            item.protocol, item.port.map(String.init) ?? item.icmpType.map(String.init) ?? "", item.verdict.rawValue,
            item.direction.rawValue, "\(item.count)", "\(item.packets)", "\(item.bytes)", item.decision.policy ?? "",
            item.decision.rule ?? "", item.decision.isolatedBy.joined(separator: " "), item.decision.reason.rawValue,
        ]
    }

    /// RFC 4180; what a spreadsheet would take for a formula gets a quote before it.
    static func line(_ cells: [String]) -> String { cells.map(Escaped.csv).joined(separator: ",") + "\r\n" }
}
