// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What somebody may do where: all grants of a person, with groups already resolved to their environments.
///
/// A value made for one request; it never changes under the request's feet.
public struct Access: Hashable, Sendable {
    /// Granted on the server, and so everywhere.
    public private(set) var everywhere: Set<Permission> = []
    public private(set) var environments: [String: Set<Permission>] = [:]
    /// By environment and namespace.
    public private(set) var namespaces: [String: [String: Set<Permission>]] = [:]

    public static let none = Access([], environmentsOfGroup: { _ in [] })
    public static let full = Access([Grant(.admin, on: .everywhere)], environmentsOfGroup: { _ in [] })

    /// - Parameter environmentsOfGroup: the environments of a group and of all groups inside it; none for a group that
    ///   is gone.
    public init(_ grants: some Sequence<Grant>, environmentsOfGroup: (String) -> Set<String>) {
        for grant in grants {
            let permissions = grant.role.permissions
            switch grant.scope {
            case .everywhere: everywhere.formUnion(permissions)
            case .environment(let name): environments[name, default: []].formUnion(permissions)
            case .group(let path):
                for name in environmentsOfGroup(path) { environments[name, default: []].formUnion(permissions) }
            case .namespace(let environment, let namespace):
                namespaces[environment, default: [:]][namespace, default: []].formUnion(permissions)
            // Opens the repository, and nothing here.
            case .git: break
            }
        }
    }

    /// Both must allow: a token never does more than its owner.
    public func intersection(_ other: Access) -> Access {
        var result = Access.none
        result.everywhere = everywhere.intersection(other.everywhere)
        for name in Set(environments.keys).union(other.environments.keys) {
            let permissions = permissions(in: .environment(name)).intersection(
                other.permissions(in: .environment(name))
            )
            if !permissions.isEmpty { result.environments[name] = permissions }
        }
        let pairs = [self, other].flatMap { access in
            access.namespaces.flatMap { entry in entry.value.keys.map { (entry.key, $0) } }
        }
        for (environment, namespace) in pairs {
            let place = Place.namespace(environment: environment, namespace: namespace)
            let permissions = permissions(in: place).intersection(other.permissions(in: place))
            if !permissions.isEmpty { result.namespaces[environment, default: [:]][namespace] = permissions }
        }
        return result
    }

    /// Whether it allows nothing that `other` does not.
    public func isContained(in other: Access) -> Bool {
        everywhere.isSubset(of: other.everywhere)
            && environments.allSatisfy { $0.value.isSubset(of: other.permissions(in: .environment($0.key))) }
            && namespaces.allSatisfy { environment, names in
                names.allSatisfy { name, permissions in
                    let place = Place.namespace(environment: environment, namespace: name)
                    return permissions.isSubset(of: other.permissions(in: place))
                }
            }
    }

    public func allows(_ permission: Permission, in place: Place) -> Bool {
        permissions(in: place).contains(permission)
    }

    /// Whether it is allowed anywhere in the environment.
    public func allowsSomewhere(_ permission: Permission, in environment: String) -> Bool {
        allows(permission, in: .environment(environment))
            || namespaces[environment]?.values.contains { $0.contains(permission) } ?? false
    }

    /// What is allowed anywhere.
    public var permissionsSomewhere: Set<Permission> {
        let inNamespaces = namespaces.values.flatMap(\.values)
        return (Array(environments.values) + inNamespaces).reduce(everywhere) { $0.union($1) }
    }

    public func permissions(in place: Place) -> Set<Permission> {
        switch place {
        case .server: everywhere
        case .environment(let name): everywhere.union(environments[name] ?? [])
        case .namespace(let environment, let namespace):
            permissions(in: .environment(environment)).union(namespaces[environment]?[namespace] ?? [])
        }
    }

    /// The namespaces of the environment in which something is allowed.
    public func view(_ permission: Permission = .viewTraffic, of environment: String) -> NamespaceView {
        if allows(permission, in: .environment(environment)) { return .all }
        let names = (namespaces[environment] ?? [:]).filter { $0.value.contains(permission) }.keys
        return .only(Set(names))
    }
}
