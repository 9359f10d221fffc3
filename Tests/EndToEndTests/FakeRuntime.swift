// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import Foundation
import Hummingbird
import Logging
import Netlink
import NetworkPrimitives

/// A Docker-compatible API on a unix socket that describes the containers of a sandbox.
struct FakeRuntime: Sendable {
    let socket: String
    let plan: SandboxPlan

    /// Serves until cancelled.
    func run(onReady: @escaping @Sendable () -> Void) async throws {
        let router = Router()
        let containers = plan.hosts.filter { $0.namespace != nil }
        router.get("/containers/json") { _, _ in
            try Self.answer(containers.indices.map { ["Id": Self.id($0)] })
        }
        for (index, host) in containers.enumerated() {
            let description = describe(host, index)
            router.get("/containers/\(Self.id(index))/json") { _, _ in try Self.answer(description) }
        }
        let subnets = [["Subnet": "\(plan.v4Subnet)"], ["Subnet": "\(plan.v6Subnet)"]]
        router.get("/networks") { _, _ in
            let network: [String: any Sendable] = [
                "Name": "lab", "Id": "n1", "Driver": "bridge", "IPAM": ["Config": subnets],
            ]
            return try Self.answer([network])
        }
        router.get("/events") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    // Nothing happens here; the stream stays open until the reader leaves.
                    while !Task.isCancelled {
                        try await Task.sleep(for: .milliseconds(200))
                        try await writer.write(ByteBuffer(string: "\n"))
                    }
                }
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket)),
            onServerRunning: { _ in onReady() },
            logger: Logger(label: "fake-runtime") { _ in SwiftLogNoOpLogHandler() }
        )
        try await application.run()
    }

    private static func id(_ index: Int) -> String { "c0ffee0\(index)" }

    private func describe(_ host: SandboxPlan.Host, _ index: Int) -> [String: any Sendable] {
        var labels = host.labels
        labels["palisade.namespace"] = host.namespace ?? ""
        labels["palisade.workload"] = host.workload
        let attachment = ["NetworkID": "n1", "IPAddress": "\(host.v4)", "GlobalIPv6Address": "\(host.v6)"]
        let settings: [String: any Sendable] = [
            "SandboxKey": plan.networkNamespace(of: host).path, "Networks": ["lab": attachment],
        ]
        return [
            "Id": Self.id(index), "Name": "/\(host.name)", "State": ["Running": true], "Config": ["Labels": labels],
            "HostConfig": ["NetworkMode": "lab"], "NetworkSettings": settings,
        ]
    }

    private static func answer(_ value: any Sendable) throws -> Response {
        let data = try JSONSerialization.data(withJSONObject: value)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }
}
