// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import HTTPTypes
import Hummingbird

/// Users, groups and roles; what each may be asked by whom is `AccessService`'s to decide, once more, at the moment it acts.
struct AccessRoutes: Sendable {
    let access: AccessService

    var routes: [APIRoute] { users + groups + [roles] }

    private var roles: APIRoute {
        APIRoute(
            method: .get,
            path: "roles",
            operation: "listRoles",
            summary: "Roles and what each may do.",
            needs: .signIn,
            answer: .json(RoleList.self)
        ) { [access] _ in try JSONAnswer.response(access.roles()) }
    }

    private var users: [APIRoute] {
        let access = access
        return [
            APIRoute(
                method: .get,
                path: "users",
                operation: "listUsers",
                summary: "Users: all for who administers the server, else only who asks.",
                needs: .signIn,
                parameters: PageParameters.all,
                answer: .json(UserList.self)
            ) { try JSONAnswer.response($0.page(of: access.users(by: $0.principal))) },
            APIRoute(
                method: .get,
                path: "users/{name}",
                operation: "getUser",
                summary: "One user.",
                needs: .signIn,
                answer: .json(UserReport.self)
            ) { try JSONAnswer.response(access.user($0.path("name"), by: $0.principal)) },
            APIRoute(
                method: .post,
                path: "users",
                operation: "createUser",
                summary: "Makes a user.",
                needs: .server(.administer),
                body: UserDraft.self,
                status: .created,
                answer: .json(UserReport.self)
            ) { request in
                let user = try await access.createUser(
                    request.body(),
                    by: request.principal,
                    from: request.context.origin
                )
                return try JSONAnswer.response(user, status: .created)
            },
            APIRoute(
                method: .patch,
                path: "users/{name}",
                operation: "editUser",
                summary: "Changes a user's names and roles, disables or enables them.",
                needs: .server(.administer),
                body: UserEdit.self,
                answer: .json(UserReport.self)
            ) { request in
                try JSONAnswer.response(
                    await access.editUser(
                        request.path("name"),
                        request.body(),
                        by: request.principal,
                        from: request.context.origin
                    )
                )
            },
            .ending(
                "users/{name}",
                "deleteUser",
                "Removes a user with their sessions and tokens.",
                .server(.administer)
            ) {
                try await access.deleteUser($0.path("name"), by: $0.principal, from: $0.context.origin)
            },
            APIRoute(
                method: .put,
                path: "users/{name}/password",
                operation: "setPassword",
                summary: "Sets a password; for one's own the present one is needed. Ends the user's sessions.",
                needs: .signIn,
                body: PasswordChange.self,
                status: .noContent,
                answer: .none
            ) { request in
                _ = try await access.setPassword(
                    of: request.path("name"),
                    request.body(),
                    by: request.principal,
                    from: request.context.origin
                )
                return Response(status: .noContent)
            },
            APIRoute(
                method: .get,
                path: "users/{name}/sessions",
                operation: "listSessions",
                summary: "A user's sessions, newest first.",
                needs: .signIn,
                answer: .json(SessionList.self)
            ) { request in
                let current = request.context.session?.id
                return try JSONAnswer.response(
                    access.sessions(of: request.path("name"), by: request.principal, current: current)
                )
            },
            .ending("users/{name}/sessions/{id}", "endSession", "Ends one session.", .signIn) {
                try await access.endSessions(
                    of: $0.path("name"),
                    id: $0.path("id"),
                    by: $0.principal,
                    from: $0.context.origin
                )
            },
            .ending("users/{name}/sessions", "endSessions", "Ends all sessions of a user.", .signIn) {
                try await access.endSessions(of: $0.path("name"), by: $0.principal, from: $0.context.origin)
            },
        ]
    }

    /// Paths of groups hold slashes; they stand in the query.
    private static let path = APIParameter(
        "path",
        .text,
        "The group's path: platform/edge.",
        isRequired: true
    )

    private var groups: [APIRoute] {
        let access = access
        return [
            APIRoute(
                method: .get,
                path: "groups",
                operation: "listGroups",
                summary: "Groups by path: all for who administers the server, else the caller's own.",
                needs: .signIn,
                parameters: PageParameters.all,
                answer: .json(GroupList.self)
            ) { try JSONAnswer.response($0.page(of: access.groups(by: $0.principal))) },
            APIRoute(
                method: .post,
                path: "groups",
                operation: "createGroup",
                summary: "Makes a group.",
                needs: .server(.administer),
                body: GroupDraft.self,
                status: .created,
                answer: .json(GroupReport.self)
            ) { request in
                let group = try await access.createGroup(
                    request.body(),
                    by: request.principal,
                    from: request.context.origin
                )
                return try JSONAnswer.response(group, status: .created)
            },
            APIRoute(
                method: .patch,
                path: "group",
                operation: "editGroup",
                summary: "Changes a group's title, environments and members.",
                needs: .server(.administer),
                parameters: [Self.path],
                body: GroupEdit.self,
                answer: .json(GroupReport.self)
            ) { request in
                try JSONAnswer.response(
                    await access.editGroup(
                        request.query("path") ?? "",
                        request.body(),
                        by: request.principal,
                        from: request.context.origin
                    )
                )
            },
            .ending("group", "deleteGroup", "Removes a group.", .server(.administer), [Self.path]) {
                try await access.deleteGroup($0.query("path") ?? "", by: $0.principal, from: $0.context.origin)
            },
        ]
    }
}

extension APIRoute {
    /// A route that removes something and has nothing to say about it.
    static func ending(
        _ path: String,
        _ operation: String,
        _ summary: String,
        _ needs: Needs,
        _ parameters: [APIParameter] = [],
        _ body: @escaping @Sendable (APIRequest) async throws -> Void
    ) -> APIRoute {
        APIRoute(
            method: .delete,
            path: path,
            operation: operation,
            summary: summary,
            needs: needs,
            parameters: parameters,
            status: .noContent,
            answer: .none
        ) { request in
            try await body(request)
            return Response(status: .noContent)
        }
    }
}
