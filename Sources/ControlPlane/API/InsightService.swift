// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// What the map, the policy pages and the statistics pages ask beyond recorded flows.
///
/// Every answer holds only what the view shows: a flow is seen by whoever sees one of its ends, the other end then only
/// with its namespace and workload, and decisions of policies that are not seen without their names. Filters are applied
/// to what is seen, so that no count tells about the rest.
public protocol InsightService: Sendable {
    func map(_ request: TrafficMapRequest) async throws -> TrafficMap

    /// Use of every policy that is seen, over the range.
    func policyUse(_ request: StatisticsRequest) async throws -> PolicyUseReport

    func coverage(_ view: NamespaceView) async -> CoverageReport

    func breakdown(
        _ request: StatisticsRequest,
        by dimension: BreakdownReport.Dimension
    ) async throws -> BreakdownReport

    func dataQuality(_ request: StatisticsRequest) async throws -> DataQualityReport
}
