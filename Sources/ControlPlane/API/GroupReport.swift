// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// Groups by path.
public struct GroupList: Hashable, Sendable, Codable, PagedList {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "GroupList"
    public var items: [GroupReport]
    @OrNull public var next: String?

    public init(items: [GroupReport]) { self.items = items }

    public static func place(of item: GroupReport) -> String { item.path }
}

/// One group.
public struct GroupReport: Hashable, Sendable, Codable {
    /// Somebody in it, by user name.
    public struct Member: Hashable, Sendable, Codable {
        public var user: String
        public var role: Role

        public init(user: String, role: Role) {
            self.user = user
            self.role = role
        }
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Group"
    public var path: String
    public var title: String
    /// Its own, and those of groups inside it as well.
    public var environments: [String]
    public var allEnvironments: [String]
    /// By name; for somebody who does not administer the server only themselves.
    public var members: [Member]
    public var created: Timestamp

    init(_ group: Group, in directory: Directory, onlyMember: String? = nil) {
        path = group.path
        title = group.title.isEmpty ? String(group.path.split(separator: "/").last ?? "") : group.title
        environments = group.environments
        allEnvironments = directory.environments(ofGroup: group.path).sorted()
        let shown = group.members.filter { onlyMember == nil || $0.user == onlyMember }
        members = shown.compactMap { member in
            directory.users[member.user].map { Member(user: $0.name, role: member.role) }
        }.sorted { $0.user < $1.user }
        created = Timestamp(microseconds: group.created)
    }
}

/// A group to make.
public struct GroupDraft: Hashable, Sendable, Codable {
    public var path: String
    public var title: String?
    public var environments: [String]
    public var members: [GroupReport.Member]

    public init(
        path: String,
        title: String? = nil,
        environments: [String] = [],
        members: [GroupReport.Member] = []
    ) {
        self.path = path
        self.title = title
        self.environments = environments
        self.members = members
    }
}

/// What to change of a group; `nil` leaves it.
public struct GroupEdit: Hashable, Sendable, Codable {
    public var title: String?
    /// All of them, instead of those before.
    public var environments: [String]?
    /// All of them, instead of those before.
    public var members: [GroupReport.Member]?

    public init(title: String? = nil, environments: [String]? = nil, members: [GroupReport.Member]? = nil) {
        self.title = title
        self.environments = environments
        self.members = members
    }
}
