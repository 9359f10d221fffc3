// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import PolicyModel

/// Which file each object of a set of policy files belongs to.
///
/// An object that two files have belongs to the file that already had it; among newcomers, to the first by path. So a new
/// file can never push a policy in force aside.
struct ObjectNames {
    private enum Name: Hashable {
        case policy(PolicyID)
        case group(String)
    }

    private struct Owner {
        var path: String
        var location: SourceLocation
        var isIncumbent: Bool
    }

    private var owners: [Name: Owner] = [:]
    /// What is in force already, once `settle` was called for every file.
    private var taken: Set<Name> = []

    /// Enters a file's objects: those of its present content, or of its last good one where the present has errors.
    ///
    /// Called for every file in the order of paths, before anything else.
    mutating func claim(_ decoded: DecodedDocument?, for path: String, lastGood: DecodedDocument?) {
        guard let content = decoded.flatMap({ $0.hasErrors ? nil : $0 }) ?? lastGood else { return }
        let earlier = Set((lastGood.map { Self.objects($0) } ?? []).map(\.name))
        for (name, location) in Self.objects(content) {
            let isIncumbent = earlier.contains(name)
            if let owner = owners[name], owner.isIncumbent || !isIncumbent { continue }
            owners[name] = Owner(path: path, location: location, isIncumbent: isIncumbent)
        }
    }

    /// Puts the objects of a file that is in force as it is now beyond the reach of others' last good content.
    mutating func settle(_ decoded: DecodedDocument?, of path: String) {
        guard let decoded, !decoded.hasErrors, duplicates(in: decoded, of: path).isEmpty else { return }
        taken.formUnion(Self.objects(decoded).map(\.name))
    }

    /// A finding for each object that belongs to another file.
    func duplicates(in decoded: DecodedDocument, of path: String) -> [Finding] {
        Self.objects(decoded).compactMap { name, location in
            guard let owner = owners[name], owner.path != path else { return nil }
            let message =
                switch name {
                case .policy(let id): "A policy named \(id.name) already exists in \(id.namespace ?? "the cluster")."
                case .group(let group): "A CiliumCIDRGroup named \(group) already exists."
                }
            return Finding(
                "V110",
                .error,
                message,
                at: location,
                notes: [.init("the first is here", at: owner.location)]
            )
        }
    }

    /// The objects of a last good content that are not in force from elsewhere; they are from now on.
    mutating func takeRest(of document: DecodedDocument) -> DecodedDocument {
        var rest = document
        rest.policies.removeAll { !taken.insert(.policy($0.id)).inserted }
        rest.cidrGroups.removeAll { !taken.insert(.group($0.name)).inserted }
        return rest
    }

    private static func objects(_ document: DecodedDocument) -> [(name: Name, location: SourceLocation)] {
        document.policies.map { (.policy($0.id), $0.location) }
            + document.cidrGroups.map { (.group($0.name), $0.location) }
    }
}
