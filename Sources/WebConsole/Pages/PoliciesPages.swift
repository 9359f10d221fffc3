// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import Foundation
import HTTPTypes
import Hummingbird
import PolicyModel

/// Policies: the list, coverage, and each one.
struct PoliciesPages: Sendable {
    /// What use is counted over, in microseconds.
    static let usePeriod: Int64 = 86_400_000_000
    static let usePhrase = "in the last 24 h"

    /// The page of a policy.
    static func link(_ environment: String, kind: PolicyKind, namespace: String?, name: String) -> Link {
        Link("e", environment, "policies", namespace ?? "-", kind.rawValue, name)
    }

    var routes: [PageRoute] {
        [
            .get("e/{environment}/policies", .namespaces(.viewTraffic), list),
            .get("e/{environment}/policies/{namespace}/{kind}/{name}", .namespaces(.viewTraffic), show),
            .get("e/{environment}/policies/{namespace}/{kind}/{name}/edit", .namespaces(.proposeChanges), edit),
        ]
    }

    static func use(_ request: PageRequest) async throws -> [String: PolicyUseReport.Item] {
        let now = request.console.now()
        let report = try await request.place().insight.policyUse(
            StatisticsRequest(range: TimeRange(from: now - usePeriod, to: now), view: request.view)
        )
        return Dictionary(report.items.map { ($0.policy, $0) }) { first, _ in first }
    }

    @Sendable
    private func list(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let list = await place.service.policies(request.view)
        let all = list.items
        let search = request.query("q") ?? ""
        let shown = all.filter { search.isEmpty || $0.fullName.localizedCaseInsensitiveContains(search) }
        let isCoverage = request.query("tab") == "coverage"
        let page = request.page(of: PolicyList(environment: list.environment, items: isCoverage ? [] : shown))
        let use = isCoverage ? [:] : try await Self.use(request)
        var model = PoliciesModel(
            tab: isCoverage ? .coverage : .list,
            rows: page.items.map { .init(report: $0, use: use[$0.fullName]?.use) },
            usePeriod: Self.usePhrase,
            search: search,
            all: all.count,
            broken: await place.service.status(request.view).policies.brokenFiles
        )
        (model.matching, model.next) = (shown.count, page.next)
        if isCoverage {
            let coverage = await place.insight.coverage(request.view)
            let page = request.page(of: coverage)
            (model.workloads, model.next) = (page.items.map { .init($0) }, page.next)
            model.allWorkloads = coverage.items.count
            model.withoutPolicy = coverage.items.count { !$0.inbound && !$0.outbound }
        }
        if request.access.allows(.proposeChanges, in: .environment(place.name)) {
            model.disabled = try await place.proposing.disabledPolicies().map {
                .init(path: $0, link: EditorPages.link(place.name, path: $0))
            }
        }
        if let key = request.query("sel"),
            let found = all.first(where: { "\($0.policyKind.rawValue):\($0.fullName)" == key })
        {
            model.selected = try await Self.described(found, request)
        }
        if request.view.isEmpty {
            model.state = .empty(.notPermitted("You can see none of the namespaces. Ask an administrator for Viewer."))
        } else if all.isEmpty {
            model.state = .empty(.notConfigured("No policies yet: nothing is restricted."))
        } else if shown.isEmpty {
            model.state = .empty(.filteredOut(hidden: UInt64(all.count)))
        }
        let context = await request.pageContext(command: "palisade policy list -e \(place.name)")
        return request.answer(PoliciesPage.page(model, context), context)
    }

    /// A policy with its summary and text.
    private static func described(_ report: PolicyReport, _ request: PageRequest) async throws -> PolicyReport {
        let named = try await request.place().service.policies(
            named: report.name,
            namespace: report.namespace,
            view: request.view
        )
        return named.items.first { $0.policyKind == report.policyKind } ?? report
    }

    private func found(_ request: PageRequest) async throws -> PolicyReport {
        let namespace = try request.path("namespace")
        let (kind, name) = (try request.path("kind"), try request.path("name"))
        let named = try await request.place().service.policies(
            named: name,
            namespace: namespace == "-" ? nil : namespace,
            view: request.view
        )
        guard let report = named.items.first(where: { $0.policyKind.rawValue == kind }) else {
            throw ServiceError(.notFound, "There is no \(kind) called \(name).")
        }
        return report
    }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        let report = try await found(request)
        let place = try request.place()
        let use = try await Self.use(request)[report.fullName]
        let coverage = await place.insight.coverage(request.view)
        let model = PolicyModel(
            report: report,
            rules: PolicyRules(report).rules(use?.rules ?? [:]),
            use: use?.use,
            usePeriod: Self.usePhrase,
            firstLine: report.location.line,
            subjects: coverage.items.filter { $0.policies.contains(report.fullName) }.map {
                "\($0.namespace)/\($0.workload)"
            }
        )
        let notices: [PageContext.Notice] =
            request.query("done") == "saved" ? [.init(.done, "Saved. It is in force now.")] : []
        let context = await request.pageContext(
            command: "palisade policy get -e \(place.name) \(report.fullName)",
            notices: notices
        )
        return request.answer(PolicyPage.page(model, context), context)
    }

    @Sendable
    private func edit(_ request: PageRequest) async throws -> Response {
        let report = try await found(request)
        let link = EditorPages.link(try request.place().name, path: report.location.document)
        return request.redirect(to: link.setting("policy", report.fullName))
    }
}

extension PolicyReport {
    /// `namespace/name`, or the name alone.
    var fullName: String { namespace.map { "\($0)/\(name)" } ?? name }
}
