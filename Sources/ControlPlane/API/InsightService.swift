// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import FlowModel

/// What the map, the policy pages and the statistics pages ask beyond recorded flows.
///
/// Every answer holds only what the view shows:
/// - A flow is seen by whoever sees one of its ends. Of an end that is not seen only kind, namespace and workload are told;
///   an address outside is told, since it is nobody's secret here.
/// - A policy is seen in its namespace; cluster-wide ones only by who sees all. Decisions of policies that are not seen
///   have their reason and no names, and say that something is left out.
/// - Filters, sorting, cursors and counts work on what is seen, so that none of them tells about the rest. How many events
///   were lost is told only to who sees all; that some were is told to everyone.
public protocol InsightService: Sendable {
    func map(_ request: TrafficMapRequest) async throws -> TrafficMap

    /// Use of every policy that is seen, over the range.
    func policyUse(_ request: StatisticsRequest) async throws -> PolicyUseReport

    func coverage(_ view: NamespaceView) async -> CoverageReport

    func breakdown(
        _ request: StatisticsRequest,
        by dimension: BreakdownReport.Dimension
    ) async throws -> BreakdownReport

    /// The same traffic by namespace and by several properties, and what was dropped: what `namespaces`, `drops` and
    /// `breakdown` say, looked at once.
    func details(
        _ request: StatisticsRequest,
        by dimensions: [BreakdownReport.Dimension]
    ) async throws -> TrafficDetails

    func dataQuality(_ request: StatisticsRequest) async throws -> DataQualityReport

    /// What greets somebody: health, mode, traffic, and what needs attention.
    /// - Parameter range: of the traffic; `nil` is the last eight hours.
    func overview(_ view: NamespaceView, over range: TimeRange?) async throws -> OverviewReport

    /// The quick filters of this environment, all off.
    func quickFilters(_ view: NamespaceView) async -> [QuickFilter]
}
