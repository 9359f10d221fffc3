// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import PolicyAnalysis

@testable import ControlPlane

/// What no command asks a server for yet: the answers of an environment with nothing in it.
extension FakeEnvironment: InsightService {
    func map(_ request: TrafficMapRequest) async throws -> TrafficMap { throw Self.unanswered }
    func policyUse(_ request: StatisticsRequest) async throws -> PolicyUseReport { throw Self.unanswered }
    func breakdown(
        _ request: StatisticsRequest,
        by dimension: BreakdownReport.Dimension
    ) async throws -> BreakdownReport { throw Self.unanswered }
    func details(
        _ request: StatisticsRequest,
        by dimensions: [BreakdownReport.Dimension]
    ) async throws -> TrafficDetails { throw Self.unanswered }
    func dataQuality(_ request: StatisticsRequest) async throws -> DataQualityReport { throw Self.unanswered }
    func overview(_ view: NamespaceView, over range: TimeRange?) async throws -> OverviewReport {
        throw Self.unanswered
    }
    func coverage(_ view: NamespaceView) async -> CoverageReport { CoverageReport(environment: "this-host", items: []) }
    func quickFilters(_ view: NamespaceView) async -> [QuickFilter] { [] }

    private static var unanswered: ServiceError { ServiceError(.failed, "This environment is not asked that here.") }
}

extension FakeEnvironment: PolicyEditing, RuleProposing {
    func policyDocument(_ path: String) async throws -> PolicyDocument { throw Self.noFiles }
    func check(_ request: DraftRequest) async throws -> DraftCheck { throw Self.noFiles }
    func save(_ request: SaveRequest) async throws -> PolicyDocument { throw Self.noFiles }
    func delete(_ request: DeleteRequest) async throws { throw Self.noFiles }
    func setEnabled(_ request: EnableRequest) async throws -> PolicyDocument { throw Self.noFiles }
    func proposals(for connection: FlowKey) async throws -> [RuleProposal] { [] }
    func disabledPolicies() async throws -> [String] { [] }

    private static var noFiles: ServiceError { ServiceError(.notFound, "This environment has no policy files.") }
}
