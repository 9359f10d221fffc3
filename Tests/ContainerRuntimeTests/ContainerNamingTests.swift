// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import NetworkPrimitives
import PolicyModel
import Testing

struct ContainerNamingTests {
    @Test func theNamespaceComesFromTheLabelThenTheComposeProject() {
        #expect(ContainerNaming.namespace([:]) == "default")
        #expect(ContainerNaming.namespace(["com.docker.compose.project": "shop"]) == "shop")
        #expect(
            ContainerNaming.namespace(["com.docker.compose.project": "shop", "palisade.namespace": "data"]) == "data"
        )
        #expect(ContainerNaming.namespace(["palisade.namespace": ""]) == "default")
    }

    @Test(
        arguments: [
            "my_app", "my-app/", "MY-APP", "-a", "a-", "", "ünter", "a\u{1b}[31m", String(repeating: "a", count: 64),
        ]
    )
    func aNamespaceThatIsNoDNSLabelBecomesOneOfItsOwn(name: String) {
        let found = ContainerNaming.namespace(["palisade.namespace": name])
        #expect((1...63).contains(found.utf8.count))
        #expect(found.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" })
        #expect(found.first != "-" && found.last != "-")
        #expect(found != "my-app" && found != "a")
    }

    @Test func differentNamesStayDifferent() {
        let names = ["my_app", "my.app", "my app", "My-app", "my-app"]
        #expect(Set(names.map { ContainerNaming.namespace(["palisade.namespace": $0]) }).count == names.count)
    }

    @Test func theWorkloadComesFromTheLabelThenTheComposeServiceThenTheName() {
        #expect(ContainerNaming.workload([:], containerName: "web_1") == "web_1")
        #expect(ContainerNaming.workload(["com.docker.compose.service": "web"], containerName: "web_1") == "web")
        #expect(ContainerNaming.workload(["palisade.workload": "front"], containerName: "web_1") == "front")
        let hostile = ContainerNaming.workload(["palisade.workload": "a\n\u{1b}]0;x"], containerName: "web_1")
        #expect(hostile.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 })
    }

    @Test func namedPortsAreReadAndWrongOnesNameNothing() {
        let labels = [
            "palisade.port.http": "8080", "palisade.port.dns": "53/udp", "palisade.port.s": "9/SCTP",
            "palisade.port.bad": "http", "palisade.port.zero": "0", "palisade.port.icmp": "1/icmp",
            "palisade.port.big": "65536", "palisade.port.": "1", "palisade.port.UP": "1", "other": "1",
        ]
        #expect(
            ContainerNaming.namedPorts(labels) == [
                NamedPort("dns", .udp, 53), NamedPort("http", .tcp, 8080), NamedPort("s", .sctp, 9),
            ]
        )
    }
}

struct RuntimeSocketTests {
    @Test func theSocketAskedForWinsOverTheEnvironmentAndTheUsualPlaces() throws {
        let environment = ["DOCKER_HOST": "unix:///env.sock", "XDG_RUNTIME_DIR": "/run/user/7"]
        let find = { (requested: String?, environment: [String: String], there: Set<String>) throws -> String in
            try RuntimeSocket.find(requested: requested, environment: environment) { there.contains($0) }.path
        }
        #expect(try find("/asked.sock", environment, ["/asked.sock", "/env.sock"]) == "/asked.sock")
        #expect(try find("unix:///asked.sock", [:], ["/asked.sock"]) == "/asked.sock")
        #expect(try find(nil, environment, ["/env.sock", "/var/run/docker.sock"]) == "/env.sock")
        #expect(try find(nil, [:], ["/run/podman/podman.sock"]) == "/run/podman/podman.sock")
        let user = "/run/user/7/podman/podman.sock"
        #expect(try find(nil, ["XDG_RUNTIME_DIR": "/run/user/7"], [user]) == user)
    }

    @Test func aRemoteRuntimeAndAMissingSocketAreRefusedWithTheFix() {
        #expect(throws: RuntimeError.remote(address: "tcp://10.0.0.1:2375")) {
            try RuntimeSocket.find(requested: nil, environment: ["DOCKER_HOST": "tcp://10.0.0.1:2375"]) { _ in true }
        }
        let error = #expect(throws: RuntimeError.self) {
            try RuntimeSocket.find(requested: nil, environment: [:]) { _ in false }
        }
        #expect("\(error as Any)".contains("--runtime-socket"))
    }

    @Test func aSocketThatNobodyServesIsAnErrorThatNamesIt() async {
        let error = await #expect(throws: RuntimeError.self) {
            _ = try await DockerRuntime(RuntimeSocket(path: "/nonexistent.sock")).inventory()
        }
        #expect("\(error as Any)".contains("/nonexistent.sock"))
    }
}
