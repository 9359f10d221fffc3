// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ControlPlane
public import NetworkPrimitives

/// What every page is made from besides its own values: who asks, where, when, and how the environments are.
public struct PageContext: Hashable, Sendable {
    /// One environment as the picker and the mode badge show it.
    public struct Environment: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable { case host, sandbox, cluster, recorded }

        public var name: String
        public var kind: Kind
        /// The mode that is wanted.
        public var mode: Mode
        /// Whether it was seen to be in effect; `nil` before the first look.
        public var isObserved: Bool?
        /// What is wrong, in a few words; `nil` when it is healthy.
        public var trouble: String?

        public init(name: String, kind: Kind, mode: Mode, isObserved: Bool? = true, trouble: String? = nil) {
            self.name = name
            self.kind = kind
            self.mode = mode
            self.isObserved = isObserved
            self.trouble = trouble
        }
    }

    /// Who is signed in.
    public struct Viewer: Hashable, Sendable {
        public var name: String
        public var access: Access

        public init(name: String, access: Access) {
            self.name = name
            self.access = access
        }
    }

    public enum Theme: String, Hashable, Sendable, CaseIterable { case system, light, dark }

    /// How observation is doing.
    public enum Connection: Hashable, Sendable {
        case none
        case receiving(flowsPerSecond: Double)
        /// With what is wrong, in a few words.
        case degraded(String)
        case stale(since: Timestamp)
    }

    /// One message on top of the page: what was done, or what was left out.
    public struct Notice: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable { case done, remark, problem }

        public var kind: Kind
        public var text: String

        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// Those that the viewer may see, sorted by name.
    public var environments: [Environment]
    /// The one that the page is about; `nil` for pages of the server.
    public var environmentName: String?
    /// `nil` before signing in.
    public var viewer: Viewer?
    /// Path and query of this request.
    public var location: Link
    public var theme: Theme
    /// Put into every form that changes something.
    public var csrfToken: String
    public var zone: TimeZoneChoice
    public var now: Timestamp
    /// Of the program.
    public var version: String
    /// The command line that gives the same answer; `nil` where there is none.
    public var command: String?
    public var connection: Connection
    public var notices: [Notice]
    /// Whether single keys do something.
    public var hasShortcuts: Bool

    public init(
        environments: [Environment] = [],
        environmentName: String? = nil,
        viewer: Viewer?,
        location: Link,
        theme: Theme = .system,
        csrfToken: String,
        zone: TimeZoneChoice = .utc,
        now: Timestamp,
        version: String,
        command: String? = nil,
        connection: Connection = .none,
        notices: [Notice] = [],
        hasShortcuts: Bool = true
    ) {
        self.environments = environments
        self.environmentName = environmentName
        self.viewer = viewer
        self.location = location
        self.theme = theme
        self.csrfToken = csrfToken
        self.zone = zone
        self.now = now
        self.version = version
        self.command = command
        self.connection = connection
        self.notices = notices
        self.hasShortcuts = hasShortcuts
    }
}

extension PageContext {
    var clock: Clock { Clock(now: now, zone: zone) }

    /// The environment that the page is about, as the list has it.
    var environment: Environment? { environments.first { $0.name == environmentName } }

    /// The name for links; pages of the server take the first environment.
    var environmentForLinks: String? { environmentName ?? environments.first?.name }

    /// Whether the viewer may do it in the whole environment of the page, or on the server for pages of the server.
    func allows(_ permission: Permission) -> Bool {
        guard let viewer else { return false }
        return viewer.access.allows(permission, in: environmentName.map(Place.environment) ?? .server)
    }

    /// Whether the viewer may do it somewhere in the environment of the page.
    func allowsSomewhere(_ permission: Permission) -> Bool {
        guard let viewer, let environmentName else { return allows(permission) }
        return viewer.access.allowsSomewhere(permission, in: environmentName)
    }

    func allows(_ permission: Permission, inNamespace namespace: String?) -> Bool {
        guard let namespace, let environmentName else { return allows(permission) }
        let place = Place.namespace(environment: environmentName, namespace: namespace)
        return viewer?.access.allows(permission, in: place) ?? false
    }

    /// A page of the environment.
    func link(_ segments: String..., query: [Link.Parameter] = []) -> Link {
        guard let name = environmentForLinks else { return Link() }
        return Link(segments: ["e", name] + segments, query: query)
    }
}
