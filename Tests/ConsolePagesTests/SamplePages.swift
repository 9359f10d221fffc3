// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane

/// Every page by name, made from samples.
struct SamplePages {
    var samples: Samples

    init(_ samples: Samples) { self.samples = samples }

    static let names = [
        "flows", "flows-live", "flows-bad-filter", "statistics", "overview", "policies", "coverage", "policy", "map",
        "map-expanded", "map-table", "explain", "explain-problem", "audit", "users", "roles", "groups", "tokens",
        "retention",
        "me", "sign-in", "setup", "error-404", "error-401",
    ]

    func document(_ name: String) -> String? {
        guard let (page, context) = page(name) else { return nil }
        return Shell.document(page, context)
    }

    private func page(_ name: String) -> (Page, PageContext)? {
        let e = { (segments: String...) in Self.context(samples, ["e", "production"] + segments) }
        switch name {
        case "statistics": return with(e("stats")) { StatisticsPage.page(samples.statistics(), $0) }
        case "overview": return with(e("overview")) { OverviewPage.page(samples.overview(), $0) }
        case "policies": return with(e("policies")) { PoliciesPage.page(samples.policies(), $0) }
        case "coverage": return with(e("policies")) { PoliciesPage.page(samples.policies(.coverage), $0) }
        case "policy": return with(e("policies", "shop")) { PolicyPage.page(samples.policy(), $0) }
        case "map": return with(e("map")) { MapPage.page(samples.map(), $0) }
        case "map-expanded": return with(e("map")) { MapPage.page(samples.map(expanded: true), $0) }
        case "map-table": return with(e("map")) { MapPage.page(samples.map(table: true), $0) }
        case "explain": return with(e("explain")) { ExplainPage.page(samples.explain(), $0) }
        case "explain-problem":
            var model = samples.explain()
            model.answer = nil
            model.problem = .init(
                samples.name("Nothing is called shop/wbe."),
                fix: samples.name("Did you mean shop/web?")
            )
            return with(e("explain")) { ExplainPage.page(model, $0) }
        case "audit": return with(samples.context("audit")) { AuditPage.page(samples.audit(), $0) }
        case "users", "roles", "groups", "tokens", "retention":
            guard let tab = SettingsModel.Tab(rawValue: name) else { return nil }
            return with(samples.context("settings", name)) { SettingsPage.page(samples.settings(tab), $0) }
        case "me": return with(samples.context("me")) { MePage.page(samples.me(), $0) }
        case "sign-in", "setup", "error-401": return signedOut(name)
        case "flows":
            let context = samples.context("e", "production", "flows", query: [.init("sel", "x")])
            return (FlowsPage.page(samples.flowsModel(), context), context)
        case "flows-live":
            let context = samples.context("e", "production", "flows", query: [.init("from", "live")])
            return (FlowsPage.page(samples.flowsModel(rows: 20, live: true), context), context)
        case "flows-bad-filter":
            let query = samples.name("verdict:dropped prot:tcp -to.ns:kube-system")
            let context = samples.context("e", "production", "flows", query: [.init("q", query)])
            var model = samples.flowsModel(query: query)
            model.page.items = []
            model.selected = nil
            model.state = .empty(.filteredOut(hidden: 1204))
            model.timeRange.fromProblem = samples.name("yesterday is not a time")
            return (FlowsPage.page(model, context), context)
        case "error-404":
            let context = samples.context("e", "production", "policies")
            return (
                ErrorPage.page(
                    .init(status: 404, message: samples.name("No policy x."), requestID: samples.name("r1")),
                    context
                ), context
            )
        default: return nil
        }
    }

    private func with(_ context: PageContext, _ make: (PageContext) -> Page) -> (Page, PageContext) {
        (make(context), context)
    }

    private static func context(_ samples: Samples, _ segments: [String]) -> PageContext {
        var context = samples.context("e", "production", segments.last ?? "")
        context.location.segments = segments.map { $0 == "production" ? samples.name($0) : $0 }
        return context
    }

    private func signedOut(_ name: String) -> (Page, PageContext) {
        var context = samples.context(name == "setup" ? "setup" : "login")
        context.viewer = nil
        context.environments = []
        let provider = SignInModel.Provider(title: samples.name("Example SSO"), link: Link("login", "oidc"))
        switch name {
        case "setup":
            let model = SetupModel(token: samples.name("t"), nameProblem: samples.name("The name is empty."))
            return (SetupPage.page(model, context), context)
        case "sign-in":
            let model = SignInModel(
                name: samples.name("author1"),
                failure: .locked(until: Samples.time(-300)),
                next: samples.name("/e/production"),
                providers: [provider],
                hasExpired: true
            )
            return (SignInPage.page(model, context), context)
        default: return (ErrorPage.page(.init(status: 401, requestID: samples.name("r")), context), context)
        }
    }
}
