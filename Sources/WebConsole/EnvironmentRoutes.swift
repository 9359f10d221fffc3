// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Hummingbird

/// Status, policies, modes and explain.
struct EnvironmentRoutes {
    let service: any EnvironmentService
    let version: String

    func add(to api: RouterGroup<BasicRequestContext>) {
        let (service, version) = (service, version)
        api.get("version") { _, _ in try JSONAnswer.response(VersionReport(version: version)) }
        api.get("status") { _, _ in try JSONAnswer.response(await service.status(.all)) }
        api.get("policies") { _, _ in try JSONAnswer.response(await service.policies(.all)) }
        api.get("policies/:name") { request, context in
            let name = try context.parameters.require("name")
            let namespace = request.uri.queryParameters["namespace"].map(String.init)
            return try JSONAnswer.response(await service.policies(named: name, namespace: namespace, view: .all))
        }
        api.post("explain") { request, _ in
            let question = try await JSONAnswer.value(of: ExplainRequest.self, from: request)
            return try JSONAnswer.response(await service.explain(question, .all))
        }
        api.get("world") { _, _ in try JSONAnswer.response(await service.world(.all)) }
        api.get("mode") { _, _ in try JSONAnswer.response(await service.modes(.all)) }
        api.put("mode") { request, _ in
            let change = try await JSONAnswer.value(of: ModeChange.self, from: request)
            return try JSONAnswer.response(await service.setMode(change))
        }
        api.post("down") { _, _ in try JSONAnswer.response(await service.takeDown()) }
    }
}
