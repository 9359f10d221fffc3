// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

/// The whole program over real containers: what passes, what the program says of it, and what it records are the same.
@Suite(
    .enabled(if: Machine.canUsePodman, Comment(rawValue: Machine.podmanReason)),
    .serialized,
    .timeLimit(.minutes(3))
)
struct PodmanProgramTests {
    /// `shop/db` lets `api` in; `shop/vault` lets nobody in; `lab/db` would let nobody in.
    private static let policies = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress:
          - from: [{podSelector: {matchLabels: {app: api}}}]
            ports: [{port: 8080}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: vault, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: vault}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: lab, annotations: {palisade.dev/mode: audit}}
        spec:
          podSelector: {matchLabels: {app: db}}

        """

    private static let db = SampleContainer(name: "db", app: "db", number: 10, command: SampleContainer.server)
    private static let web = SampleContainer(name: "web", app: "web", number: 11)

    @Test func `what a policy allows passes, all else is dropped, and both say which policy it was`() async throws {
        let host = try await ContainerHost(policies: Self.policies, Self.db, Self.web)
        let api = SampleContainer(name: "api", app: "api", number: 12)
        try await host.start(api)

        let allowed = try await host.judges(.allowed, api, to: Self.db)
        #expect(allowed.policy == "shop/db" && allowed.rule == "inbound/1")
        let dropped = try await host.judges(.dropped, Self.web, to: Self.db)
        #expect(dropped.policy == nil && dropped.isolatedBy == ["shop/db"] && dropped.reason == .policyDenied)
        // Without a policy it is the other end that says no.
        #expect(try host.connect(Self.web, to: api) == [.v4: .refused, .v6: .refused])

        let explanation = try await host.explanation(.dropped, Self.web, to: Self.db)
        let observed = try #require(explanation.observed)
        #expect(observed.agreeing >= 2 && observed.disagreeing == 0)
        try await host.ends()
    }

    @Test func `what only audit denies passes, and is recorded as what would be dropped`() async throws {
        let host = try await ContainerHost(policies: Self.policies, Self.db, Self.web)
        var (labDB, labWeb) = (Self.db, Self.web)
        (labDB.name, labDB.namespace, labDB.number) = ("lab-db", "lab", 20)
        (labWeb.name, labWeb.namespace, labWeb.number) = ("lab-web", "lab", 21)
        try await host.start(labDB)
        try await host.start(labWeb)

        #expect(try await host.judges(.wouldDrop, labWeb, to: labDB).isolatedBy == ["lab/db"])
        try await host.succeeds(["env", "mode", "set", "audit", "--scope", "shop"])
        #expect(try await host.judges(.wouldDrop, Self.web, to: Self.db).isolatedBy == ["shop/db"])
        try await host.succeeds(["env", "mode", "set", "blocking", "--scope", "shop", "--confirm", "shop"])
        #expect(try await host.judges(.dropped, Self.web, to: Self.db).isolatedBy == ["shop/db"])
        try await host.ends()
    }

    @Test func `a container that comes back with other labels is judged by those`() async throws {
        let host = try await ContainerHost(policies: Self.policies, Self.db, Self.web)
        var web = Self.web
        #expect(try await host.judges(.dropped, web, to: Self.db).isolatedBy == ["shop/db"])
        try host.remove(web)
        web.app = "api"
        try await host.start(web)
        #expect(try await host.judges(.allowed, web, to: Self.db).policy == "shop/db")
        try host.remove(web)
        web.app = "web"
        try await host.start(web)
        #expect(try await host.judges(.dropped, web, to: Self.db).isolatedBy == ["shop/db"])
        try await host.ends()
    }

    /// What the former owner's connections to the server are when the next owner repeats them.
    enum Leftover: String, CaseIterable, Sendable {
        case open = "ESTABLISHED"
        case closed = "TIME_WAIT"
    }

    @Test(arguments: Leftover.allCases)
    func `whoever gets a stopped container's address inherits nothing from it`(_ leftover: Leftover) async throws {
        let host = try await ContainerHost(policies: Self.policies, Self.db, Self.web)
        let server = SampleContainer.server
        let old = SampleContainer(name: "old", app: "api", number: 30, command: server, isAlwaysSamePort: true)
        try await host.start(old)
        try await host.judges(.allowed, Self.web, to: old)
        switch leftover {
        case .open:
            try await host.explanation(.allowed, old, to: Self.db)
            try host.hold(old, to: Self.db)
        case .closed: try await host.judges(.allowed, old, to: Self.db)
        }
        try await eventually("connections are \(leftover)", seconds: 30) {
            try host.trackedFamilies(leftover.rawValue, from: old) == [.v4, .v6]
        }

        if leftover == .open { try host.cut(old) }
        try host.remove(old)
        #expect(try host.trackedFamilies(leftover.rawValue, from: old) == [.v4, .v6])
        var new = SampleContainer(name: "new", app: "vault", number: 30, isAlwaysSamePort: true)
        new.command = ["sh", "-c", ConnectionAttempt.script(to: Self.db) + "; exec sleep 600"]
        try await host.start(new)
        // Neither at its first moment, before anybody knows it, nor later.
        let first = ConnectionAttempt.read(try await host.output(of: new, lines: 2))
        #expect(first == [.v4: .timedOut, .v6: .timedOut])
        #expect(try await host.judges(.dropped, new, to: Self.db).isolatedBy == ["shop/db"])
        if leftover == .open { #expect(try host.familiesHeld(by: Self.db, from: old) == [.v4, .v6]) }
        try host.forgetNeighbours(of: Self.web)
        #expect(try await host.judges(.dropped, Self.web, to: new).isolatedBy == ["shop/vault"])
        let passed = try await host.flows().filter { $0.verdict != .dropped }
        #expect(!passed.contains { $0.source.pod == "new" || $0.destination.pod == "new" })
        try await host.ends()
    }

    @Test func `a container in the host's network is listed as unprotected with the reason`() async throws {
        let host = try await ContainerHost(policies: Self.policies, Self.web)
        try host.podman.start("agent", ["--network", "host", "--label", "palisade.namespace=shop"])
        let unprotected = try await eventuallyFind("the container is listed", seconds: 30) {
            try await host.status()?.endpoints.unprotected.first
        }
        #expect(unprotected.namespace == "shop" && unprotected.name == "agent")
        #expect(unprotected.reason.contains("network of the host itself"))
        let status = try #require(try await host.status())
        #expect(status.endpoints.enforced == 1 && status.endpoints.unprotected.count == 1)
        try await host.ends()
    }
}
