// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
public import ControlPlane
import FlowModel

/// An environment that the console shows.
public struct ConsoleEnvironment: Sendable {
    public let name: String
    public let kind: StatusReport.Kind
    public let service: any EnvironmentService
    public let flows: any FlowService
    public let insight: any InsightService
    public let editing: any PolicyEditing
    public let proposing: any RuleProposing

    public init(
        name: String,
        kind: StatusReport.Kind,
        service: any EnvironmentService,
        flows: any FlowService,
        insight: any InsightService,
        editing: any PolicyEditing,
        proposing: any RuleProposing
    ) {
        self.proposing = proposing
        self.name = name
        self.kind = kind
        self.service = service
        self.flows = flows
        self.insight = insight
        self.editing = editing
    }
}

/// All environments of a server, by name; names are unique.
public struct EnvironmentSet: Sendable {
    /// Stands for the only environment where there is one.
    public static let only = "-"

    public let all: [ConsoleEnvironment]

    public init(_ environments: [ConsoleEnvironment]) { all = environments.sorted { $0.name < $1.name } }

    /// Those in which the caller may see anything.
    func visible(to access: Access) -> [ConsoleEnvironment] {
        all.filter { access.allowsSomewhere(.viewTraffic, in: $0.name) }
    }

    /// An environment that the caller may see; one that exists and is not seen is answered like one that does not.
    func find(_ name: String, for access: Access) throws -> ConsoleEnvironment {
        let visible = visible(to: access)
        if name == Self.only {
            guard visible.count != 1, let first = visible.first else {
                guard let only = visible.first else {
                    throw ServiceError(.notFound, "There is no environment that you may see.")
                }
                return only
            }
            throw ServiceError(
                .badRequest,
                "There are \(visible.count) environments; which one is meant must be said.",
                fix: "For example: --env \(first.name)"
            )
        }
        guard let found = visible.first(where: { $0.name == name }) else {
            let names = visible.map(\.name)
            let close = nearest(to: name, among: names)
            throw ServiceError(
                .notFound,
                "There is no environment \(name).",
                fix: close.map { "Did you mean \($0)?" }
                    ?? (names.isEmpty ? nil : "There is: \(names.joined(separator: ", ")).")
            )
        }
        return found
    }
}
