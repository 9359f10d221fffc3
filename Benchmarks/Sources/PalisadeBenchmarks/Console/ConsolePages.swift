// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The pages that people open, by kind, each with an address out of many.
struct ConsolePageKind: Sendable {
    /// What a bound was promised for.
    enum Kind: Hashable { case page, filterQuery, statistics30 }

    var name: String
    var kind: Kind
    var path: @Sendable (inout SystemRandomNumberGenerator) -> String

    private init(
        _ name: String,
        _ kind: Kind = .page,
        _ path: @escaping @Sendable (inout SystemRandomNumberGenerator) -> String
    ) {
        (self.name, self.kind, self.path) = (name, kind, path)
    }

    private static let place = "/e/\(ConsoleData.environment)"

    /// - Parameter row: the id of a row of the grouped flows of a day.
    static func all(row: String) -> [ConsolePageKind] {
        [
            .init("overview") { _ in "\(place)/overview" },
            .init("flows, 1 d") { "\(place)/flows?from=\(since(24, &$0))" },
            .init("flows, 8 h, filtered", .filterQuery) { "\(place)/flows?from=\(since(8, &$0))&q=\(filter(&$0))" },
            .init("flows, raw, 1 d") { "\(place)/flows?from=\(since(24, &$0))&group=raw" },
            .init("flows, raw, filtered, 1 d", .filterQuery) {
                "\(place)/flows?from=\(since(24, &$0))&group=raw&q=\(filter(&$0))"
            },
            .init("flows, 30 d") { "\(place)/flows?from=\(since(720, &$0))" },
            .init("flows, 30 d, filtered", .filterQuery) { "\(place)/flows?from=\(since(720, &$0))&q=\(filter(&$0))" },
            .init("flow drawer") { "\(place)/flows?from=\(since(24, &$0))&sel=\(row)" },
            .init("map") { _ in "\(place)/map" },
            .init("map, namespaces open") { "\(place)/map?expand=\(team(&$0))&expand=\(team(&$0))" },
            .init("statistics, 8 h") { "\(place)/stats?from=\(since(8, &$0))" },
            .init("statistics, 30 d", .statistics30) { "\(place)/stats?from=\(since(720, &$0))" },
            .init("policies") { _ in "\(place)/policies" },
            .init("policy") { "\(place)/policies/\(policy(&$0))" },
            .init("editor") { "\(place)/edit?path=\(file(&$0))" },
            .init("explain") { "\(place)/explain?from=\(workload(&$0))&to=\(workload(&$0))&port=8080" },
            .init("audit log") { _ in "/audit" },
            .init("settings") { _ in "/settings/users" },
            .init("me") { _ in "/me" },
        ]
    }

    /// Some seconds more or less, as the time goes on between visits: two visits seldom ask about the same microsecond.
    private static func since(_ hours: Int, _ random: inout SystemRandomNumberGenerator) -> String {
        "now-\(hours * 3_600 - Int.random(in: 0..<120, using: &random))s"
    }

    private static func team(_ random: inout SystemRandomNumberGenerator) -> String {
        "team-\(Int.random(in: 0..<ConsoleData.world.namespaces, using: &random))"
    }

    private static func workload(_ random: inout SystemRandomNumberGenerator) -> String {
        "\(team(&random))/app-\(Int.random(in: 0..<ConsoleData.world.applications, using: &random))"
    }

    private static func number(_ random: inout SystemRandomNumberGenerator) -> Int {
        Int.random(in: 0..<ConsoleData.world.policies, using: &random)
    }

    private static func policy(_ random: inout SystemRandomNumberGenerator) -> String {
        "\(team(&random))/NetworkPolicy/policy-\(number(&random))"
    }

    private static func file(_ random: inout SystemRandomNumberGenerator) -> String {
        "\(team(&random))/policy-\(number(&random)).yaml"
    }

    /// Filters of the kinds that people type; encoded.
    private static func filter(_ random: inout SystemRandomNumberGenerator) -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: "verdict:dropped"
        case 1: "to.workload:\(team(&random))/*%20verdict:dropped"
        case 2: "ns:\(team(&random))"
        default: "workload:\(workload(&random))"
        }
    }
}
