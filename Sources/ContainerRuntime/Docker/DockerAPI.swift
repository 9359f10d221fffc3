// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What is read of the Docker Engine API (version 1.41 and later; Podman speaks it too).
///
/// Fields that are not listed are ignored, and what can be missing is optional: the two differ in what they leave out.
enum DockerAPI {
    /// An element of `GET /containers/json`.
    struct ContainerSummary: Decodable {
        var id: String

        enum CodingKeys: String, CodingKey { case id = "Id" }
    }

    /// `GET /containers/{id}/json`.
    struct Container: Decodable {
        struct State: Decodable {
            var processID: Int?
            var isRunning: Bool?

            enum CodingKeys: String, CodingKey { case processID = "Pid", isRunning = "Running" }
        }

        struct Config: Decodable {
            var labels: [String: String]?

            enum CodingKeys: String, CodingKey { case labels = "Labels" }
        }

        struct HostConfig: Decodable {
            var networkMode: String?

            enum CodingKeys: String, CodingKey { case networkMode = "NetworkMode" }
        }

        struct NetworkSettings: Decodable {
            var sandboxKey: String?
            var networks: [String: Attachment]?

            enum CodingKeys: String, CodingKey { case sandboxKey = "SandboxKey", networks = "Networks" }
        }

        struct Attachment: Decodable {
            var networkID: String?
            var v4: String?
            var v6: String?

            enum CodingKeys: String, CodingKey {
                case networkID = "NetworkID", v4 = "IPAddress", v6 = "GlobalIPv6Address"
            }
        }

        var id: String
        var name: String
        var state: State?
        var config: Config?
        var hostConfig: HostConfig?
        var networkSettings: NetworkSettings?

        enum CodingKeys: String, CodingKey {
            case id = "Id", name = "Name", state = "State", config = "Config", hostConfig = "HostConfig"
            case networkSettings = "NetworkSettings"
        }
    }

    /// An element of `GET /networks`.
    struct Network: Decodable {
        struct AddressManagement: Decodable {
            struct Block: Decodable {
                var subnet: String?

                enum CodingKeys: String, CodingKey { case subnet = "Subnet" }
            }

            var blocks: [Block]?

            enum CodingKeys: String, CodingKey { case blocks = "Config" }
        }

        var name: String
        var id: String?
        var driver: String?
        var addressManagement: AddressManagement?

        enum CodingKeys: String, CodingKey {
            case name = "Name", id = "Id", driver = "Driver", addressManagement = "IPAM"
        }
    }

    /// A line of `GET /events`.
    struct Event: Decodable {
        var action: String?
        var status: String?

        enum CodingKeys: String, CodingKey { case action = "Action", status }

        /// Whether the event can have changed who is there: programs run inside a container and its health checks,
        /// which are frequent, cannot.
        var mattersHere: Bool {
            guard let word = action ?? status else { return true }
            return !["exec", "health", "top", "attach", "detach", "resize", "copy", "archive", "export", "commit"]
                .contains { word.hasPrefix($0) }
        }
    }
}
