// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import Foundation
import HTTPTypes
import NetworkPrimitives
import Testing

@testable import ControlPlane
@testable import WebConsole

/// Somebody who may see one namespace learns nothing of the others, by whatever route they ask.
@Suite struct NamespaceScopeTests {
    /// What only who sees `data` may read: its traffic within itself, its policy, its workload that shop never talks to.
    private static let secrets = ["replica", "data/deny", "data.yaml"]

    private static func serving(_ body: @escaping @Sendable (ConsoleLab, Client) async throws -> Void) async throws {
        try await ConsoleLab.serving { lab in
            try await lab.user("ann", [GrantReport(role: .author, scope: "namespace/production/shop")])
            try await body(lab, try await lab.browser("ann"))
        }
    }

    private static let environment = "/api/v1/environments/production/"

    @Test func `no route tells about another namespace, also not through filters, sorting and errors`() async throws {
        try await Self.serving { lab, ann in
            let questions = ["", "filter=ns:data", "filter=workload:replica", "filter=-ns:shop"]
            var paths = lab.application.apiRoutes.filter { $0.method == .get && $0.path.contains("{environment}") }
                .map {
                    "/api/v1/"
                        + PagePermissionTests.filled($0.path).dropFirst().replacing("{dimension}", with: "policy")
                }
                .flatMap { path in questions.map { "\(path)?\($0)" } }
            paths += lab.application.pageRoutes.filter { $0.method == .get && $0.path.contains("{environment}") }
                .map { PagePermissionTests.filled($0.path) }
                .flatMap { path in
                    ["", "q=ns:data", "q=workload:replica", "ns=data", "expand=*"].map {
                        path + (path.contains("?") ? "&" : "?") + $0
                    }
                }
            for path in paths {
                let answer = try await ann.get(path)
                #expect(answer.status < 500, "\(path)")
                // What was asked for is repeated; nothing else may name it.
                let body = answer.body.replacing("workload:replica", with: "").replacing("workload%3Areplica", with: "")
                for secret in Self.secrets { #expect(!body.contains(secret), "\(path) tells \(secret)") }
            }
        }
    }

    @Test func `what is not seen is answered like what does not exist`() async throws {
        try await Self.serving { lab, ann in
            func explain(_ destination: String) async throws -> Client.Answer {
                let body = ExplainRequest(source: "data/db", destination: destination, port: 80, ipProtocol: .tcp)
                return try await ann.json("POST", Self.environment + "explain", body)
            }
            let (hidden, absent) = (try await explain("data/replica"), try await explain("data/nothing"))
            #expect(hidden.status == absent.status)
            #expect(
                hidden.comparable.replacing("replica", with: "NAME")
                    == absent.comparable.replacing("nothing", with: "NAME")
            )
            let policies = ["policies/deny?namespace=data", "policies/deny?namespace=dato"]
            let answers = try await policies.asyncMap { try await ann.get(Self.environment + $0) }
            #expect(answers.allSatisfy { $0.status == 404 })
            let bodies = zip(answers, ["data", "dato"]).map { $0.comparable.replacing($1, with: "NAME") }
            #expect(bodies[0] == bodies[1])
            let pages = ["data", "nowhere"]
            for name in pages {
                #expect(try await ann.get("/e/production/policies/\(name)/NetworkPolicy/deny").status == 404)
            }
            #expect(try await ann.get(Self.environment + "world").status == 403)
            #expect(try await ann.get(Self.environment + "policy-file?path=shop.yaml").status == 403)
        }
    }

    @Test func `counts, totals and exports are those of the namespace's own traffic`() async throws {
        try await Self.serving { lab, ann in
            let root = try await lab.browser("root")
            let own: FlowPage = try await ann.get(Self.environment + "flows?group=raw&limit=1000").value()
            let all: FlowPage = try await root.get(Self.environment + "flows?group=raw&limit=1000").value()
            #expect(own.items.count == 40 && own.matched == 40 && own.total == 40, "\(own.matched) of \(own.total)")
            #expect(all.items.count == 60 && all.total == 60)
            #expect(own.items.allSatisfy { $0.source.namespace == "shop" || $0.destination.namespace == "shop" })
            let totals: TotalsReport = try await ann.get(Self.environment + "statistics/totals").value()
            #expect(totals.totals.total.connections == 40)
            let list: NamespaceReport = try await ann.get(Self.environment + "statistics/namespaces").value()
            #expect(list.items.map(\.namespace) == ["shop"])
            let policies: PolicyList = try await ann.get(Self.environment + "policies").value()
            #expect(policies.items.map(\.namespace) == ["shop"])
            let environments: EnvironmentList = try await ann.get("/api/v1/environments").value()
            #expect(environments.items.map(\.name) == ["production"])
            #expect(environments.items.first?.namespaces == ["shop"])
            let export = try await ann.get("/e/production/flows/export?format=csv&group=raw")
            #expect(export.status == 200 && !export.body.contains("replica") && export.body.contains("web"))
            let other: FlowPage = try await ann.get(Self.environment + "flows?filter=ns:data").value()
            #expect(other.items.allSatisfy { $0.source.namespace == "shop" || $0.destination.namespace == "shop" })
        }
    }

    @Test func `live flows are the namespace's own, and losses of others are not counted for it`() async throws {
        try await Self.serving { lab, _ in
            let ann = try await lab.session("ann")
            for page in [false, true] {
                let reader = try LiveReader(lab, cookie: ann.secret, isPage: page)
                try await Task.sleep(for: .milliseconds(300))
                let inside = LabWorld.flows.first { $0.source.workload == "replica" }
                await lab.production.broadcast.send([try #require(inside)], lost: 7)
                await lab.production.broadcast.send([LabWorld.flows[0]], lost: 0)
                let lost = try await reader.next()
                #expect(lost.name == "lost" && !lost.data.contains("7"), "\(lost)")
                let flows = try await reader.next()
                #expect(flows.name == (page ? "rows" : "flows"))
                #expect(flows.data.contains("web") && !flows.data.contains("replica"), "\(flows)")
            }
        }
    }
}
