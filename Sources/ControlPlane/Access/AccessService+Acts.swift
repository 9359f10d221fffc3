// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ChangeControl

/// Something that somebody wants to do, as the audit log will name it.
struct Act: Sendable {
    var action: String
    var object: String
    /// As the audit log writes it.
    var actor: String
    /// `nil`: nobody has said who they are, or proved it.
    var principal: Principal?
    var origin: RequestOrigin
    /// The last administrator may go: only where an issuer says so.
    var mayEndAdministration = false

    init(_ action: String, on object: String, by principal: Principal, from origin: RequestOrigin) {
        self.action = action
        self.object = object
        self.principal = principal
        actor = principal.name
        self.origin = origin
    }

    /// Of somebody who is not signed in.
    init(_ action: String, on object: String, actor: String = "anonymous", from origin: RequestOrigin) {
        self.action = action
        self.object = object
        self.actor = actor
        self.origin = origin
    }

    func entry(
        at time: Int64,
        _ outcome: AuditEntry.Outcome = .success,
        detail: String? = nil,
        changes: [AuditEntry.Change] = []
    ) -> AuditEntry {
        AuditEntry(
            time: time,
            actor: actor,
            action: action,
            object: object,
            outcome: outcome,
            address: origin.address,
            client: origin.client,
            requestID: origin.requestID,
            detail: detail,
            changes: changes
        )
    }
}

/// What an act changes.
struct ActEffect: Sendable {
    var changes: [IdentityChange]
    var fields: [AuditEntry.Change] = []
    var detail: String?
}

extension AccessService {
    /// Decides and does it in one step, with its record; or records why not, and throws.
    /// - Throws: `ServiceError`, or what the stores throw.
    func perform(_ act: Act, _ decide: @escaping @Sendable (Directory, Access) throws -> ActEffect) async throws {
        let time = parts.now()
        do {
            try await parts.identities.edit { directory in
                let effect = try decide(directory, Self.access(of: act.principal, in: directory))
                let changes = try Self.completed(effect.changes, act, directory)
                let record = act.entry(at: time, detail: effect.detail, changes: effect.fields)
                return IdentityEdit(changes, records: [record])
            }
        } catch let error as ServiceError {
            try await record(act, error)
            throw error
        }
    }

    /// Records that something was refused or failed.
    func record(_ act: Act, _ error: ServiceError) async throws {
        let outcome: AuditEntry.Outcome = error.code == .notPermitted ? .denied : .failure
        try await keep(act.entry(at: parts.now(), outcome, detail: error.message))
    }

    /// Also when nobody waits for the answer any more: what was done is recorded in a task that nobody cancels.
    private func keep(_ entry: AuditEntry) async throws {
        let audit = parts.audit
        _ = try await Task { try await audit.append(entry) }.value
    }

    /// Records what somebody did elsewhere, before it is answered.
    ///
    /// For everything that changes something and is not this service's own business: policies, modes, exports.
    /// - Parameter entry: its time, actor and origin are filled in here.
    /// - Throws: `AuditLogError`; the action is to be answered as failed then.
    public func record(_ entry: AuditEntry, by principal: Principal, from origin: RequestOrigin) async throws {
        var entry = entry
        entry.time = parts.now()
        entry.actor = principal.name
        entry.address = origin.address
        entry.client = origin.client
        entry.requestID = origin.requestID
        try await keep(entry)
    }

    /// What the principal may do now: never more than when the request began.
    static func access(of principal: Principal?, in directory: Directory) -> Access {
        guard let principal else { return .none }
        return switch principal.kind {
        case .owner: principal.access
        case .user(let id): directory.access(ofUser: id).intersection(principal.access)
        case .token(let id, _):
            directory.tokens[id].map { directory.access(of: $0).intersection(principal.access) } ?? .none
        }
    }

    /// Adds what follows from changes: sessions of people whose rights change get new secrets.
    /// - Throws: `ServiceError` `conflict` when nobody could administer the server any more.
    static func completed(_ changes: [IdentityChange], _ act: Act, _ before: Directory) throws -> [IdentityChange] {
        var after = before
        for change in changes { after.apply(change) }
        if !act.mayEndAdministration, after.administrators.isEmpty, !before.administrators.isEmpty {
            throw ServiceError(
                .conflict,
                "The last administrator cannot be removed, demoted or disabled.",
                fix: "Make somebody else administrator first."
            )
        }
        var rights: [String: Bool] = [:]
        var result = changes
        for (id, old) in before.sessions where after.sessions[id] == old && !old.isRotationDue {
            let isChanged = rights[old.user] ?? (before.access(ofUser: old.user) != after.access(ofUser: old.user))
            rights[old.user] = isChanged
            guard isChanged else { continue }
            var session = old
            session.isRotationDue = true
            result.append(.saveSession(session))
        }
        return result
    }
}

extension Access {
    /// - Throws: `ServiceError` `notPermitted`, the same whatever is asked about.
    func require(_ permission: Permission, in place: Place = .server) throws {
        guard allows(permission, in: place) else {
            throw ServiceError(.notPermitted, "You may not do this.", fix: "An administrator can give you the role.")
        }
    }
}
