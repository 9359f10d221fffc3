// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives

/// Everything that the drawer says about one flow.
struct FlowDetails {
    let request: PageRequest

    /// - Returns: `nil` when the row is neither among those of the page nor among the newest without the filter.
    func detail(_ id: String, _ items: [FlowItem], _ wanted: FlowRequest) async throws -> FlowDetail? {
        let place = try request.place()
        guard let item = try await item(id, items, wanted, place) else { return nil }
        let question = ExplainRequest(
            source: Self.name(item.source),
            destination: Self.name(item.destination),
            port: item.port ?? item.icmpType.map(UInt16.init),
            ipProtocol: Self.ipProtocol(item)
        )
        // A party that is gone, or an address without a name, cannot be asked about; the record still tells its story.
        let answer = try? await place.service.explain(question, request.view)
        let policies = await place.service.policies(request.view).items
        let names = [item.decision.policy].compactMap { $0 } + item.decision.isolatedBy
        return FlowDetail(
            item: item,
            story: DecisionStory.sentences(item),
            policies: names.map { .init(name: $0, link: link(of: $0, policies, place.name)) },
            closestRule: closestRule(answer, policies, place.name),
            json: String(decoding: try JSONAnswer.bytes(of: item), as: UTF8.self),
            command: Self.command(question, place.name),
            createRule: createRule(item, place)
        )
    }

    /// The row that the address names, although a filter that was changed in the drawer now hides it.
    private func item(
        _ id: String,
        _ items: [FlowItem],
        _ wanted: FlowRequest,
        _ place: ConsoleEnvironment
    ) async throws -> FlowItem? {
        if let item = items.first(where: { $0.rowID == id }) { return item }
        guard wanted.filter != .everything else { return nil }
        var all = wanted
        (all.filter, all.cursor, all.limit, all.extras) = (.everything, nil, 1_000, [])
        return try await place.flows.flows(all).items.first { $0.rowID == id }
    }

    private func link(of name: String, _ policies: [PolicyReport], _ environment: String) -> Link {
        guard let report = policies.first(where: { $0.fullName == name }) else {
            return Link("e", environment, "policies").setting("q", name)
        }
        return PoliciesPages.link(environment, kind: report.policyKind, namespace: report.namespace, name: report.name)
    }

    /// `data/db-allow inbound/1 allows TCP 5432 from … (data/db-allow.yaml:15:5)`, as a link to that line.
    private func closestRule(
        _ answer: Explanation?,
        _ policies: [PolicyReport],
        _ environment: String
    ) -> FlowDetail.PolicyReference? {
        guard let note = answer?.steps.flatMap(\.notes).first(where: { $0.label == "closest" }),
            let policy = note.text.split(separator: " ").first.map(String.init)
        else { return nil }
        var target = link(of: policy, policies, environment)
        let place = note.text.split(separator: "(").last?.split(separator: ":") ?? []
        if place.count >= 2, let line = Int(place[1]) { target.fragment = "L\(line)" }
        return .init(name: note.text, link: target)
    }

    /// Only what is not allowed needs a rule, and only who may write one is offered it.
    private func createRule(_ item: FlowItem, _ place: ConsoleEnvironment) -> Link? {
        guard item.verdict != .allowed, request.access.allows(.proposeChanges, in: .environment(place.name)) else {
            return nil
        }
        return Link("e", place.name, "create-rule")
            .setting("from", Self.name(item.source)).setting("to", Self.name(item.destination))
            .setting("port", item.port.map(String.init)).setting("protocol", item.protocol.lowercased())
            .setting("direction", item.direction == .ingress ? "inbound" : "outbound")
    }

    static func name(_ party: FlowItem.Party) -> String {
        if let namespace = party.namespace, let workload = party.workload { return "\(namespace)/\(workload)" }
        return party.ip?.description ?? (party.kind == .host ? "host" : "world")
    }

    static func ipProtocol(_ item: FlowItem) -> IPProtocol {
        IPProtocol(name: item.protocol) ?? .tcp
    }

    private static func command(_ question: ExplainRequest, _ environment: String) -> String {
        let port = question.port.map { " --port \($0)/\(question.ipProtocol.description.lowercased())" } ?? ""
        return "palisade explain -e \(environment) \(question.source) \(question.destination)\(port)"
    }
}
