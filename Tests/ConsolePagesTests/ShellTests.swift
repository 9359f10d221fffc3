// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import NetworkPrimitives
import Testing

@Suite struct ShellTests {
    private func page(_ change: (inout PageContext) -> Void = { _ in }) -> String {
        var context = Samples().context("e", "production", "flows")
        change(&context)
        return Shell.document(Page(title: "Flows", section: .flows, body: .text("body")), context)
    }

    @Test func theModeIsAlwaysSaidInWords() {
        func badge(_ mode: Mode, _ observed: Bool?) -> String {
            page {
                $0.environments[1].mode = mode; $0.environments[1].isObserved = observed
            }
        }
        #expect(badge(.blocking, true).contains("<span>Blocking</span>"))
        #expect(badge(.audit, true).contains("<span>Audit, not blocking</span>"))
        #expect(badge(.audit, false).contains("<span>Audit (not confirmed)</span>"))
        #expect(badge(.blocking, false).contains("<span>Blocking (not confirmed)</span>"))
    }

    @Test func theTitleNamesPageAndEnvironment() {
        #expect(page().contains("<title>Flows · production · Palisade</title>"))
    }

    @Test func theThemeIsKnownBeforeAnythingIsDrawn() {
        #expect(page { $0.theme = .dark }.contains("<html lang=\"en\" data-theme=\"dark\">"))
    }

    @Test func theRangeGoesAlongFromPageToPage() {
        let text = page { $0.location = Link("e", "production", "flows", query: ["from": "now-3d", "q": "ns:shop"]) }
        #expect(text.contains("href=\"/e/production/stats?from=now-3d\""))
    }

    @Test func presetsPastTheRetentionAreDisabledWithTheReason() {
        let samples = Samples()
        let context = samples.context("e", "production", "flows")
        let html = StrictHTML(Shell.document(FlowsPage.page(samples.flowsModel(), context), context))
        let disabled = html.elements.first { $0.attributes["data-testid"] == "range.now-7d" }
        #expect(disabled?.name == "span")
        #expect(disabled?.attributes["tabindex"] == "0")
        #expect(html.elements.first { $0.attributes["data-testid"] == "range.now-3d" }?.name == "a")
    }

    @Test func emptyPanelsSayFourDifferentThings() {
        let samples = Samples()
        let context = samples.context("e", "production", "flows")
        let reasons: [EmptyReason] = [
            .notConfigured("No environment yet."), .nothingHappened("No dropped packets in the last 8 h."),
            .filteredOut(hidden: 1204), .notPermitted("You can see 2 of 9 namespaces."),
            .notCollecting("No accounting."),
        ]
        let texts = reasons.map { reason in
            var model = samples.flowsModel()
            model.page.items = []
            model.state = .empty(reason)
            return Shell.document(FlowsPage.page(model, context), context)
        }
        #expect(Set(texts).count == 5)
        #expect(texts.allSatisfy { $0.contains("data-state=\"empty\"") })
        #expect(texts[2].contains("0 of 1,204 rows match."))
    }

    @Test func aFailedPanelLeavesTheOthersAndOffersToTryAgain() throws {
        let text = try #require(SamplePages(Samples()).document("statistics"))
        #expect(text.contains("data-state=\"error\""))
        #expect(text.contains("<code>r7</code>"))
        #expect(text.contains("stats.namespaces.rows"))
    }

    @Test(arguments: [400, 401, 403, 404, 409, 413, 429, 500, 503])
    func everyErrorHasItsPageWithTheRequest(_ status: Int) {
        let context = Samples().context("e", "production", "flows")
        let page = ErrorPage.page(.init(status: status, requestID: "r-77"), context)
        let text = Shell.document(page, context)
        #expect(text.contains("Status \(status)"))
        #expect(text.contains("r-77"))
        #expect(PageRules.violations(text) == [])
    }

    @Test func anAuthorOfOneNamespaceMayEditThereOnly() {
        let access = Access(
            [Grant(.author, on: .namespace(environment: "production", namespace: "data"))],
            environmentsOfGroup: { _ in [] }
        )
        let samples = Samples(access: access)
        let context = samples.context("e", "production", "policies")
        var model = samples.policy()
        #expect(!Shell.document(PolicyPage.page(model, context), context).contains("policy.edit"))
        model.report.namespace = "data"
        #expect(Shell.document(PolicyPage.page(model, context), context).contains("policy.edit"))
    }
}
