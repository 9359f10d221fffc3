// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import HTTPTypes
import NetworkPrimitives

/// Environments, their state, modes and policies.
struct EnvironmentRoutes: Sendable {
    let environments: EnvironmentSet
    let version: String
    let audit: AuditSink

    var routes: [APIRoute] { [versionRoute, listRoute, status, overview, world, modes, setMode, takeDown] + policies }

    private var versionRoute: APIRoute {
        APIRoute(
            method: .get,
            path: "version",
            operation: "getVersion",
            summary: "The version of the running process.",
            needs: .signIn,
            answer: .json(VersionReport.self)
        ) { [version] _ in try JSONAnswer.response(VersionReport(version: version)) }
    }

    private var listRoute: APIRoute {
        APIRoute(
            method: .get,
            path: "environments",
            operation: "listEnvironments",
            summary: "The environments in which the caller may see something.",
            needs: .signIn,
            answer: .json(EnvironmentList.self)
        ) { [environments] request in
            var items: [EnvironmentList.Item] = []
            for environment in environments.visible(to: request.principal.access) {
                let view = request.principal.access.view(of: environment.name)
                let status = await environment.service.status(view)
                items.append(
                    EnvironmentList.Item(
                        name: environment.name,
                        environmentKind: environment.kind,
                        mode: status.mode.mode,
                        isModeObserved: status.mode.observed,
                        inSync: status.enforcement.inSync,
                        namespaces: view.names
                    )
                )
            }
            return try JSONAnswer.response(EnvironmentList(items: items))
        }
    }

    private var status: APIRoute {
        .reading("status", "getStatus", "Enforcement, endpoints, policies and observation.", StatusReport.self) {
            request in
            try await request.place().service.status(request.view)
        }
    }

    private var overview: APIRoute {
        .reading(
            "overview",
            "getOverview",
            "Health, traffic of eight hours, and what needs attention.",
            OverviewReport.self
        ) { request in try await request.place().insight.overview(request.view, over: nil) }
    }

    private var world: APIRoute {
        APIRoute(
            method: .get,
            path: "environments/{environment}/world",
            operation: "getWorld",
            summary: "Endpoints, modes and policy texts, from which a client can answer by itself.",
            needs: .environment(.viewTraffic),
            answer: .json(WorldReport.self)
        ) { request in try JSONAnswer.response(await request.place().service.world(request.view, texts: true)) }
    }

    private var modes: APIRoute {
        .reading("mode", "getMode", "Which mode is wanted where, and whether it is in effect.", ModeReport.self) {
            request in
            try await request.place().service.modes(request.view)
        }
    }

    private var setMode: APIRoute {
        APIRoute(
            method: .put,
            path: "environments/{environment}/mode",
            operation: "setMode",
            summary: "Sets the mode of the environment, of a namespace or of a policy.",
            needs: .environment(.deploy),
            body: ModeChange.self,
            answer: .json(ModeReport.self)
        ) { [audit] request in
            let place = try request.place()
            let change: ModeChange = try await request.body()
            let before = await place.service.modes(request.view)
            let action = AuditAction("mode.set", on: change.scope.name, in: place.name)
            return try await audit.recording(action, request.context) { record in
                let after = try await place.service.setMode(change)
                record.changes = [
                    .init(
                        field: "mode",
                        before: change.scope.mode(in: before)?.rawValue,
                        after: change.scope.mode(in: after)?.rawValue
                    )
                ]
                return try JSONAnswer.response(after)
            }
        }
    }

    private var takeDown: APIRoute {
        APIRoute(
            method: .post,
            path: "environments/{environment}/down",
            operation: "takeDown",
            summary: "Removes everything of ours from the kernel and stops the process.",
            needs: .environment(.deploy),
            answer: .json(TakeDownReport.self)
        ) { [audit] request in
            let place = try request.place()
            let action = AuditAction("environment.down", on: place.name, in: place.name)
            let answer = try await audit.recording(action, request.context) { _ in
                try JSONAnswer.response(await place.service.takeDown())
            }
            // Only now: a process that ends writes nothing down any more.
            place.service.end()
            return answer
        }
    }

    private var policies: [APIRoute] {
        [
            .reading(
                "policies",
                "listPolicies",
                "Loaded policies, by namespace and name.",
                PolicyList.self,
                PageParameters.all
            ) { request in
                request.page(of: try await request.place().service.policies(request.view))
            },
            .reading(
                "policies/{name}",
                "getPolicy",
                "Policies of a name with summary and text; several where kinds or namespaces differ.",
                PolicyList.self,
                [APIParameter("namespace", .text, "Only in this namespace.")]
            ) { request in
                try await request.place().service.policies(
                    named: request.path("name"),
                    namespace: request.query("namespace"),
                    view: request.view
                )
            },
            .reading(
                "coverage",
                "getCoverage",
                "Which workloads policies isolate.",
                CoverageReport.self,
                PageParameters.all
            ) { request in request.page(of: try await request.place().insight.coverage(request.view)) },
            APIRoute(
                method: .post,
                path: "environments/{environment}/explain",
                operation: "explain",
                summary: "Why a connection is allowed or dropped, in numbered steps.",
                needs: .namespaces(.viewTraffic),
                body: ExplainRequest.self,
                answer: .json(Explanation.self)
            ) { request in
                let question: ExplainRequest = try await request.body()
                return try JSONAnswer.response(await request.place().service.explain(question, request.view))
            },
        ]
    }
}

extension APIRoute {
    /// A question about an environment that whoever sees a part of it may ask, answered for that part.
    static func reading<Answer: Codable & Sendable>(
        _ path: String,
        _ operation: String,
        _ summary: String,
        _ answer: Answer.Type,
        _ parameters: [APIParameter] = [],
        _ body: @escaping @Sendable (APIRequest) async throws -> Answer
    ) -> APIRoute {
        APIRoute(
            method: .get,
            path: "environments/{environment}/" + path,
            operation: operation,
            summary: summary,
            needs: .namespaces(.viewTraffic),
            parameters: parameters,
            answer: .json(answer)
        ) { request in try JSONAnswer.response(await body(request)) }
    }
}

extension ModeChange.Scope {
    /// As the audit log names it.
    var name: String {
        switch self {
        case .environment: "environment"
        case .namespace(let name): "namespace/\(name)"
        case .policy(let name): "policy/\(name)"
        }
    }

    func mode(in report: ModeReport) -> Mode? {
        switch self {
        case .environment: report.mode
        case .namespace(let name): report.namespaces[name]
        case .policy(let name): report.policies[name]
        }
    }
}
