// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import HTTPTypes
import Hummingbird
import NetworkPrimitives

/// Why a connection is allowed or dropped.
struct ExplainPages: Sendable {
    var routes: [PageRoute] { [.get("e/{environment}/explain", .namespaces(.viewTraffic), show)] }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        var model = ExplainModel(
            source: request.query("from") ?? "",
            destination: request.query("to") ?? "",
            port: request.query("port") ?? "",
            ipProtocol: request.query("protocol") ?? "tcp",
            http: request.query("http") ?? "",
            dnsName: request.query("dns") ?? "",
            parties: await parties(request)
        )
        var command: String?
        if !model.source.isEmpty || !model.destination.isEmpty {
            do {
                let question = try Self.question(model)
                model.answer = try await place.service.explain(question, request.view)
                model.createRule = createRule(model, request)
                command = Self.command(question, place.name)
            } catch let error as ServiceError {
                model.problem = PanelFailure(error.message, fix: error.fix)
            }
        }
        let context = await request.pageContext(command: command)
        return request.answer(ExplainPage.page(model, context), context)
    }

    private func parties(_ request: PageRequest) async -> [String] {
        guard let place = request.environment else { return [] }
        let workloads = await place.insight.coverage(request.view).items.map { "\($0.namespace)/\($0.workload)" }
        return workloads + ["host", "world"]
    }

    private static func question(_ model: ExplainModel) throws -> ExplainRequest {
        guard let ipProtocol = IPProtocol(name: model.ipProtocol.uppercased()) ?? IPProtocol(name: model.ipProtocol)
        else {
            throw ServiceError(.badRequest, "\"\(model.ipProtocol)\" is not a protocol.", fix: "Use tcp, udp or icmp.")
        }
        var port: UInt16?
        if !model.port.isEmpty {
            guard let number = UInt16(model.port) else {
                throw ServiceError(
                    .badRequest,
                    "\"\(model.port)\" is not a port.",
                    fix: "Use a number from 0 to 65535."
                )
            }
            port = number
        }
        return ExplainRequest(
            source: model.source,
            destination: model.destination,
            port: port,
            ipProtocol: ipProtocol,
            http: model.http.isEmpty ? nil : model.http,
            dnsName: model.dnsName.isEmpty ? nil : model.dnsName
        )
    }

    private func createRule(_ model: ExplainModel, _ request: PageRequest) -> Link? {
        guard let answer = model.answer, answer.verdict != .allowed, answer.rule != nil,
            let place = request.environment,
            request.access.allows(.proposeChanges, in: .environment(place.name))
        else { return nil }
        let inbound = answer.steps.first { $0.label == "inbound" }
        return Link("e", place.name, "create-rule")
            .setting("from", model.source).setting("to", model.destination)
            .setting("port", model.port).setting("protocol", model.ipProtocol)
            .setting("direction", inbound?.result == "NOT ALLOWED" ? "inbound" : "outbound")
    }

    private static func command(_ question: ExplainRequest, _ environment: String) -> String {
        let port = question.port.map { " --port \($0)/\(question.ipProtocol.description.lowercased())" } ?? ""
        return "palisade explain -e \(environment) \(question.source) \(question.destination)\(port)"
    }
}
